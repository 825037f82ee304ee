#!/usr/bin/python3
"""fields.py -- what the option 'fields' puts into records is what is in frames.

usage: fields.py FILE

Writes FILE, a capture of frames whose fields are known here, replays it as
NetFlow 9 and as IPFIX with different 'fields', and decodes the records by their
templates.  Prints what differs; exits 1 if something does.
"""
import socket
import struct
import subprocess
import sys

from scapy.all import Ether, IP, IPv6, Raw, UDP

# Ids, by IANA's registry.
NAMES = {1: "octets", 2: "packets", 7: "sport", 32: "icmp", 52: "min_ttl",
         53: "max_ttl", 56: "mac", 58: "vlan", 70: "mpls", 136: "end",
         139: "icmp", 186: "window", 197: "fragment", 243: "vlan_id",
         244: "priority", 245: "inner_vlan", 246: "inner_priority",
         520: "options"}
NAMES.update({69 + i: "mpls%d" % i for i in range(2, 11)})
MAC = dict(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")


def tcp(port, ttl, window, options=b"", cut=0, **more):
    """A frame whose TCP options are these octets."""
    assert len(options) % 4 == 0
    header = struct.pack(">HHIIBBHHH", port, 80, 1, 0,
                         (5 + len(options) // 4) << 4, 2, window, 0, 0)
    frame = Ether(**MAC) / IP(src="10.0.0.1", dst="10.0.0.2", ttl=ttl,
                              proto=6) / Raw(header + options)
    return bytes(frame), cut


def labels(frame, *labels_):
    stack = b"".join(struct.pack(">I", label << 12 | exp << 9
                                 | (i == len(labels_) - 1) << 8 | 64)
                     for i, (label, exp) in enumerate(labels_))
    return frame[:12] + b"\x88\x47" + stack + frame[14:]


def tags(frame, *tcis):
    return frame[:12] + b"".join(b"\x81\x00" + struct.pack(">H", tci)
                                 for tci in tcis) + frame[12:]


def stack(*labels_):
    """What the elements say of labels; the last one is at the bottom."""
    return {"mpls%d" % (i + 1) if i else "mpls":
            labels_[i][0] << 4 | labels_[i][1] << 1 | (i == len(labels_) - 1)
            if i < len(labels_) else 0 for i in range(10)}


def bits(*kinds):
    return sum(1 << kind for kind in kinds)


SYN = bytes.fromhex("020405b40402080a00000001000000000103030a")
FRAMES = [
    # MSS, SACK permitted, timestamps, NOP, window scale; then NOP and a
    # timestamp, with another TTL and window; then an end before another.
    tcp(1, 64, 1000, SYN),
    tcp(1, 60, 2000, bytes.fromhex("0101080a0000000100000000")),
    tcp(2, 255, 65535, bytes.fromhex("00040402")),
    # The experimental kinds are the last.
    tcp(3, 1, 1, bytes.fromhex("fe04034801010101")),
    # Lengths that lie: 0, 1, and past the header.
    tcp(4, 64, 5, bytes.fromhex("02000303")),
    tcp(5, 64, 5, bytes.fromhex("02010303")),
    tcp(6, 64, 5, bytes.fromhex("01031003")),
    # Cut within the options, and within the fixed header.
    tcp(7, 64, 5, SYN, cut=14 + 20 + 20 + 5),
    tcp(8, 64, 5, SYN, cut=14 + 20 + 14),
    # Labels, of which there are ten elements, and priorities.
    (labels(tcp(9, 64, 5)[0], (100, 5), (200, 1)), 0),
    (labels(bytes(Ether(**MAC) / IPv6(src="fd00::1", dst="fd00::2", hlim=7)
                  / UDP(sport=10, dport=53)), (16, 0)), 0),
    (labels(tcp(11, 64, 5)[0], *((i, i % 8) for i in range(16, 28))), 0),
    (tags(tcp(12, 64, 5)[0], 5 << 13 | 7), 0),
    (tags(tcp(13, 64, 5)[0], 3 << 13 | 1 << 12 | 7, 6 << 13 | 8), 0),
]
# By source port.
WANT = {
    1: dict(min_ttl=60, max_ttl=64, window=1000, options=bits(2, 4, 8, 1, 3),
            mpls=0),
    2: dict(min_ttl=255, max_ttl=255, window=65535, options=bits(0), mpls=0),
    3: dict(min_ttl=1, max_ttl=1, window=1, options=bits(254, 1), mpls=0),
    4: dict(min_ttl=64, max_ttl=64, window=5, options=bits(2), mpls=0),
    5: dict(min_ttl=64, max_ttl=64, window=5, options=bits(2), mpls=0),
    6: dict(min_ttl=64, max_ttl=64, window=5, options=bits(1, 3), mpls=0),
    7: dict(min_ttl=64, max_ttl=64, window=5, options=bits(2, 4), mpls=0),
    8: dict(min_ttl=64, max_ttl=64, window=0, options=0, mpls=0),
    9: dict(min_ttl=64, max_ttl=64, window=5, options=0,
            mpls=100 << 4 | 5 << 1),
    10: dict(min_ttl=7, max_ttl=7, window=0, options=0, mpls=16 << 4 | 1),
    11: dict(min_ttl=64, max_ttl=64, window=5, options=0, mpls=16 << 4),
    12: dict(min_ttl=64, max_ttl=64, window=5, options=0, mpls=0),
    13: dict(min_ttl=64, max_ttl=64, window=5, options=0, mpls=0),
}
STACKS = {9: stack((100, 5), (200, 1)), 10: stack((16, 0)),
          11: stack(*((i, i % 8) for i in range(16, 28)))}
PRIORITIES = {12: (5, 0), 13: (3, 6)}


def write(path):
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for i, (frame, cut) in enumerate(FRAMES):
            data = frame[:cut] if cut else frame
            f.write(struct.pack("<IIII", 1600000000, i, len(data),
                                len(frame)) + data)


def messages(path, target):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("127.0.0.1", 0))
    s.setblocking(False)
    subprocess.run(["ovspan", "replay", path, target.replace(
        "PORT", str(s.getsockname()[1]))], check=True,
        stdout=subprocess.DEVNULL)
    while True:
        try:
            yield s.recv(65536)
        except BlockingIOError:
            return


def sets(message):
    version = struct.unpack(">H", message[:2])[0]
    ofs = 20 if version == 9 else 16
    while ofs < len(message):
        id_, length = struct.unpack(">HH", message[ofs:ofs + 4])
        yield version, id_, message[ofs + 4:ofs + length]
        ofs += length


def records(path, target):
    """The ids of templates, and the records as dictionaries."""
    templates, out = {}, []
    for message in messages(path, target):
        for version, id_, data in sets(message):
            if id_ == (0 if version == 9 else 2):
                template, n = struct.unpack(">HH", data[:4])
                words = struct.unpack(">%dH" % (2 * n), data[4:4 + 4 * n])
                templates[template] = list(zip(words[::2], words[1::2]))
            elif id_ in templates:
                size = sum(length for _, length in templates[id_])
                for ofs in range(0, len(data) - size + 1, size):
                    record = {}
                    for field, length in templates[id_]:
                        record[NAMES.get(field, field)] = int.from_bytes(
                            data[ofs:ofs + length], "big")
                        ofs += length
                    out.append(record)
    return sorted(templates), out


def check(what, want, have):
    if want != have:
        print("%s: %s, not %s" % (what, have, want))
    return want == have


def main(path):
    write(path)
    ok = True
    for protocol in "netflow9", "ipfix":
        target = protocol + ":127.0.0.1:PORT"
        ids, found = records(path, target + ",fields=tcp+mpls+ttl")
        ok &= check(protocol + " ids", [512, 513], ids)
        ok &= check(protocol + " flows", len(WANT), len(found))
        for r in found:
            want = WANT[r["sport"]]
            ok &= check("%s port %d" % (protocol, r["sport"]), want,
                        {name: r[name] for name in want})
            ok &= check(protocol + " others", [], [name for name in (
                "mac", "vlan", "icmp", "end", "fragment") if name in r])
        ids, found = records(path, target + ",fields=mpls-stack+priority+mpls")
        check(protocol + " flows", len(WANT), len(found))
        for r in found:
            want = STACKS.get(r["sport"], stack())
            ok &= check("%s labels of port %d" % (protocol, r["sport"]), want,
                        {name: r[name] for name in want})
            ok &= check("%s priorities of port %d" % (protocol, r["sport"]),
                        PRIORITIES.get(r["sport"], (0, 0)),
                        (r["priority"], r["inner_priority"]))
        # One of the default ones alone, and all of them by default.
        ids, found = records(path, target + ",fields=mac")
        ok &= check(protocol + " mac", {0x020000000001},
                    {r["mac"] for r in found})
        ok &= check(protocol + " without vlan", False, "vlan" in found[0])
        ids, found = records(path, target)
        base = 256 if protocol == "netflow9" else 264
        ok &= check(protocol + " default ids", [base, base + 1], ids)
        ok &= check(protocol + " default", [True, True, False],
                    [name in found[0] for name in ("mac", "vlan", "min_ttl")])
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
