#!/usr/bin/python3
"""judge.py -- compares what a collector received with what was on the wire.

    judge.py erspan REFERENCE.pcap COLLECTOR.pcap [SESSION]
        Every inner frame that the collector received, decoded by tshark and
        Scapy, must be a frame of the reference, byte for byte, and the other
        way round; the sequence must have no holes.
    judge.py inner REFERENCE.pcap COLLECTOR.pcap SESSION
        The same of the inner frames, whatever the sequence.
    judge.py flows REFERENCE.pcap DIRECTORY
        Every flow in nfcapd's DIRECTORY, as nfdump prints it, must have the
        packets, octets, flags and ToS that tshark finds in the reference.
    judge.py streams REFERENCE.pcap FRAMES.pcap MTU
        The payload of every TCP connection and UDP flow of the reference,
        whose super-frames may be of any length, must be that of the frames,
        byte for byte; these are no longer than the MTU, and more; and tshark
        finds nothing wrong with them.

Prints what is equal; exits 1 and says what is not.  Uses no code of ovspan.
"""
import collections
import struct
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
    """Scapy's reader would cut them at 65535 bytes."""
    with open(path, "rb") as f:
        data = f.read()
    order = "<" if data[:1] in (b"\xd4", b"\x4d") else ">"
    frames, ofs = [], 24
    while ofs < len(data):
        n = struct.unpack_from(order + "8xI4x", data, ofs)[0]
        frames.append(data[ofs + 16:ofs + 16 + n])
        ofs += 16 + n
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

    received = compare_inner(reference, collector, session)
    if received != len(sequence):
        fail("%d frames by Scapy, %d by tshark" % (received, len(sequence)))
    print("%d frames equal, no holes" % len(sequence))


def judge_inner(reference, collector, session):
    print("%d frames equal" % compare_inner(reference, collector,
                                            int(session)))


def compare_inner(reference, collector, session):
    """The number of frames, all equal."""
    sent = collections.Counter(frames_of(reference))
    received = collections.Counter(inner_frames(collector, session))
    for what, extra in (("lost", sent - received),
                        ("not of the reference", received - sent)):
        if extra:
            fail("%d frames %s, the first: %s"
                 % (sum(extra.values()), what, next(iter(extra)).hex()))
    return sum(received.values())


Flow = collections.namedtuple("Flow", "packets octets flags")


def reference_flows(path):
    """{(proto, src, sport, dst, dport, tos): Flow}, for IPv4, and for IPv6
    without extension headers."""
    fields = ["ip.src", "ip.dst", "ip.proto", "ip.len", "ip.dsfield",
              "tcp.srcport", "tcp.dstport", "tcp.flags", "udp.srcport",
              "udp.dstport", "icmp.type", "icmp.code", "ip.frag_offset",
              "ipv6.src", "ipv6.dst", "ipv6.nxt", "ipv6.plen", "ipv6.tclass"]
    flows = {}
    # Each fragment counts for itself, so nothing is reassembled.
    for row in tshark(path, fields, "ip || tcp || udp",
                      ["-o", "ip.defragment:FALSE"]):
        (src, dst, proto, length, tos, tsport, tdport, flags, usport, udport,
         itype, icode, frag, src6, dst6, proto6, length6, tos6) = row
        if src6 and not src:
            src, dst, proto, tos = src6, dst6, proto6, tos6
            length = int(length6) + 40
        proto, tos = int(proto), int(tos, 0)
        # Of a tunnel, the ports inside are shown too.
        sport = int((tsport if proto == 6 else usport) or 0)
        dport = int((tdport if proto == 6 else udport) or 0)
        flags = flags if proto == 6 else ""
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


def find_l4(frame, ofs=14, kind=None):
    """(protocol, addresses and ports, transport header, payload, super) of
    the innermost packet of an Ethernet frame, or None."""
    kind = kind or int.from_bytes(frame[ofs - 2:ofs], "big")
    if kind == 0x0800:
        protocol, total = frame[ofs + 9], int.from_bytes(frame[ofs + 2:ofs + 4],
                                                         "big")
        l4, addresses = ofs + (frame[ofs] & 15) * 4, frame[ofs + 12:ofs + 20]
        end = ofs + total if total else len(frame)
    elif kind == 0x86dd:
        protocol, plen = frame[ofs + 6], int.from_bytes(frame[ofs + 4:ofs + 6],
                                                        "big")
        l4, addresses = ofs + 40, frame[ofs + 8:ofs + 40]
        end = l4 + plen if plen else len(frame)
        if protocol == 0:       # The jumbo payload option.
            protocol, l4 = frame[l4], l4 + 8
    else:
        return None
    if protocol == 6:
        data = l4 + (frame[l4 + 12] >> 4) * 4
    elif protocol == 17:
        data = l4 + 8
        if frame[l4 + 2:l4 + 4] == b"\x12\xb5":     # VXLAN.
            return find_l4(frame, data + 8 + 14)
    else:
        return None
    return (protocol, addresses + frame[l4:l4 + 4], frame[l4:data],
            frame[data:end])


def streams_of(path):
    """{flow: its payload}, the number of packets and the longest frame."""
    streams = collections.defaultdict(bytearray)
    first = {}
    n = longest = 0
    for frame in frames_of(path):
        found = find_l4(frame)
        longest = max(longest, len(frame))
        if not found:
            continue
        n += 1
        protocol, key, header, payload = found
        stream = streams[protocol, key]
        if protocol == 17:
            stream += payload
            continue
        seq = int.from_bytes(header[4:8], "big")
        seq += bool(header[13] & 2)     # A SYN takes a number.
        at = (seq - first.setdefault(key, seq)) & 0xffffffff
        if payload and at < 1 << 31:    # Not a keepalive's.
            if len(stream) < at:
                fail("a hole in %s: %d bytes, then %d at %d"
                     % (path, len(stream), len(payload), at))
            stream[at:at + len(payload)] = payload
    return streams, n, longest


WRONG_ON_CABLE = ["tcp.analysis." + what for what in (
    "retransmission", "fast_retransmission", "spurious_retransmission",
    "lost_segment", "out_of_order", "ack_lost_segment", "duplicate_ack",
    "reused_ports")]
WRONG = WRONG_ON_CABLE + [
    "_ws.malformed", "tcp.checksum.status == 0", "udp.checksum.status == 0",
    "ip.checksum.status == 0"]


def judge_streams(reference, frames, mtu):
    want, n_super, _ = streams_of(reference)
    have, n, longest = streams_of(frames)
    if want != have:
        fail("other payload: of %d flows %s bytes, not of %d flows %s"
             % (len(have), sorted(map(len, have.values())),
                len(want), sorted(map(len, want.values()))))
    if longest > int(mtu) + 14:
        fail("a frame of %d bytes" % longest)
    if n <= n_super:
        fail("%d frames from %d: there were no super-frames" % (n, n_super))
    # What the cable itself lost is not to be found where it was not.
    if tshark(reference, ["frame.number"], " || ".join(WRONG_ON_CABLE)):
        wrong = WRONG[len(WRONG_ON_CABLE):]
    else:
        wrong = WRONG
    rows = tshark(frames, ["frame.number", "_ws.expert.message"],
                  " || ".join(wrong),
                  ["-o", "tcp.check_checksum:TRUE",
                   "-o", "udp.check_checksum:TRUE",
                   "-o", "ip.check_checksum:TRUE"])
    if rows:
        fail("%d frames are wrong: %s" % (len(rows), rows[:5]))
    print("%d flows equal" % len(want))


if __name__ == "__main__":
    try:
        judge = {"erspan": judge_erspan, "flows": judge_flows,
                 "inner": judge_inner,
                 "streams": judge_streams}[sys.argv[1]]
    except (IndexError, KeyError):
        sys.exit(__doc__)
    judge(*sys.argv[2:])
