# segments.py -- is what a super-frame is cut into what Scapy would send?
#
# usage: segments.py
#
# Builds super-frames as the kernel shows them, lets "test-packet segments" cut
# them, and builds with Scapy, header by header, the frames that a TCP stack
# would have sent instead.  They must be equal, byte for byte.
#
# SPDX-License-Identifier: Apache-2.0

import random
import socket
import struct
import subprocess
import sys

from scapy.all import (Dot1AD, Dot1Q, Ether, GRE, IP, IPOption_NOP, IPv6,
                       IPv6ExtHdrDestOpt, IPv6ExtHdrHopByHop,
                       IPv6ExtHdrRouting, Jumbo, PPPoE, Raw, TCP, UDP, VXLAN,
                       raw)
from scapy.contrib.geneve import GENEVE

random.seed(1)
ETHER = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
IP4 = IP(src="10.0.0.1", dst="10.0.0.2", id=65530, flags="DF", ttl=63, tos=2)
IP6 = IPv6(src="fd00::1", dst="fd00::2", fl=0x12345, tc=2, hlim=63)
TIMES = [("NOP", None), ("NOP", None), ("Timestamp", (7, 9))]


def fold(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


def pseudo(ip, protocol, length):
    if isinstance(ip, IP):
        data = socket.inet_aton(ip.src) + socket.inet_aton(ip.dst)
    else:
        data = (socket.inet_pton(socket.AF_INET6, ip.src)
                + socket.inet_pton(socket.AF_INET6, ip.dst))
    return fold(data + struct.pack("!II", length, protocol))


def build(stack, payload, l4, index=0):
    """A frame: 'stack' is what is below the transport header 'l4'."""
    packet = None
    for layer in stack + [l4, Raw(payload)]:
        layer = layer.copy()
        if isinstance(layer, IP):
            layer.id = (layer.id + index) & 0xffff
        packet = packet / layer if packet else layer
    return packet


def super_frame(stack, l4, payload):
    """As the kernel shows it: the innermost checksum is left to the hardware,
    what is too long for a field is 0."""
    if len(payload) > 65000:
        stack = [layer.copy() for layer in stack]
        for layer in stack:
            if isinstance(layer, IP):
                layer.len = 0
            elif isinstance(layer, IPv6):
                layer.plen = 0
    ip = [layer for layer in stack if isinstance(layer, (IP, IPv6))][-1]
    l4 = l4.copy()
    l4.chksum = pseudo(ip, 6 if isinstance(l4, TCP) else 17,
                       len(raw(l4)) + len(payload))
    return raw(build(stack, payload, l4))


def segments(stack, l4, payload, size):
    frames = []
    for index, ofs in enumerate(range(0, len(payload), size)):
        part = payload[ofs:ofs + size]
        one = l4.copy()
        if isinstance(l4, TCP):
            one.seq = (l4.seq + ofs) & 0xffffffff
            if ofs:
                one.flags &= ~0x80
            if ofs + len(part) < len(payload):
                one.flags &= ~0x09
        frames.append(raw(build(stack, part, one, index)))
    return frames


def cut(line):
    done = subprocess.run(["test-packet", "segments"], input=line + "\n",
                          capture_output=True, text=True, check=True)
    return done.stdout.split()


failed = 0


def gso(frame, l4, n, size):
    """What the kernel says of a super-frame, without an MTU to guess by."""
    return "gso=%d:%d:%d" % (size, 6 if isinstance(l4, TCP) else 17,
                             len(frame) - n - len(raw(l4)))


def check(name, stack, l4, n, size, settings, link="eth", whole=None):
    """'whole': the stack of the super-frame, where it differs."""
    global failed
    payload = random.randbytes(n)
    frame = super_frame(whole or stack, l4, payload)
    want = ["%s/%d" % (f.hex(), len(f))
            for f in segments(stack, l4, payload, size)]
    have = cut("%s %s %s" % (link, settings, frame.hex()))
    told = cut("%s %s %s" % (link, gso(frame, l4, n, size), frame.hex()))
    if told != want:
        failed += 1
        print("%s: %d segments by the kernel's word" % (name, len(told)))
    if have != want:
        failed += 1
        print("%s: %d segments, not %d" % (name, len(have), len(want)))
        for h, w in zip(have, want):
            if h != w:
                print(" have %.400s\n want %.400s" % (h, w))
                break
    else:
        print("%s: %d segments" % (name, len(have)))


def tcp(**kwargs):
    return TCP(sport=1024, dport=80, seq=0xfffffff0, ack=5, window=500,
               flags="APFEC", **kwargs)


udp = UDP(sport=1025, dport=443)

check("tcp4", [ETHER, IP4], tcp(), 20000, 1460, "mtu=1500")
check("tcp4 odd", [ETHER, IP4], tcp(), 2921, 1333, "mtu=1373")
check("tcp4 of two", [ETHER, IP4], tcp(), 1461, 1460, "mtu=1500")
check("tcp4 times", [ETHER, IP4], tcp(options=TIMES), 60000, 1448, "mtu=1500")
check("tcp4 mss", [ETHER, IP4], tcp(options=TIMES), 9000, 988,
      "mtu=1500 mss=1000")
check("tcp4 mss too large", [ETHER, IP4], tcp(), 9000, 1460,
      "mtu=1500 mss=8960")
check("tcp4 options",
      [ETHER, IP(src="10.0.0.1", dst="10.0.0.2", id=1,
                 options=[IPOption_NOP()] * 4)], tcp(), 9000, 1456, "mtu=1500")
check("tcp4 vlan", [ETHER, Dot1Q(vlan=5, prio=3), IP4], tcp(), 9000, 1460,
      "mtu=1500")
check("tcp4 qinq", [ETHER, Dot1AD(vlan=9), Dot1Q(vlan=5), IP4], tcp(), 9000,
      1460, "mtu=1500")
check("tcp4 pppoe", [ETHER, PPPoE(sessionid=7), Raw(b"\0\x21"), IP4],
      tcp(), 9000, 1452, "mtu=1492")
check("tcp4 raw", [IP4], tcp(), 9000, 1460, "mtu=1500", link="raw")
check("tcp4 big", [ETHER, IP4], tcp(options=TIMES), 150000, 1448, "mtu=1500")
check("tcp6", [ETHER, IP6], tcp(), 20000, 1440, "mtu=1500")
check("tcp6 times", [ETHER, Dot1Q(vlan=6), IP6], tcp(options=TIMES), 60000,
      1428, "mtu=1500")
check("tcp6 destination options",
      [ETHER, IP6, IPv6ExtHdrDestOpt()], tcp(), 20000, 1432, "mtu=1500")
check("tcp6 big", [ETHER, IP6], tcp(options=TIMES), 150000, 1428, "mtu=1500")
check("tcp6 jumbo", [ETHER, IP6], tcp(options=TIMES), 150000, 1428,
      "mtu=1500",
      whole=[ETHER, IP6,
             IPv6ExtHdrHopByHop(options=[Jumbo(jumboplen=150040)])])
check("udp4", [ETHER, IP4], udp, 30000, 1472, "mtu=1500")
check("udp4 odd", [ETHER, IP4], udp, 5001, 1371, "mtu=1399")
check("udp6", [ETHER, IP6], udp, 30000, 1452, "mtu=1500")

OUTER4 = IP(src="192.0.2.1", dst="192.0.2.2", id=9, flags="DF")
OUTER6 = IPv6(src="2001:db8::1", dst="2001:db8::2")
check("tcp4 in vxlan4, no outer checksum",
      [ETHER, OUTER4, UDP(sport=50000, dport=4789, chksum=0),
       VXLAN(vni=77, flags=8), ETHER, IP4], tcp(options=TIMES), 60000, 1398,
      "mtu=1500")
check("tcp6 in vxlan6, outer checksum",
      [ETHER, OUTER6, UDP(sport=50000, dport=8472), VXLAN(vni=77, flags=8),
       ETHER, Dot1Q(vlan=3), IP6], tcp(), 9000, 1500 - 134, "mtu=1500")
check("udp4 in geneve4, outer checksum",
      [ETHER, OUTER4, UDP(sport=50000, dport=6081),
       GENEVE(vni=5, proto=0x6558), ETHER, IP4], udp, 9000, 1422, "mtu=1500")
check("tcp4 in gre4", [ETHER, OUTER4, GRE(proto=0x0800), IP4], tcp(), 9000,
      1436, "mtu=1500")
check("tcp4 in gretap6, key and checksum",
      [ETHER, OUTER6, GRE(proto=0x6558, key_present=1, key=7,
                          chksum_present=1), ETHER, IP4], tcp(), 9000,
      1500 - 40 - 12 - 14 - 40, "mtu=1500")
check("tcp6 in ip4", [ETHER, OUTER4, IP6], tcp(), 9000, 1420, "mtu=1500")
check("tcp4 in ip6", [ETHER, OUTER6, IP4], tcp(), 9000, 1420, "mtu=1500")
check("tcp4 in fou", [ETHER, OUTER4, UDP(sport=5, dport=5555, chksum=0),
                      IP4], tcp(), 9000, 1432, "mtu=1500")


# What stays one.
def stays(name, packet, settings="mtu=1500", link="eth"):
    global failed
    have = cut("%s %s %s" % (link, settings, bytes(packet).hex()))
    if have != ["one"]:
        failed += 1
    print("%s: %s" % (name, have[0] if have == ["one"] else len(have)))


body = Raw(bytes(5000))
stays("no mtu", super_frame([ETHER, IP4], tcp(), bytes(5000)), "mss=1460")
stays("short", super_frame([ETHER, IP4], tcp(), bytes(1460)),
      "mtu=1500 mss=500")
stays("bad checksum", ETHER / IP4 / tcp(chksum=0x1234) / body)
stays("fragment", ETHER / IP(src="10.0.0.1", dst="10.0.0.2", flags="MF")
      / tcp() / body)
stays("sctp", ETHER / IP(src="10.0.0.1", dst="10.0.0.2", proto=132) / body)
stays("icmp", ETHER / IP(src="10.0.0.1", dst="10.0.0.2", proto=1) / body)
stays("esp", ETHER / IP(src="10.0.0.1", dst="10.0.0.2", proto=50) / body)
stays("gre with a sequence", ETHER / OUTER4
      / GRE(proto=0x6558, seqnum_present=1) / ETHER / IP4 / tcp() / body)
stays("udp with a trailer", ETHER / OUTER4 / UDP(len=100) / body)
stays("a route to go", ETHER / IP6 / IPv6ExtHdrRouting(
    addresses=["fd00::9"], segleft=1) / tcp() / body)

# A whole and right checksum, as a file may have.
payload = random.randbytes(6000)
frame = raw(build([ETHER, IP4], payload, tcp()))
want = [f.hex() for f in segments([ETHER, IP4], tcp(), payload, 1460)]
have = [h.split("/")[0] for h in cut("eth mtu=1500 " + frame.hex())]
failed += have != want
print("a whole checksum: %s" % (have == want))

# What the kernel says: its word alone.
frame = bytearray(frame)
frame[50:52] = b"\x12\x34"
have = [h.split("/")[0] for h in cut("eth mtu=1500 partial "
                                     + frame.hex())]
failed += have != want
print("the kernel's word: %s" % (have == want))

# Not captured whole: all of the frames, as far as there are bytes.
frame = super_frame([ETHER, IP4], tcp(), payload)
have = cut("eth mtu=1500 snap=2000 " + frame.hex())
lengths = [(len(h.split("/")[0]) // 2, int(h.split("/")[1])) for h in have]
failed += have[0].split("/")[0] != want[0]
failed += [h[:80] for h in have] != [w[:80] for w in want]
print("snapped: %s" % lengths)
sys.exit(1 if failed else 0)
