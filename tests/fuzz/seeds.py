#!/usr/bin/python3
"""seeds.py -- inputs that fuzz targets start from.

usage: seeds.py FOLDER

Writes FOLDER/TARGET/NAME for every target, from packets that Scapy makes and
from texts.  The corpus in the tree is what libFuzzer made of these:

    seeds.py fuzz-build/found && make fuzz FUZZ_SECONDS=...
    for t in ...; do fuzz-build/tests/fuzz/fuzz --target=$t -merge=1 \\
        tests/fuzz/corpus/$t fuzz-build/found/$t; done
"""
import gzip
import os
import struct
import sys

from scapy.all import (
    ARP, CookedLinux, CookedLinuxV2, Dot1AD, Dot1Q, Ether, GRE, ICMP, IP,
    IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop,
    IPv6ExtHdrRouting, ICMPv6EchoRequest, ICMPv6ND_NS, LLC, PPP, PPPoE, Raw,
    SCTP, SNAP, STP, TCP, UDP, VXLAN, fragment, fragment6)
from scapy.contrib.mpls import MPLS
from scapy.layers.ipsec import AH, ESP

MACS = {"src": "02:00:00:00:00:01", "dst": "02:00:00:00:00:02"}
ETHERNET, RAW, SLL, SLL2 = range(4)
TCP_OPTIONS = [("MSS", 1460), ("SAckOK", b""), ("Timestamp", (1, 0)),
               ("NOP", None), ("WScale", 7)]


def packets():
    """(name, link, packet)"""
    e = Ether(**MACS)
    ip = IP(src="10.0.0.1", dst="10.0.0.2", id=7)
    ip6 = IPv6(src="fd00::1", dst="fd00::2")
    tcp = TCP(sport=1234, dport=80, flags="S", options=TCP_OPTIONS)
    udp = UDP(sport=40001, dport=40002) / Raw(b"question")
    lite = Raw(struct.pack("!HHHH", 7, 9, 0, 0) + b"lite")
    yield "tcp", ETHERNET, e / ip / tcp
    yield "tcp-data", ETHERNET, e / ip / TCP(flags="PA") / Raw(b"x" * 100)
    yield "udp", ETHERNET, e / ip / udp
    yield "udplite", ETHERNET, e / ip.copy() / lite
    yield "sctp", ETHERNET, e / ip / SCTP(sport=5, dport=6)
    yield "icmp", ETHERNET, e / ip / ICMP(type=3, code=1) / ip / udp
    yield "igmp", ETHERNET, e / IP(proto=2) / Raw(b"\x16\0\0\0\xe0\0\0\1")
    yield "options", ETHERNET, e / IP(options=b"\x94\x04\0\0") / tcp
    yield "esp", ETHERNET, e / ip / ESP(spi=1, seq=2, data=b"z" * 20)
    yield "ah", ETHERNET, e / ip / AH(nh=6, payloadlen=4, spi=1, seq=1,
                                      icv=b"i" * 12) / tcp
    yield "vxlan", ETHERNET, e / ip / UDP(dport=4789) / VXLAN(vni=3) / e / \
        ip / tcp
    yield "gre", ETHERNET, e / ip / GRE() / ip / udp
    yield "ipip", ETHERNET, e / IP(proto=4) / ip / tcp
    yield "vlan", ETHERNET, e / Dot1Q(vlan=5, prio=3) / ip / udp
    yield "qinq", ETHERNET, e / Dot1AD(vlan=7) / Dot1Q(vlan=8) / ip6 / tcp
    yield "vlans", ETHERNET, e / Dot1Q(vlan=1) / Dot1Q(vlan=2) / \
        Dot1Q(vlan=3) / ip / udp
    yield "mpls", ETHERNET, e / MPLS(label=5, s=0) / MPLS(label=6, s=1) / \
        ip / udp
    yield "mpls6", ETHERNET, Ether(**MACS, type=0x8848) / MPLS(s=1) / ip6 / udp
    yield "pppoe", ETHERNET, e / PPPoE(sessionid=1) / PPP(proto=0x21) / ip / \
        udp
    yield "pppoe6", ETHERNET, e / PPPoE(sessionid=1) / PPP(proto=0x57) / \
        ip6 / tcp
    yield "arp", ETHERNET, e / ARP()
    yield "snap", ETHERNET, Ether(**MACS, type=44) / LLC(
        dsap=0xaa, ssap=0xaa, ctrl=3) / SNAP(OUI=0, code=0x800) / ip / udp
    yield "stp", ETHERNET, Ether(**MACS, type=38) / LLC() / STP()
    yield "padding", ETHERNET, e / ip / UDP() / Raw(b"") / Raw(b"\0" * 18)
    yield "tcp6", ETHERNET, e / ip6 / tcp
    yield "udp6", ETHERNET, e / ip6 / udp
    yield "icmp6", ETHERNET, e / ip6 / ICMPv6EchoRequest(data=b"ping")
    yield "nd", ETHERNET, e / ip6 / ICMPv6ND_NS(tgt="fd00::3")
    yield "extensions", ETHERNET, e / ip6 / IPv6ExtHdrHopByHop() / \
        IPv6ExtHdrRouting(addresses=["fd00::9"]) / IPv6ExtHdrDestOpt() / tcp
    yield "ah6", ETHERNET, e / ip6 / AH(nh=17, payloadlen=4, spi=1, seq=1,
                                        icv=b"i" * 12) / udp
    yield "mobility", ETHERNET, e / IPv6(nh=135) / Raw(
        b"\x3b\0\0\0\0\0\0\0")
    yield "none", ETHERNET, e / IPv6(nh=59)
    for i, part in enumerate(fragment(ip / UDP(sport=9, dport=8) /
                                      Raw(b"f" * 60), 32)):
        yield "fragment%d" % i, ETHERNET, e / part
    big = ip6 / IPv6ExtHdrFragment(id=3) / UDP(sport=3) / Raw(b"f" * 1500)
    for i, part in enumerate(fragment6(big, 1280)):
        yield "fragment6-%d" % i, ETHERNET, e / part
    yield "raw", RAW, ip / tcp
    yield "raw6", RAW, ip6 / udp
    yield "sll", SLL, CookedLinux(pkttype=4, proto=0x800) / ip / udp
    yield "sll-vlan", SLL, CookedLinux(proto=0x8100) / Dot1Q(vlan=9) / ip6 / \
        tcp
    yield "sll2", SLL2, CookedLinuxV2(pkttype=4, proto=0x86dd) / ip6 / tcp
    yield "erspan1", ETHERNET, e / IP(proto=47) / Raw(
        b"\0\0\x88\xbe" + bytes(e / ip / udp))
    yield "erspan2", ETHERNET, e / IP(proto=47) / Raw(
        b"\x10\0\x88\xbe\0\0\0\1\x10\5\x18\7\0\0\0\1" + bytes(e / ip / udp))
    yield "erspan3", ETHERNET, e / ip6.__class__(nh=47) / Raw(
        b"\x10\0\x22\xeb\0\0\0\1\x20\5\x18\7" + b"\0" * 8 + bytes(e / ip))
    yield "gre-key", ETHERNET, e / IP(proto=47) / Raw(
        b"\x20\0\x65\x58\0\0\0\5" + bytes(e / ip))
    yield "super", ETHERNET, e / ip / TCP(flags="PA", options=TCP_OPTIONS) / \
        Raw(b"s" * 3000)
    yield "super6", ETHERNET, e / ip6 / TCP(flags="PAF") / Raw(b"s" * 3000)
    yield "super-udp", ETHERNET, e / ip / UDP() / Raw(b"s" * 3000)
    inner = e / ip / TCP(flags="PA") / Raw(b"s" * 2000)
    yield "super-vxlan", ETHERNET, e / ip / UDP(dport=4789) / VXLAN() / inner
    yield "super-geneve", ETHERNET, e / ip6 / UDP(dport=6081) / Raw(
        b"\0\0\x65\x58\0\0\1\0") / inner
    yield "super-gre", ETHERNET, e / ip / GRE(proto=0x6558) / inner
    yield "super-ipip", ETHERNET, e / Dot1Q(vlan=3) / ip / ip6 / TCP() / Raw(
        b"s" * 2000)
    yield "super-pppoe", ETHERNET, e / PPPoE(sessionid=1) / PPP(
        proto=0x21) / ip / TCP(flags="PA") / Raw(b"s" * 2000)


def frame(data, link=ETHERNET, flags=0, extra=None, direction=0):
    """A frame as fuzz_frames_read() reads it."""
    flags |= link | direction << 2
    head = b""
    if extra is not None:
        flags |= 1 << 5
        head = struct.pack("!I", extra)
    return bytes([flags]) + head + struct.pack("!H", len(data)) + data


def partial(packet):
    """The bytes with a TCP checksum that is the pseudo-header's alone."""
    from scapy.utils import checksum
    ip = packet[IP]
    raw = bytearray(bytes(packet))
    length = len(bytes(ip.payload))
    pseudo = 0xffff & ~checksum(
        bytes(ip)[12:20] + struct.pack("!BBH", 0, 6, length))
    at = len(raw) - length + 16
    raw[at:at + 2] = struct.pack("!H", pseudo)
    return bytes(raw)


def pcap(frames, linktype=1, magic=0xa1b2c3d4, endian="<"):
    out = struct.pack(endian + "IHHIIII", magic, 2, 4, 0, 0, 262144, linktype)
    for i, data in enumerate(frames):
        out += struct.pack(endian + "IIII", 1600000000 + i, i, len(data),
                           len(data) + 3) + data
    return out


def block(kind, body, endian="<"):
    body += b"\0" * (-len(body) % 4)
    size = len(body) + 12
    return (struct.pack(endian + "II", kind, size) + body
            + struct.pack(endian + "I", size))


def pcapng(frames, endian="<", interfaces=2):
    out = block(0x0a0d0d0a, struct.pack(endian + "IHHq", 0x1a2b3c4d, 1, 0,
                                        -1), endian)
    for i in range(interfaces):
        # if_tsresol: 6 or 9.
        out += block(1, struct.pack(endian + "HHIHHB3xHH", 1, 0, 65535, 9, 1,
                                    6 if i else 9, 0, 0), endian)
    for i, data in enumerate(frames):
        time = 1600000000 * (10 ** 6 if i % interfaces else 10 ** 9)
        out += block(6, struct.pack(
            endian + "IIIII", i % interfaces, time >> 32, time & 0xffffffff,
            len(data), len(data)) + data, endian)
    out += block(3, struct.pack(endian + "I", len(frames[0])) + frames[0],
                 endian)
    return out


def pcapng_of_all(frame, endian="<"):
    """Interfaces, packets and options of each kind."""
    def option(code, value):
        return (struct.pack(endian + "HH", code, len(value)) + value
                + bytes(-len(value) % 4))

    flags = option(2, struct.pack(endian + "I", 1 | 4 << 5)) + bytes(4)
    data = frame + bytes(-len(frame) % 4)
    out = block(0x0a0d0d0a, struct.pack(endian + "IHHq", 0x1a2b3c4d, 1, 2,
                                        -1), endian)
    for link, options in ((1, b""), (101, option(9, b"\x94")),
                          (113, option(13, b"\x04")), (189, option(9, b"\x03")),
                          (1, option(14, struct.pack(endian + "q", -9)))):
        out += block(1, struct.pack(endian + "HHI", link, 0, 20)
                     + option(2, b"eth0") + options, endian)
    for i in range(5):
        out += block(6, struct.pack(endian + "IIIII", i, 5, 6, len(frame),
                                    len(frame) + i) + data + flags, endian)
    out += block(2, struct.pack(endian + "HHIIII", 4, 1, 5, 6, len(frame),
                                len(frame)) + data + flags, endian)
    out += block(5, bytes(12), endian)
    return out + block(3, struct.pack(endian + "I", 60) + frame[:20], endian)


SELECTORS = """\
br0
vm1/eth0
G.V()
G.V().Has('Name', 'vm1').Out().Has('Name','eth0')
G.V().Has('Type', Within('veth', 'ovsport')).Limit(2)
G.V().HasKey('MTU').Has('MTU', Gt(1500)).Values('MTU')
G.V().Has('MTU', Inside(100, 2000)).Sort('MTU').Range(0, 1)
G.E().Has('RelationType', Ne('ownership')).Count()
G.V().Has('Name', Regex('eth[0-9]+.*')).In('Type', 'host').Dedup()
G.V().Has('Name', "eth0").ShortestPathTo(Metadata('Name', 'br0'))
G.V().As('a').Out().As('b').Select('a', 'b')
G.V('h1').Descendants(3).Or(Has('Type', 'veth'), Out())
G.V().Both().BothE().InV().OutE().OutV().Neighbors(1)
G.V().HasNot('MTU').Sum('MTU')
G.V().HasEither('Name', 'a', 'b').ValueMap().Keys()
G.V().Has('Name', 'a\\'b\\\\c').Ascendants()""".split("\n")

TARGETS = """\
erspan2:10.9.0.2
erspan2:[fd00::1],session=7,oversize=truncate,mtu=1400,ttl=5,dscp=10
erspan1:10.9.0.2,oversize=truncate
erspan3:10.9.0.2,session=1023
gre:10.9.0.2,key=0x10
netflow5:10.9.0.2:2055,engine-id=3,engine-type=1,active=10
netflow9:10.9.0.2:2055,template-interval=5
ipfix:[fd00::2]:4739
sflow:10.9.0.2:6343,header=128
pcap:/dev/null
span:p1
rspan:100
ipfix:10.9.0.2,fields=icmp+end+fragment+vlan+mac+ttl+mpls+tcp+mpls-stack+priority+biflow""".split("\n")

FILTERS = """\
tcp port 80
host 10.0.0.1 and not port 22
ip6 host fd00::1 or net 10.0.0.0/8
vlan 5 and (udp or tcp[13] & 2 != 0)
tcp[tcpflags] & (tcp-syn|tcp-fin) != 0
ether host 02:00:00:00:00:01
src or dst port http
portrange 1-1024 and greater 100
mpls 5 and ip proto 89
len > 3 and ip[2:2] = 40
host example.com
pppoes and icmp6
ether proto \\\\ip and dst net 192.168""".split("\n")

JSON = """\
{"Nodes":[{"Host":"h1","ID":"a","Metadata":{"Name":"a","Type":"host"}}]}
{"Nodes":[{"ID":"a"},{"ID":"b"}],"Edges":[{"ID":"e","Parent":"a","Child":"b",\
"Metadata":{"RelationType":"ownership"}}]}
[1, -2.5e3, true, null, "\\u00e9\\ud83d\\ude00", {}]
{"a":{"b":[[[[]]]]},"n":9223372036854775807}
"text" """.split("\n")


def attr(kind, data):
    data = data if isinstance(data, bytes) else struct.pack("=i", data)
    return struct.pack("=HH", 4 + len(data), kind) + data + \
        b"\0" * (-len(data) % 4)


def message(kind, body, seq=1, pid=0, flags=0):
    return struct.pack("=IHHII", 16 + len(body), kind, flags, seq, pid) + body


def link(index, name, *attrs, kind=16):
    return message(kind, struct.pack("=BxHiII", 0, 1, index, 0x11043, 0)
                   + attr(3, name.encode() + b"\0") + attr(4, 1500)
                   + attr(1, b"\2\0\0\0\0\1") + b"".join(attrs))


def info(kind, data=b""):
    return attr(18, attr(1, kind.encode() + b"\0") + attr(2, data))


def addr(index, data, plen, kind=20):
    return message(kind, struct.pack("=BBBBi", 2 if len(data) == 4 else 10,
                                     plen, 0, 0, index)
                   + attr(1, data) + attr(2, data))


def kernel_seeds():
    done = message(3, struct.pack("=i", 0))
    pair = [link(2, "veth0", info("veth"), attr(5, 3), attr(37, 0)),
            link(3, "vlan5", info("vlan", attr(1, b"\5\0")), attr(5, 2)),
            link(4, "bond0", info("bond", attr(1, b"\1"))),
            link(5, "p", info("openvswitch"), attr(10, 4))]
    yield "dump", [b"".join(pair), done,
                   addr(2, b"\x0a\0\0\1", 24) + addr(2, b"\xfd" * 16, 64),
                   message(3, struct.pack("=i", 0), seq=2),
                   message(88, b"\0\0\0\0" + attr(1, 0), seq=3)]
    yield "events", pair + [
        link(2, "renamed"), addr(2, b"\x0a\0\0\1", 24),
        addr(2, b"\x0a\0\0\1", 24, kind=21),
        link(2, "renamed", attr(45, 0), attr(49, 9), kind=17),
        message(88, b"\0\0\0\0" + attr(1, 0)),
        message(89, b"\0\0\0\0" + attr(1, 0)),
        link(3, "vlan5", kind=17)]
    yield "error", [message(2, struct.pack("=i", -19) + b"\0" * 16)]


def write(folder, target, name, data):
    path = os.path.join(folder, target)
    os.makedirs(path, exist_ok=True)
    with open(os.path.join(path, name), "wb") as f:
        f.write(data)


def main(folder):
    ethernet = []
    for name, kind, packet in packets():
        data = bytes(packet)
        whole = frame(data, kind, direction=1)
        write(folder, "packet", name, whole)
        write(folder, "flow", name, b"\x05\x05\x20\x08" + whole * 3)
        write(folder, "own", name, b"\0\7\2" + whole)
        if kind == ETHERNET:
            write(folder, "ovs", name, whole)
            if len(data) < 300:
                ethernet.append(data)
        if name.startswith("super"):
            for mtu, mss in (1500, 0), (1000, 400), (60, 3):
                write(folder, "segments", "%s-%d" % (name, mtu),
                      struct.pack("!HH", mtu, mss) + whole)
    snapped = b"".join(frame(d[:40], extra=len(d)) for d in ethernet[:8])
    write(folder, "packet", "snapped", snapped)
    e = Ether(**MACS) / IP(src="10.0.0.1", dst="10.0.0.2")
    sum_left = frame(partial(e / TCP() / Raw(b"data")), flags=1 << 4)
    write(folder, "packet", "partial", sum_left)
    burst = b"".join(frame(d, direction=1 + i % 2)
                     for i, d in enumerate(ethernet)) + sum_left
    for i, line in enumerate(TARGETS):
        write(folder, "target", str(i), line.encode())
        write(folder, "export", str(i), line.encode() + b"\n\x05\xdc"
              + b"\0\0\0\7\x05\xdc\x04\x00" + burst[:2000])
        write(folder, "export", "super%d" % i, line.encode() + b"\n\x05\xdc"
              + b"\0\0\0\7\x05\xdc\x04\x00" + b"".join(
                  frame(bytes(p)) for n, _, p in packets()
                  if n.startswith("super")))
        write(folder, "record", str(i), line.encode() + b"\n\x05\xdc"
              + b"\0\5\xaf\1\2\3\4" + b"\0\5\xaf\1\2\3\4" + bytes(range(250)))
    for i, line in enumerate(SELECTORS):
        write(folder, "query", str(i), line.encode())
    for i, line in enumerate(FILTERS):
        write(folder, "filter", str(i), line.encode())
    for i, line in enumerate(JSON):
        write(folder, "json", str(i), line.encode())
    some = ethernet[:5]
    for i, data in enumerate((
            pcap(some), pcap(some, endian=">"), pcap(some, magic=0xa1b23c4d),
            pcap(some, linktype=101), pcap([], linktype=147),
            pcapng(some), pcapng(some, endian=">"),
            pcap([bytes(CookedLinux() / IP())], linktype=113),
            pcap([bytes(CookedLinuxV2() / IP())], linktype=276),
            gzip.compress(pcap(some), mtime=0), pcap(some)[:-7],
            pcapng_of_all(some[0]) + pcapng_of_all(some[1], endian=">"))):
        write(folder, "file", str(i), data)
    for name, datagrams in kernel_seeds():
        write(folder, "kernel", name, b"".join(
            struct.pack("!H", len(d)) + d for d in datagrams))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
