#!/usr/bin/python3
"""offloads.py -- traffic whose segments only the kernel knows.

    offloads.py virtio TAP CABLE
        Makes the tap and joins it with the interface CABLE, as a hypervisor
        joins a guest's with its host's: super-frames pass in both directions
        as they are, each with its virtio_net_hdr.  In the background.
    offloads.py tun NAME TYPE
        Makes a tun interface of link type TYPE (ARPHRD_*), whose frames nobody
        reads.  In the background.
    offloads.py old-guest TAP
        Makes the tap, says "made" and waits for a line.  Then it sends a UDP
        datagram that the host is to make fragments of, and another one, and
        waits for the end of its input.
    offloads.py serve
        Takes TCP connections, reads all that comes, and then sends as many
        octets as its first line says.
    offloads.py talk HOST...
        Connects to each, with several segment sizes, says "connected" and
        waits for a line.  Then all of them speak, and UDP is sent in segments
        that are shorter than any MTU; one kind of them at a time.

Prints nothing else.  Uses no code of ovspan.
"""
import fcntl
import os
import select
import signal
import socket
import struct
import sys
import threading

PORT = 9000
# Of <linux/if_tun.h> and <linux/if_packet.h>.
TUNSETIFF, TUNSETLINK, TUNSETOFFLOAD = 0x400454ca, 0x400454cd, 0x400454d0
IFF_TUN, IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 1, 2, 0x1000, 0x4000
ALL_OFFLOADS = 0x0f | 0x60      # TUN_F_CSUM, TSO4, TSO6, TSO_ECN, USO4, USO6.
ETH_P_ALL = 3
SOL_PACKET, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING = 263, 15, 23
SO_RCVBUFFORCE, SO_SNDBUFFORCE = 33, 32
UDP_SEGMENT = 103
SIZES = (536, 700, 1000, None)  # TCP_MAXSEG; None: what the path allows.


def make(name, flags):
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(),
                                           flags | IFF_NO_PI))
    return fd


def go_to_background():
    if os.fork():
        os._exit(0)
    for fd in 0, 1, 2:
        os.close(fd)


def virtio(tap, cable):
    fd = make(tap, IFF_TAP | IFF_VNET_HDR)
    fcntl.ioctl(fd, TUNSETOFFLOAD, ALL_OFFLOADS)
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    s.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    s.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    for option in SO_RCVBUFFORCE, SO_SNDBUFFORCE:
        s.setsockopt(socket.SOL_SOCKET, option, 64 << 20)
    s.bind((cable, ETH_P_ALL))
    go_to_background()
    while True:
        for ready in select.select([fd, s], [], [])[0]:
            try:
                if ready == fd:
                    s.send(os.read(fd, 1 << 18))
                else:
                    os.write(fd, s.recv(1 << 18))
            except OSError:
                pass            # An end is down.


def tun(name, link_type):
    fd = make(name, IFF_TUN)
    fcntl.ioctl(fd, TUNSETLINK, int(link_type))
    go_to_background()
    signal.pause()


def old_guest(tap):
    fd = make(tap, IFF_TAP | IFF_VNET_HDR)
    print("made", flush=True)
    sys.stdin.readline()
    for n, gso_type in (4000, 3), (4, 0):       # VIRTIO_NET_HDR_GSO_UDP.
        udp = struct.pack("!4H", 1024, 9999, 8 + n, 0) + bytes(n)
        ip = struct.pack("!BBHHHBBH8B", 0x45, 0, 20 + len(udp), 1, 0, 64, 17,
                         0, 10, 1, 0, 1, 10, 1, 0, 2)
        os.write(fd, struct.pack("=BBHHHH", 1, gso_type, 42, 1480, 34, 6)
                 + bytes.fromhex("0200000000020200000000010800")
                 + ip + udp)
    sys.stdin.read()


def answer(connection):
    with connection, connection.makefile("rwb") as f:
        n = int(f.readline())
        while f.read(1 << 16):
            pass
        f.write(bytes(n))


def serve():
    s = socket.create_server(("::", PORT), family=socket.AF_INET6,
                             dualstack_ipv6=True)
    while True:
        threading.Thread(target=answer, args=[s.accept()[0]]).start()


def connect(host, size):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    s = socket.socket(family, socket.SOCK_STREAM)
    if size:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, size)
    s.connect((host, PORT))
    return s


def converse(s):
    s.sendall(b"60000\n")
    # Less than an MTU, and more than a segment.
    s.sendall(bytes(1200))
    s.sendall(bytes(60000))
    s.shutdown(socket.SHUT_WR)
    while s.recv(1 << 16):
        pass


def send_udp(host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for size in 100, 536, 800:
        s = socket.socket(family, socket.SOCK_DGRAM)
        s.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, size)
        for n in size, 3 * size, 1100, 20 * size + 1:
            s.sendto(bytes(i % 251 for i in range(n)), (host, 9999))


def talk(hosts):
    connections = [connect(host, size) for host in hosts for size in SIZES]
    print("connected", flush=True)
    sys.stdin.readline()
    for s in connections:
        converse(s)
    for s in connections:
        s.close()
    for host in hosts:
        send_udp(host)


if __name__ == "__main__":
    verb, rest = sys.argv[1], sys.argv[2:]
    {"virtio": virtio, "tun": tun, "old-guest": old_guest, "serve": serve,
     "talk": lambda *hosts: talk(hosts)}[verb](*rest)
