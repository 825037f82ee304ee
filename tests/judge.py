#!/usr/bin/python3
"""judge.py -- compares what a collector received with what was on the wire.

    judge.py erspan REFERENCE.pcap COLLECTOR.pcap [SESSION]
        Every inner frame that the collector received, decoded by tshark and
        Scapy, must be a frame of the reference, byte for byte, and the other
        way round; the sequence must have no holes.
    judge.py flows REFERENCE.pcap DIRECTORY
        Every flow in nfcapd's DIRECTORY, as nfdump prints it, must have the
        packets, octets, flags and ToS that tshark finds in the reference.

Prints what is equal; exits 1 and says what is not.  Uses no code of ovspan.
"""
import collections
import subprocess
import sys


def tshark(path, fields, display_filter=None, options=()):
    """Rows of the values of 'fields', '' where a packet has none."""
    cmd = ["tshark", "-r", path, "-T", "fields", "-E", "separator=|",
           "-E", "occurrence=f", *options]
    for field in fields:
        cmd += ["-e", field]
    if display_filter:
        cmd += ["-Y", display_filter]
    out = subprocess.run(cmd, check=True, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, text=True).stdout
    return [line.split("|") for line in out.splitlines()]


def fail(text):
    print("judge: " + text)
    sys.exit(1)


def frames_of(path):
    from scapy.utils import RawPcapReader
    reader = RawPcapReader(path)
    frames = [bytes(data) for data, _ in reader]
    reader.close()
    return frames


def inner_frames(path, session):
    """Inner frames of ERSPAN type II, reassembled by Scapy where the outer
    packets are fragments."""
    from scapy.contrib.erspan import ERSPAN
    from scapy.layers.inet import defragment
    from scapy.layers.l2 import GRE
    from scapy.utils import rdpcap
    frames = []
    for packet in defragment(rdpcap(path)):
        if GRE not in packet or ERSPAN not in packet:
            continue
        if session is None or packet[ERSPAN].session_id == session:
            frames.append(bytes(packet[ERSPAN].payload))
    return frames


def judge_erspan(reference, collector, session=None):
    want = "erspan"
    if session is not None:
        session = int(session)
        want += " && erspan.spanid == %d" % session
    rows = tshark(collector, ["gre.sequence_number", "erspan.version"], want)
    sequence = [int(row[0]) for row in rows]
    if sequence != list(range(len(sequence))):
        fail("sequence numbers are not 0, 1, 2...: %s" % sequence[:50])
    if any(int(row[1], 0) != 1 for row in rows):
        fail("not ERSPAN type II (version 1)")

    sent = collections.Counter(frames_of(reference))
    received = collections.Counter(inner_frames(collector, session))
    if sum(received.values()) != len(sequence):
        fail("%d frames by Scapy, %d by tshark"
             % (sum(received.values()), len(sequence)))
    for what, extra in (("lost", sent - received),
                        ("not of the reference", received - sent)):
        if extra:
            fail("%d frames %s, the first: %s"
                 % (sum(extra.values()), what, next(iter(extra)).hex()))
    print("%d frames equal, no holes" % len(sequence))


Flow = collections.namedtuple("Flow", "packets octets flags")


def reference_flows(path):
    """{(proto, src, sport, dst, dport, tos): Flow}, for IPv4."""
    fields = ["ip.src", "ip.dst", "ip.proto", "ip.len", "ip.dsfield",
              "tcp.srcport", "tcp.dstport", "tcp.flags", "udp.srcport",
              "udp.dstport", "icmp.type", "icmp.code", "ip.frag_offset"]
    flows = {}
    # Each fragment counts for itself, so nothing is reassembled.
    for row in tshark(path, fields, "ip", ["-o", "ip.defragment:FALSE"]):
        (src, dst, proto, length, tos, tsport, tdport, flags, usport, udport,
         itype, icode, frag) = row
        proto, tos = int(proto), int(tos, 0)
        sport = int(tsport or usport or 0)
        dport = int(tdport or udport or 0)
        if proto == 1 and itype:
            # The ports of an error are those of the packet that it quotes.
            sport, dport = 0, int(itype) * 256 + int(icode)
        if int(frag or 0):
            sport = dport = 0
        key = (proto, src, sport, dst, dport, tos)
        old = flows.get(key, Flow(0, 0, 0))
        flows[key] = Flow(old.packets + 1, old.octets + int(length),
                          old.flags | (int(flags, 0) & 0xff if flags else 0))
    return flows


FLAGS = "CEUAPRSF"              # nfdump's letters, bit 7 to bit 0.


def collected_flows(directory):
    out = subprocess.run(
        ["nfdump", "-q", "-N", "-6", "-R", directory, "-o",
         "fmt:%pr|%sa|%sp|%da|%dp|%tos|%pkt|%byt|%flg"],
        check=True, stdout=subprocess.PIPE, text=True).stdout
    flows = {}
    for line in out.splitlines():
        if "|" not in line:
            continue
        proto, src, sport, dst, dport, tos, packets, octets, flags = [
            word.strip() for word in line.split("|")]
        proto = {"ICMP": 1, "TCP": 6, "UDP": 17}.get(proto) or int(proto)
        if "." in dport:        # ICMP: type.code
            itype, icode = dport.split(".")
            dport = int(itype) * 256 + int(icode)
        key = (proto, src, int(sport), dst, int(dport), int(tos))
        bits = sum(1 << (7 - i) for i, letter in enumerate(FLAGS)
                   if letter in flags)
        old = flows.get(key, Flow(0, 0, 0))
        flows[key] = Flow(old.packets + int(packets), old.octets + int(octets),
                          old.flags | (bits if proto == 6 else 0))
    return flows


def judge_flows(reference, directory):
    want = reference_flows(reference)
    have = collected_flows(directory)
    for key in sorted(set(want) | set(have)):
        if want.get(key) != have.get(key):
            fail("flow %s: on the wire %s, at the collector %s"
                 % (key, want.get(key), have.get(key)))
    print("%d flows equal, %d packets, %d octets"
          % (len(want), sum(f.packets for f in want.values()),
             sum(f.octets for f in want.values())))


if __name__ == "__main__":
    try:
        judge = {"erspan": judge_erspan, "flows": judge_flows}[sys.argv[1]]
    except (IndexError, KeyError):
        sys.exit(__doc__)
    judge(*sys.argv[2:])
