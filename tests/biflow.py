#!/usr/bin/python3
"""biflow.py -- both ways of connections as one record (RFC 5103).

usage: biflow.py FILE OPTIONS

Writes FILE, a capture of connections that are known here, and replays it as
biflows, with OPTIONS of the target.  Decodes the records by their templates and
prints what differs; exits 1 if something does.  Leaves the messages in
FILE.ipfix, and as a capture in FILE.wire.
"""
import socket
import struct
import subprocess
import sys

from scapy.all import Dot1Q, Ether, ICMP, ICMPv6EchoReply, ICMPv6EchoRequest
from scapy.all import IP, IPv6, Raw, TCP, UDP, wrpcap

REVERSE = 29305
NAMES = {1: "octets", 2: "packets", 5: "tos", 6: "flags", 7: "sport",
         8: "src", 11: "dport", 12: "dst", 27: "src", 28: "dst", 32: "icmp",
         52: "min_ttl", 53: "max_ttl", 56: "smac", 61: "way", 80: "dmac",
         139: "icmp", 152: "start", 153: "stop", 239: "who", 243: "vlan"}
MAC = ("02:00:00:00:00:01", "02:00:00:00:00:02")


def ether(way):
    return Ether(src=MAC[way], dst=MAC[not way])


def ip(way, **more):
    hosts = "10.0.0.9", "10.0.0.1"      # Who begins has the greater address.
    return ether(way) / IP(src=hosts[way], dst=hosts[not way], **more)


def ip6(way, **more):
    hosts = "fd00::1", "fd00::2"
    return ether(way) / IPv6(src=hosts[way], dst=hosts[not way], **more)


def tcp(way, flags, size=0, client=40000, server=443, **more):
    ports = client, server
    return (ip(way, **more) / TCP(sport=ports[way], dport=ports[not way],
                                  flags=flags) / Raw(b"x" * size))


def udp(way, size=0, client=5000, server=53, net=ip):
    ports = client, server
    return (net(way) / UDP(sport=ports[way], dport=ports[not way])
            / Raw(b"x" * size))


# In order of time: seconds and frames.
FRAMES = [
    # A handshake; the ways differ in class of service, TTL and flags.
    (0.0, tcp(0, "S", ttl=60)),
    (0.1, tcp(1, "SA", ttl=50, tos=184)),
    (0.2, tcp(0, "A", ttl=60)),
    (0.3, tcp(0, "PA", 100, ttl=61, tos=2)),
    (0.4, tcp(1, "PA", 1000, ttl=50, tos=184)),
    (0.5, tcp(1, "PA", 1000, ttl=49, tos=184)),
    # The answer is seen first.
    (1.0, tcp(1, "SA", client=40001)),
    (1.1, tcp(0, "A", client=40001)),
    # Only the answers are.
    (1.2, tcp(1, "SA", client=40002)),
    (1.3, tcp(1, "A", client=40002)),
    # No handshake: the greater port, and nobody knows.
    (1.4, tcp(1, "A", 10, client=40003)),
    (1.5, tcp(0, "A", client=40003)),
    # Who speaks first; nobody answers.
    (2.0, udp(0, 10)), (2.1, udp(1, 20)), (2.2, udp(0, 10)),
    (2.3, udp(1, 7, client=5001, server=9)),
    (2.4, udp(0, 1, net=ip6)), (2.5, udp(1, 2, net=ip6)),
    # Echo, and an error, which nobody answers.
    (3.0, ip(0) / ICMP(type=8) / Raw(b"x" * 8)),
    (3.1, ip(1) / ICMP(type=0) / Raw(b"x" * 8)),
    (3.2, ip(1) / ICMP(type=3, code=3) / Raw(bytes(28))),
    (3.3, ip6(1) / ICMPv6EchoRequest()), (3.4, ip6(0) / ICMPv6EchoReply()),
    # Only the answer.
    (3.5, ip(0) / ICMP(type=14) / Raw(b"x" * 12)),
    # In a VLAN it is another connection.
    (4.0, ether(0) / Dot1Q(vlan=7) / udp(0, 10)[IP]),
    (4.1, ether(1) / Dot1Q(vlan=7) / udp(1, 20)[IP]),
    # A long one: each record has who began it, the second too, whose first
    # packet goes the other way.
    (10.0, udp(0, 1, client=6000)), (11.0, udp(1, 1, client=6000)),
    (17.0, udp(1, 2, client=6000)), (18.0, udp(0, 2, client=6000)),
]
# With directions: who begins is inside, then outside.
WAYS = [(0, udp(0)), (4, udp(1)), (4, udp(0, client=1)), (0, udp(1, client=1))]
A, B = "10.0.0.9", "10.0.0.1"
# Source, destination, ports, VLAN; who, packets, octets; on the way back.
WANT = [
    (A, B, 40000, 443, 0, 1, 3, 220, 3, 2120),
    (A, B, 40001, 443, 0, 1, 1, 40, 1, 40),
    (B, A, 443, 40002, 0, 2, 2, 80, None, None),
    (A, B, 40003, 443, 0, 0, 1, 40, 1, 50),
    (A, B, 5000, 53, 0, 1, 2, 76, 1, 48),
    (B, A, 9, 5001, 0, 1, 1, 35, None, None),
    ("fd00::1", "fd00::2", 5000, 53, 0, 1, 1, 49, 1, 50),
    (A, B, 0, 0x0800, 0, 1, 1, 36, 1, 36),
    (B, A, 0, 0x0303, 0, 1, 1, 56, None, None),
    ("fd00::2", "fd00::1", 0, 0x8000, 0, 1, 1, 48, 1, 48),
    (A, B, 0, 0x0e00, 0, 2, 1, 52, None, None),
    (A, B, 5000, 53, 7, 1, 1, 38, 1, 48),
    (A, B, 6000, 53, 0, 1, 1, 29, 1, 29),
    (A, B, 6000, 53, 0, 1, 1, 30, 1, 30),
]
FIRST = dict(start=0, stop=300, tos=0, flags=0x1a, min_ttl=60, max_ttl=61,
             smac=0x020000000001, dmac=0x020000000002)
FIRST_BACK = dict(start=100, stop=500, tos=184, flags=0x1a, min_ttl=49,
                  max_ttl=50)


def write(path):
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for seconds, frame in FRAMES:
            data = bytes(frame)
            f.write(struct.pack("<IIII", 1600000000 + int(seconds),
                                int(seconds * 1000 + 0.5) % 1000 * 1000,
                                len(data), len(data)) + data)


def write_ways(path):
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 113))
        for way, frame in WAYS:
            data = struct.pack(">HHHQ", way, 1, 6, 0) + bytes(frame)[12:]
            f.write(struct.pack("<IIII", 1600000000, 0, len(data), len(data))
                    + data)


def messages(path, options):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("127.0.0.1", 0))
    s.setblocking(False)
    subprocess.run(["ovspan", "replay", path, "ipfix:127.0.0.1:%d,%s" % (
        s.getsockname()[1], options)], check=True, stdout=subprocess.DEVNULL)
    while True:
        try:
            yield s.recv(65536)
        except BlockingIOError:
            return


def fields(data, n):
    """Of a template: (element, way back, length)."""
    out, ofs = [], 0
    while len(out) < n:
        id_, length = struct.unpack(">HH", data[ofs:ofs + 4])
        ofs += 4
        if id_ & 0x8000:
            pen, = struct.unpack(">I", data[ofs:ofs + 4])
            assert pen == REVERSE
            ofs += 4
        out.append((NAMES.get(id_ & 0x7fff, id_ & 0x7fff),
                    bool(id_ & 0x8000), length))
    assert ofs == len(data), "padding"
    return out


def keep(path, found):
    with open(path + ".ipfix", "wb") as f:
        f.write(b"".join(found))
    wrpcap(path + ".wire", [ether(0) / IP(src=B, dst=A)
                            / UDP(sport=4738, dport=4739) / Raw(m)
                            for m in found])


def records(found):
    """Each as two dictionaries; the second is None if there is no way back."""
    templates = {}
    for message in found:
        ofs = 16
        while ofs < len(message):
            id_, length = struct.unpack(">HH", message[ofs:ofs + 4])
            data = message[ofs + 4:ofs + length]
            ofs += length
            if id_ == 2:
                template, n = struct.unpack(">HH", data[:4])
                templates[template] = fields(data[4:], n)
            elif id_ in templates:
                size = sum(f[2] for f in templates[id_])
                for at in range(0, len(data) - size + 1, size):
                    ways = {}, {}
                    for name, back, octets in templates[id_]:
                        ways[back][name] = data[at:at + octets]
                        at += octets
                    yield ways[0], ways[1] or None


def number(value):
    return int.from_bytes(value, "big")


def address(value):
    return socket.inet_ntop(socket.AF_INET if len(value) == 4
                            else socket.AF_INET6, value)


def summary(there, back):
    counters = [number(way[name]) if way else None for way in (there, back)
                for name in ("packets", "octets")]
    return (address(there["src"]), address(there["dst"]),
            number(there["sport"]), number(there["dport"]),
            number(there["vlan"]), number(there["who"]), *counters)


def check(what, want, have):
    if want != have:
        print("%s: %s, not %s" % (what, have, want))
    return want == have


def values(way, want):
    base = 1600000000000
    return {name: number(way[name]) - (base if name in ("start", "stop")
                                       else 0) for name in want}


def main(path, options):
    write(path)
    sent = list(messages(path, options))
    keep(path, sent)
    found = list(records(sent))
    have = [summary(*r) for r in found]
    ok = True
    for row in sorted(set(have) | set(WANT), key=str):
        ok &= check("records %s" % (row,), WANT.count(row), have.count(row))
    for there, back in found:
        if number(there["sport"]) == 40000:
            ok &= check("there", FIRST, values(there, FIRST))
            ok &= check("back", FIRST_BACK, values(back, FIRST_BACK))
            ok &= check("keys on the way back", [], [
                name for name in back if name in ("src", "sport", "smac")])
        if number(there["dport"]) in (0x0800, 0x8000):
            ok &= check("answer", {0x0800: 0, 0x8000: 0x8100}[
                number(there["dport"])], number(back["icmp"]))
    write_ways(path)
    ok &= check("directions", [(1, 1, True), (5000, 0, True)],
                sorted((number(there["sport"]), number(there["way"]),
                        back is not None)
                       for there, back in records(messages(path, options))))
    write(path)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
