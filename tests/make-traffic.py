#!/usr/bin/python3
"""make-traffic.py -- capture files of many kinds of traffic, made by Scapy.

    make-traffic.py DIRECTORY

Writes one file for each link type, and one that was snapped.  Their packets
are of VLAN stacks, MPLS, PPPoE, IPv6 with extension headers, fragments,
tunnels, SCTP, ICMP, UDP-Lite, ESP, jumbo and super-frames, and of what is no
IP; times have gaps in which flows end, and some go back.
"""
import random
import sys

from scapy.all import (AH, ARP, CookedLinux, Dot1AD, Dot1Q, ESP, Ether, GRE,
                       ICMP, ICMPv6DestUnreach, ICMPv6EchoRequest, IP, IPv6,
                       IPv6ExtHdrDestOpt, IPv6ExtHdrFragment,
                       IPv6ExtHdrHopByHop, IPv6ExtHdrRouting, PPPoE, Raw,
                       SCTP, SCTPChunkData, TCP, UDP, VXLAN,
                       fragment, fragment6)
from scapy.contrib.mpls import MPLS
from scapy.utils import RawPcapWriter

rng = random.Random(1)
V4 = ["10.1.0.%d" % i for i in range(1, 6)]
V6 = ["fd00::%d" % i for i in range(1, 6)]
UDPLITE = 136


def data(n):
    return Raw(rng.randbytes(n))


def size():
    return rng.choice([0, 1, 5, 18, 100, 512, 1200])


def ipv4(**fields):
    src, dst = rng.sample(V4, 2)
    return IP(src=src, dst=dst, id=rng.randrange(65536),
              tos=rng.choice([0, 0, 0x10, 0xb8]),
              flags=rng.choice(["", "DF"]), **fields)


def ipv6(**fields):
    src, dst = rng.sample(V6, 2)
    return IPv6(src=src, dst=dst, tc=rng.choice([0, 0, 0x20]), **fields)


def ports():
    return {"sport": rng.choice([1024, 1025, 53]),
            "dport": rng.choice([80, 443, 4789])}


def udplite(ip):
    header = bytes([4, 0, 0, 80, 0, 8, 0, 0])
    field = {"proto": UDPLITE} if ip.version == 4 else {"nh": UDPLITE}
    return ip.__class__(bytes(ip.__class__(**{**ip.fields, **field})
                              / Raw(header + rng.randbytes(size()))))


def transport(ip):
    """One packet of some protocol on top of 'ip'."""
    kind = rng.randrange(10)
    if kind < 4:
        return ip / TCP(flags=rng.choice(["S", "SA", "A", "PA", "FA", "R",
                                          "PAEC", "AN"]), **ports()) \
            / data(size())
    if kind < 6:
        return ip / UDP(**ports()) / data(size())
    if kind == 6:
        return ip / SCTP(**ports()) / SCTPChunkData(data=rng.randbytes(size()))
    if kind == 7:
        if ip.version == 6:
            return ip / rng.choice([ICMPv6EchoRequest(data=b"x" * size()),
                                    ICMPv6DestUnreach(code=4) / data(8)])
        return ip / ICMP(type=rng.choice([0, 8, 3]), code=0) / data(size())
    if kind == 8:
        return ip / ESP(spi=1, seq=2, data=rng.randbytes(size()))
    return udplite(ip)


def extended():
    """IPv6 with extension headers in front of the transport."""
    ip = ipv6()
    for _ in range(rng.randrange(1, 4)):
        ip = ip / rng.choice([IPv6ExtHdrHopByHop(), IPv6ExtHdrDestOpt(),
                              IPv6ExtHdrRouting(addresses=[V6[0]]),
                              AH(payloadlen=4, spi=1, seq=1,
                                 icv=b"0123456789ab")])
    if rng.randrange(4) == 0:
        ip = ip / IPv6ExtHdrFragment(offset=0, m=0, id=7)       # Atomic.
    return IPv6(bytes(ip / UDP(**ports()) / data(size())))


def fragments():
    if rng.randrange(2):
        return fragment(ipv4() / UDP(**ports()) / data(4000), 1400)
    return fragment6(ipv6() / IPv6ExtHdrFragment(id=rng.randrange(1 << 32))
                     / UDP(**ports()) / data(4000), 1400)


def tunnel():
    inner = transport(ipv4())
    kind = rng.randrange(5)
    if kind == 0:
        return ipv4() / GRE() / inner
    if kind == 1:
        return ipv4(proto=4) / inner
    if kind == 2:
        return ipv6(nh=4) / inner
    if kind == 3:
        return ipv4(proto=41) / transport(ipv6())
    return ipv4() / UDP(sport=4000, dport=4789) / VXLAN(vni=5) \
        / Ether() / inner


def packets():
    """IP packets, one or several of one kind."""
    kind = rng.randrange(12)
    if kind < 5:
        return [transport(ipv4())]
    if kind < 8:
        return [transport(ipv6())]
    if kind == 8:
        return [extended()]
    if kind == 9:
        return fragments()
    if kind == 10:
        return [tunnel()]
    n = rng.choice([8900, 30000, 65000])        # Jumbo and super-frames.
    return [rng.choice([ipv4, ipv6])() / TCP(flags="A", **ports()) / data(n)]


def type_of(ip):
    return 0x0800 if ip.version == 4 else 0x86dd


def ethernet(ip):
    """A frame around 'ip', with tags and labels, maybe padded."""
    frame = Ether(src="02:00:00:00:00:%02x" % rng.randrange(4),
                  dst="02:00:00:00:01:%02x" % rng.randrange(4))
    kind = rng.randrange(10)
    if kind == 4:
        frame = frame / Dot1Q(vlan=rng.choice([0, 5, 4094]), prio=3)
    elif kind == 5:
        frame = frame / Dot1AD(vlan=7) / Dot1Q(vlan=rng.choice([5, 6]))
    elif kind == 6:
        frame = frame / Dot1AD(vlan=7) / Dot1Q(vlan=8) / Dot1Q(vlan=9)
    elif kind == 7:
        for i in range(rng.randrange(1, 4)):
            frame = frame / MPLS(label=16 + i, s=0)
        frame = frame / MPLS(label=99, s=1)
        return bytes(frame) + bytes(ip)
    elif kind == 8:
        ppp = b"\x00\x21" if ip.version == 4 else b"\x00\x57"
        ip = ppp + bytes(ip)
        return bytes(frame / PPPoE(sessionid=1, len=len(ip) & 0xffff)) + ip
    frame.lastlayer().type = type_of(ip)
    frame = bytes(frame) + bytes(ip)
    return frame + bytes(max(0, 60 - len(frame)))


def sll(ip):
    return bytes(CookedLinux(pkttype=rng.choice([0, 4]), lladdrlen=6,
                             src=b"\2\0\0\0\0\1\0\0", proto=type_of(ip))) \
        + bytes(ip)


def sll2(ip):
    return type_of(ip).to_bytes(2, "big") + bytes(2) \
        + (3).to_bytes(4, "big") + bytes([0, 1, 0, 6]) \
        + b"\2\0\0\0\0\1\0\0" + bytes(ip)


def write(path, linktype, wrap, n, snaplen=None):
    time_us = 1600000000123456
    with open(path, "wb") as f:
        writer = RawPcapWriter(f, linktype=linktype)
        writer.write_header(None)
        while n > 0:
            for ip in packets():
                # Gaps, in which flows end; sometimes time goes back a bit.
                time_us += rng.choice([1, 250, 7000, 90000])
                if rng.randrange(200) == 0:
                    time_us += rng.choice([1200000, 16000000, 70000000])
                at = time_us - rng.choice([0, 0, 0, 300])
                frame = wrap(ip)
                cut = frame[:snaplen]
                writer.write_packet(cut, sec=at // 1000000,
                                    usec=at % 1000000, caplen=len(cut),
                                    wirelen=len(frame))
                n -= 1
            if linktype == 1 and rng.randrange(50) == 0:
                frame = bytes(Ether() / ARP())
                writer.write_packet(frame, sec=time_us // 1000000,
                                    usec=time_us % 1000000,
                                    caplen=len(frame), wirelen=len(frame))
        writer.close()


def main(directory):
    write(directory + "/ethernet.pcap", 1, ethernet, 3000)
    write(directory + "/snapped.pcap", 1, ethernet, 1000, 96)
    write(directory + "/sll.pcap", 113, sll, 500)
    write(directory + "/sll2.pcap", 276, sll2, 500)
    write(directory + "/raw.pcap", 101, bytes, 500)


if __name__ == "__main__":
    main(sys.argv[1])
