"""decap.py -- packets in packets, made by Scapy.

usage: decap.py FILE LINES

Writes frames into the capture file FILE, and each as a line "eth HEX" for
"test-packet decap" into LINES.  Sent is the same UDP or TCP packet, in tunnels
of each kind, one in another, with options, keys, extension headers, tags.
"""
import struct
import sys

from scapy.all import (Dot1Q, Ether, GRE, IP, IPv6, PPP, Raw, TCP, UDP,
                       wrpcap)
from scapy.contrib.geneve import GENEVE
from scapy.layers.l2 import ARP
from scapy.layers.vxlan import VXLAN

INNER4 = (IP(src="192.0.2.1", dst="192.0.2.2") / UDP(sport=7, dport=9)
          / b"hello")
INNER6 = (IPv6(src="2001:db8::1", dst="2001:db8::2")
          / TCP(sport=70, dport=90) / b"hello")
FRAME4 = Ether(src="02:00:00:00:01:01", dst="02:00:00:00:01:02") / INNER4
FRAME6 = (Ether(src="02:00:00:00:01:01", dst="02:00:00:00:01:02")
          / Dot1Q(vlan=5) / INNER6)
ETHER = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
OUTER4 = ETHER / IP(src="10.0.0.1", dst="10.0.0.2")
OUTER6 = ETHER / IPv6(src="fd00::1", dst="fd00::2")


def udp(port, payload, outer=OUTER4):
    return outer / UDP(sport=50000, dport=port, chksum=0) / payload


def gre(proto, payload, flags=0, more=b"", outer=OUTER4):
    header = struct.pack("!HH", flags, proto) + more
    ip = outer.copy()
    if IPv6 in ip:
        ip[IPv6].nh = 47
    else:
        ip[IP].proto = 47
    return ip / Raw(header + bytes(payload))


def geneve(payload, proto, options=b"", outer=OUTER4):
    header = struct.pack("!BBHI", len(options) // 4, 0, proto, 7 << 8)
    return udp(6081, Raw(header + options + bytes(payload)), outer)


def l2tp3(more, payload):
    ip = OUTER4.copy()
    ip[IP].proto = 115
    return ip / Raw(b"\0\0\0\7" + more + bytes(payload))


PACKETS = [
    OUTER4 / INNER4,
    OUTER4 / INNER6,
    OUTER6 / INNER4,
    OUTER6 / INNER6,
    gre(0x0800, INNER4),
    gre(0x86dd, INNER6, 0x2000, b"\0\0\0\7"),
    gre(0x6558, FRAME4, 0xb000, b"\0\0\0\0" b"\0\0\0\7" b"\0\0\0\1"),
    gre(0x6558, FRAME6, outer=OUTER6),
    gre(0x88be, FRAME4, 0x1000, b"\0\0\0\1" b"\x10\0\0\7\0\0\0\1"),
    gre(0x88be, FRAME4),
    gre(0x22eb, FRAME4, 0x1000,
        b"\0\0\0\1" b"\x20\0\0\7\0\0\0\1\0\0\0\0"),
    gre(0x880b, PPP(proto=0x21) / INNER4, 0x3001,
        struct.pack("!HH", len(INNER4) + 2, 7) + b"\0\0\0\1"),
    gre(0x6400, FRAME4, 0x2001, struct.pack("!H", len(FRAME4)) + b"\7\0"),
    udp(4789, VXLAN(vni=7, flags="Instance") / FRAME4),
    udp(8472, VXLAN(vni=7, flags="Instance") / FRAME6),
    udp(4790, Raw(b"\x0c\0\0\1\0\0\7\0" + bytes(INNER4))),
    udp(4790, Raw(b"\x0c\0\0\4\0\0\7\0" b"\x0f\xc2\2\2\0\0\1\1"
                  + bytes(INNER6))),
    geneve(FRAME4, 0x6558),
    geneve(FRAME4, 0x6558, b"\1\2\x80\1abcd", OUTER6),
    geneve(INNER4, 0x0800, b"\1\2\0\2abcdefgh"),
    udp(2152, Raw(struct.pack("!BBHI", 0x30, 255, len(INNER4), 7)
                  + bytes(INNER4))),
    udp(2152, Raw(struct.pack("!BBHIHBB", 0x34, 255, len(INNER6) + 8, 7,
                              0, 0, 0x85) + b"\1\0\7\0" + bytes(INNER6))),
    udp(1701, Raw(struct.pack("!HHH", 2, 7, 8) + b"\xff\3\0\x21"
                  + bytes(INNER4))),
    udp(1701, Raw(struct.pack("!HHHHHHH", 0x4a02, 18 + len(INNER4), 7, 8, 1, 1,
                              0) + b"\xff\3\0\x21" + bytes(INNER4))),
    OUTER4 / IP(src="172.16.0.1", dst="172.16.0.2") / GRE() / INNER4,
    udp(4789, VXLAN(vni=7, flags="Instance")
        / gre(0x6558, udp(6081, GENEVE(vni=7, proto=0x6558) / FRAME6))),
    # No packet inside: the tunnel counts.
    udp(4789, VXLAN(vni=7, flags="Instance") / ETHER / ARP()),
    gre(0x0806, ARP()),
    udp(2152, Raw(struct.pack("!BBHI", 0x32, 1, 4, 0) + b"\0\0\0\0")),
    # With and without a cookie, which only the tunnel's ends know of.
    l2tp3(b"", FRAME4),
    l2tp3(b"\0\0\0\0", FRAME4),
]

wrpcap(sys.argv[1], PACKETS)
with open(sys.argv[2], "w") as lines:
    for packet in PACKETS:
        lines.write("eth decap=8 %s\n" % bytes(packet).hex())
