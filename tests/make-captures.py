#!/usr/bin/python3
"""make-captures.py -- capture files of many kinds, for exact.py.

usage: make-captures.py FOLDER

Writes files whose every packet is right into FOLDER/good, made of the packets
of fuzz/seeds.py, and files that are torn, damaged or absurd into FOLDER/bad.
"""
import gzip
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "fuzz"))
from seeds import ETHERNET, RAW, SLL, SLL2, block, packets, pcapng  # noqa

LINKTYPES = {ETHERNET: 1, RAW: 101, SLL: 113, SLL2: 276}
YEAR = 365 * 86400


def pcap(records, linktype=1, magic=0xa1b2c3d4, endian="<", snaplen=262144):
    """'records' are (seconds, fraction, bytes, length on the wire)."""
    out = struct.pack(endian + "IHHiIII", magic, 2, 4, 0, 0, snaplen,
                      linktype)
    for seconds, fraction, data, length in records:
        out += struct.pack(endian + "IIII", seconds, fraction, len(data),
                           length) + data
    return out


def records(datas, step=1, start=1600000000, snap=None):
    return [(start + i * step, i * 1001 % 1000000, data[:snap], len(data))
            for i, data in enumerate(datas)]


def good():
    # What tshark takes apart in another way than as flows, and doubts.
    made = [(name, link, bytes(packet)) for name, link, packet in packets()
            if name not in ("udplite", "mobility", "erspan3")]
    ethernet = [data for _, link, data in made if link == ETHERNET]
    yield "ethernet.pcap", pcap(records(ethernet * 3))
    yield "big-endian.pcap", pcap(records(ethernet), endian=">")
    yield "nanoseconds.pcap", pcap(records(ethernet), magic=0xa1b23c4d)
    yield "ethernet.pcap.gz", gzip.compress(pcap(records(ethernet)), mtime=0)
    yield "two-members.pcap.gz", b"".join(
        gzip.compress(part, mtime=0) for part in (
            pcap(records(ethernet))[:1000], pcap(records(ethernet))[1000:]))
    for link, name in (RAW, "raw"), (SLL, "sll"), (SLL2, "sll2"):
        yield name + ".pcap", pcap(records(
            [data for _, kind, data in made if kind == link] * 5),
            LINKTYPES[link])
    yield "interfaces.pcapng", pcapng(ethernet)
    yield "big-endian.pcapng", pcapng(ethernet, endian=">")
    yield "snapped.pcap", pcap(records(ethernet, snap=96), snaplen=96)
    backwards = records(ethernet * 2)
    yield "backwards.pcap", pcap(backwards[::-1])
    yield "shuffled.pcap", pcap(backwards[::3] + backwards[1::3]
                                + backwards[2::3])
    yield "gaps.pcap", pcap(records(ethernet, step=YEAR // 10,
                                    start=1000000000))
    yield "empty.pcap", pcap([])
    for name, _, data in made:
        if name in ("super", "super6", "vlans", "qinq", "mpls", "pppoe"):
            yield name + ".pcap", pcap(records([data] * 70))


def bad():
    e = [bytes(packet) for _, link, packet in packets() if link == ETHERNET]
    whole = pcap(records(e))
    # Between two packets a cut cannot be told from the end.
    for i, cut in enumerate((1, 23, 30, 41, 77, len(whole) - 1)):
        yield "torn%d.pcap" % i, whole[:cut]
    ng = pcapng(e)
    yield "torn.pcapng", ng[:len(ng) // 2 + 1]
    yield "torn.pcap.gz", gzip.compress(whole, mtime=0)[:-100]
    packed = bytearray(gzip.compress(whole, mtime=0))
    packed[len(packed) // 2] ^= 0x55
    yield "damaged.pcap.gz", bytes(packed)
    yield "huge-packet.pcap", pcap([]) + struct.pack(
        "<IIII", 1, 1, 0xfffffff0, 0xfffffff0) + b"x" * 100
    yield "huge-block.pcapng", ng + struct.pack("<II", 6, 0xfffffff0)
    yield "no-interface.pcapng", pcapng(e, interfaces=1)[:28] + block(
        6, struct.pack("<IIIII", 7, 0, 0, 4, 4) + b"abcd")
    yield "nothing", b""
    yield "noise", bytes(i * 7919 >> 3 & 255 for i in range(3000))


def main(folder):
    for kind, files in ("good", good()), ("bad", bad()):
        os.makedirs(os.path.join(folder, kind))
        for name, data in files:
            with open(os.path.join(folder, kind, name), "wb") as f:
                f.write(data)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
