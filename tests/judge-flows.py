#!/usr/bin/python3
"""judge-flows.py -- compares the flows of a collector with those of a file.

    judge-flows.py [--live] FILE.pcap DIRECTORY netflow5|netflow9|ipfix
    judge-flows.py [--live] FILE.pcap FILE.json json

Every flow of the capture file must be in nfcapd's DIRECTORY, as nfdump prints
it, with its packets, octets, TCP flags, first and last time to the
millisecond, VLAN and MAC addresses, and no other; NetFlow 5 has no IPv6, VLANs
and MACs.  Of a target of type json FILE.json has the objects, with times to
the microsecond.  With --live the file is another program's record of the same
packets, and a time may differ by a millisecond (1000 us): the kernel reads the clock for
each socket by itself, microseconds apart, so on two sides of one now and then.

Reads the file by itself, knows of no code of ovspan.  Prints what is equal;
exits 1 and says what is not.
"""
import collections
import datetime
import json
import re
import socket
import struct
import subprocess
import sys

VLAN_TYPES = 0x8100, 0x88a8, 0x9100
EXTENSIONS = 0, 43, 44, 51, 60, 135
TCP, UDP, ICMP, ICMPV6, SCTP, UDPLITE = 6, 17, 1, 58, 132, 136


class Skip(Exception):
    """Not a packet for a flow: no IP, or a header that lies or is cut."""


def need(data, n):
    if len(data) < n:
        raise Skip


def read_frames(path):
    """(link type, time in us, bytes, length on the wire) of each frame."""
    from scapy.utils import RawPcapNgReader, RawPcapReader
    reader = RawPcapReader(path)
    ng = isinstance(reader, RawPcapNgReader)
    for data, meta in reader:
        if ng:
            time_us = ((meta.tshigh << 32 | meta.tslow) * 1000000
                       // meta.tsresol)
            yield meta.linktype, time_us, bytes(data), meta.wirelen
        else:
            fraction = meta.usec // (1000 if reader.nano else 1)
            yield (reader.linktype, meta.sec * 1000000 + fraction,
                   bytes(data), meta.wirelen)
    reader.close()


def strip_link(link, data, wire):
    """(MACs, VLANs, what IP begins, its length on the wire)."""
    macs, vlans = ("00:00:00:00:00:00",) * 2, []
    if link == 1:
        need(data, 14)
        macs = data[6:12].hex(":"), data[0:6].hex(":")
        kind, ofs = struct.unpack_from(">H", data, 12)[0], 14
    elif link == 113:
        need(data, 16)
        kind, ofs = struct.unpack_from(">H", data, 14)[0], 16
    elif link == 276:
        need(data, 20)
        kind, ofs = struct.unpack_from(">H", data, 0)[0], 20
    elif link in (12, 101):
        return macs, vlans, data, wire
    else:
        sys.exit("judge: link type %d" % link)
    while kind in VLAN_TYPES:
        need(data, ofs + 4)
        tci, kind = struct.unpack_from(">HH", data, ofs)
        vlans.append(tci & 0xfff)
        ofs += 4
    end = wire
    if kind in (0x8847, 0x8848):
        while True:
            need(data, ofs + 4)
            ofs += 4
            if data[ofs - 2] & 1:
                break
    elif kind == 0x8864:
        need(data, ofs + 8)
        _, code, _, length, proto = struct.unpack_from(">BBHHH", data, ofs)
        if code or proto not in (0x21, 0x57) or length > wire - ofs - 6:
            raise Skip
        end = ofs + 6 + length
        ofs += 8
    elif kind not in (0x0800, 0x86dd):
        raise Skip
    return macs, vlans, data[ofs:end], end - ofs


def strip_ipv4(data, wire):
    need(data, 20)
    header, length = (data[0] & 15) * 4, struct.unpack_from(">H", data, 2)[0]
    if not length and wire > 65535:
        length = wire
    if data[0] >> 4 != 4 or header < 20 or not header <= length <= wire:
        raise Skip
    frag = struct.unpack_from(">H", data, 6)[0]
    return (socket.inet_ntop(socket.AF_INET, data[12:16]),
            socket.inet_ntop(socket.AF_INET, data[16:20]), data[9], data[1],
            length, frag & 0x1fff, bool(frag & 0x3fff),
            data[header:length], length - header)


def strip_ipv6(data, wire):
    need(data, 40)
    length = 40 + struct.unpack_from(">H", data, 4)[0]
    if data[0] >> 4 != 6 or length > wire:
        raise Skip
    proto, ofs, offset, fragment = data[6], 40, 0, False
    while proto in EXTENSIONS and not offset:
        if length < ofs + 8:
            raise Skip
        if len(data) < ofs + 8:
            break
        size = (data[ofs + 1] + 1) * 8
        if proto == 51:
            size = (data[ofs + 1] + 2) * 4
        elif proto == 44:
            size = 8
            frag = struct.unpack_from(">H", data, ofs + 2)[0]
            offset, fragment = frag >> 3, bool(frag & 0xfff9)
        if length < ofs + size:
            raise Skip
        if len(data) < ofs + size and not offset:
            break               # Cut: the protocol is that of this header.
        proto = data[ofs]
        ofs += size
    return (socket.inet_ntop(socket.AF_INET6, data[8:24]),
            socket.inet_ntop(socket.AF_INET6, data[24:40]), proto,
            (data[0] << 4 | data[1] >> 4) & 255, length, offset, fragment,
            data[ofs:length], length - ofs)


def transport(proto, data, wire, fragment):
    """(source port, destination port, TCP flags)."""
    least = {TCP: 20, UDP: 8, UDPLITE: 8, SCTP: 12, ICMP: 8, ICMPV6: 4}
    if proto not in least:
        return 0, 0, 0
    if wire < (least[proto] if not fragment
               else 2 if proto in (ICMP, ICMPV6) else 4):
        raise Skip
    if proto in (ICMP, ICMPV6):
        return 0, struct.unpack_from(">H", data)[0] if len(data) > 1 else 0, 0
    if len(data) < 4:
        return 0, 0, 0
    sport, dport = struct.unpack_from(">HH", data)
    flags = 0
    if proto == TCP and len(data) >= 14:
        header = (data[12] >> 4) * 4
        if header < 20 or (header > wire and not fragment):
            raise Skip
        flags = data[13]
    if proto in (UDP, UDPLITE) and len(data) >= 8:
        length = struct.unpack_from(">H", data, 4)[0]
        if ((length < 8 and not (length == 0 and proto == UDPLITE))
                or (length > wire and not fragment)):
            raise Skip
    return sport, dport, flags


class Flow:
    """The sum of the packets, or of the records, of one key."""

    def __init__(self):
        self.packets = self.octets = self.flags = 0
        self.first, self.last = float("inf"), 0
        self.macs = set()

    def add(self, packets, octets, flags, first, last, macs):
        self.packets += packets
        self.octets += octets
        self.flags |= flags
        self.macs.add(macs)
        self.first, self.last = min(self.first, first), max(self.last, last)

    def equals(self, other, slack):
        return ((self.packets, self.octets, self.flags)
                == (other.packets, other.octets, other.flags)
                and abs(self.first - other.first) <= slack
                and abs(self.last - other.last) <= slack)

    def __str__(self):
        return ("%d packets, %d octets, flags %#x, %d - %d"
                % (self.packets, self.octets, self.flags, self.first,
                   self.last))


def flows_of_file(path, version5, unit):
    """Flows, with times in units of so many us, and how many frames there were
    that are in none."""
    flows, skipped = collections.defaultdict(Flow), 0
    for link, time_us, data, wire in read_frames(path):
        try:
            wire = max(wire, len(data))
            macs, vlans, ip, wire = strip_link(link, data, wire)
            need(ip, 1)
            strip = {4: strip_ipv4, 6: strip_ipv6}.get(ip[0] >> 4)
            if not strip:
                raise Skip
            (src, dst, proto, tos, length, offset, fragment, rest,
             wire) = strip(ip, wire)
            sport, dport, flags = ((0, 0, 0) if offset else
                                   transport(proto, rest, wire, fragment))
        except Skip:
            skipped += 1
            continue
        if version5 and ip[0] >> 4 == 6:
            continue
        vlan = vlans[0] if vlans and not version5 else 0
        key = proto, src, sport, dst, dport, tos, vlan
        time = time_us // unit
        flows[key].add(1, length, flags, time, time, macs)
    return flows, skipped


FLAGS = "CEUAPRSF"              # nfdump's letters, bit 7 to bit 0.


def to_ms(text):
    at = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f")
    return round(at.replace(tzinfo=datetime.timezone.utc).timestamp() * 1000)


def flows_of_collector(directory):
    out = subprocess.run(["nfdump", "-q", "-R", directory, "-o", "json"],
                         check=True, stdout=subprocess.PIPE, text=True,
                         env={"TZ": "UTC", "PATH": "/usr/bin:/bin"}).stdout
    flows = collections.defaultdict(Flow)
    # With -q, the objects of an array without its brackets.
    for r in json.loads("[" + out + "]"):
        proto = r["proto"]
        dport = r.get("dst_port", 0)
        if "icmp_type" in r:
            dport = r["icmp_type"] * 256 + r["icmp_code"]
        key = (proto, r.get("src4_addr") or r["src6_addr"],
               r.get("src_port", 0), r.get("dst4_addr") or r["dst6_addr"],
               dport, r["src_tos"], r.get("src_vlan", 0))
        flags = sum(1 << (7 - i) for i, letter in enumerate(FLAGS)
                    if letter in r.get("tcp_flags", ""))
        flows[key].add(r["in_packets"], r["in_bytes"],
                       flags if proto == TCP else 0, to_ms(r["first"]),
                       to_ms(r["last"]),
                       (r.get("in_src_mac"), r.get("in_dst_mac")))
    return flows


def ns_to_us(text):
    """Of "2020-09-13T12:26:40.000001000Z"."""
    whole, fraction = re.fullmatch(
        r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{9})Z", text).groups()
    at = datetime.datetime.strptime(whole + "+0000", "%Y-%m-%dT%H:%M:%S%z")
    return round(at.timestamp()) * 1000000 + int(fraction) // 1000


def flows_of_objects(path):
    flows = collections.defaultdict(Flow)
    for line in open(path):
        r = json.loads(line)
        v = "IPv%d" % r["ipVersion"]
        key = (r["protocolIdentifier"], r["source%sAddress" % v],
               r.get("sourceTransportPort", 0),
               r["destination%sAddress" % v],
               r.get("destinationTransportPort",
                     r.get("icmpTypeCode" + v, 0)),
               r["ipClassOfService"], r.get("dot1qVlanId", 0))
        flows[key].add(r["packetDeltaCount"], r["octetDeltaCount"],
                       r.get("tcpControlBits", 0) & 255,
                       ns_to_us(r["flowStartNanoseconds"]),
                       ns_to_us(r["flowEndNanoseconds"]),
                       (r.get("sourceMacAddress", "00:00:00:00:00:00"),
                        r.get("destinationMacAddress", "00:00:00:00:00:00")))
    return flows


def main(slack_ms, path, at, protocol):
    version5 = protocol == "netflow5"
    unit = 1 if protocol == "json" else 1000
    slack = slack_ms * 1000 // unit
    want, skipped = flows_of_file(path, version5, unit)
    have = (flows_of_objects(at) if protocol == "json"
            else flows_of_collector(at))
    for key in sorted(set(want) | set(have)):
        a, b = want.get(key), have.get(key)
        if not a or not b or not a.equals(b, slack):
            sys.exit("judge: flow %s: in the file %s, at the collector %s"
                     % (key, a, b))
        # A record has those of its first packet.
        if not version5 and not b.macs <= a.macs:
            sys.exit("judge: flow %s: MACs %s in the file, %s at the "
                     "collector" % (key, a.macs, b.macs))
    print("%d flows equal, %d packets, %d octets; %d frames in none"
          % (len(want), sum(f.packets for f in want.values()),
             sum(f.octets for f in want.values()), skipped))


if __name__ == "__main__":
    live = sys.argv[1:2] == ["--live"]
    if len(sys.argv) != 4 + live:
        sys.exit(__doc__)
    main(int(live), *sys.argv[1 + live:])
