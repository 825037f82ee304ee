#!/usr/bin/env python3
"""name-server -- answer for names of a file, and keep a list of questions.

usage: name-server ADDRESS FILE LOG

Each line of FILE is a name and its addresses; it is read again for each
question.  A name of "silent.test" gets no answer at all, others that are not
there do not exist.  LOG gets a line, "NAME TYPE", for each question.
"""
import ipaddress
import socket
import sys

TYPES = {1: 'A', 28: 'AAAA'}


def question(data):
    """The name, the type, and where the question ends."""
    labels, ofs = [], 12
    while data[ofs]:
        labels.append(data[ofs + 1:ofs + 1 + data[ofs]].decode())
        ofs += 1 + data[ofs]
    return '.'.join(labels), int.from_bytes(data[ofs + 1:ofs + 3],
                                            'big'), ofs + 5


def answer(data, path, log):
    name, kind, end = question(data)
    print(name, TYPES.get(kind, kind), file=log, flush=True)
    if name.endswith('silent.test'):
        return None
    known = {line.split()[0]: line.split()[1:] for line in open(path)}
    records = [ipaddress.ip_address(a) for a in known.get(name, [])]
    records = [a for a in records if TYPES.get(kind) ==
               ('A' if a.version == 4 else 'AAAA')]
    flags = 0x8180 if name in known else 0x8183
    reply = data[:2] + flags.to_bytes(2, 'big') + b'\0\1'
    reply += len(records).to_bytes(2, 'big') + bytes(4) + data[12:end]
    for a in records:
        reply += (b'\xc0\x0c' + kind.to_bytes(2, 'big') + b'\0\1\0\0\0\0'
                  + len(a.packed).to_bytes(2, 'big') + a.packed)
    return reply


def main(address, path, log):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((address, 53))
    with open(log, 'w') as log:
        while True:
            data, peer = sock.recvfrom(4096)
            reply = answer(data, path, log)
            if reply:
                sock.sendto(reply, peer)


if __name__ == '__main__':
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
