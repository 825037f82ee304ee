#!/usr/bin/python3
"""exact.py -- what collectors got of a replayed file equals what is in it.

usage: exact.py [--strict] FILE...

For each capture file: 'ovspan replay' sends its flows as NetFlow 5, NetFlow 9
and IPFIX to three nfcapd on the loopback device, and what nfdump prints of
them is compared, flow by flow, with what tshark finds in the file: packets,
octets, first and last time, TCP flags.  The totals that replay prints must add
up, twice the same file must give the same datagrams, and a file that tshark
cannot read to its end must be an error.

Packets on which tshark says that a length or a header is wrong are left to
replay: they may be 'malformed' there, or counted.  With --strict there must be
none.  Prints a line a file; exits 1 if one differs.  Uses no code of ovspan.
"""
import collections
import datetime
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

LINKS = {"Ethernet", "Raw IP", "Raw IPv4", "Raw IPv6",
         "Linux cooked-mode capture v1", "Linux cooked-mode capture v2"}
FIELDS = """frame.time_epoch frame.len frame.cap_len frame.protocols vlan.id
ip.src ip.dst ip.proto ip.len ip.dsfield ip.frag_offset ip.flags.mf
ip.hdr_len ipv6.src ipv6.dst ipv6.plen ipv6.nxt ipv6.tclass
ipv6.hopopts.nxt ipv6.routing.nxt ipv6.fraghdr.nxt ipv6.fraghdr.offset
ipv6.dstopts.nxt ah.next_header mip6.proto tcp.srcport tcp.dstport
tcp.flags udp.srcport udp.dstport sctp.srcport sctp.dstport icmp.type
icmp.code icmpv6.type icmpv6.code _ws.malformed _ws.expert.message
udp.length tcp.hdr_len ieee8021ad.id""".split()
EXTENSIONS = {0: "ipv6.hopopts.nxt", 43: "ipv6.routing.nxt",
              44: "ipv6.fraghdr.nxt", 60: "ipv6.dstopts.nxt",
              51: "ah.next_header", 135: "mip6.proto"}
DOUBT = re.compile(r"[Bb]ogus|length (value )?\S+ > IP payload|exceeds packet"
                   r"|less than|Bad length|header length|too short")
PORTS = {6: "tcp", 17: "udp", 136: "udp", 132: "sctp"}
TSHARK_OPTIONS = """ip.defragment:FALSE ipv6.defragment:FALSE
ip.tso_support:TRUE tcp.desegment_tcp_streams:FALSE ip.check_checksum:FALSE
tcp.check_checksum:FALSE udp.check_checksum:FALSE
tcp.analyze_sequence_numbers:FALSE sctp.reassembly:FALSE""".split()

Flow = collections.namedtuple("Flow", "packets octets flags first last")


def number(text):
    return int(text, 0) if text else 0


class Packet:
    """What tshark says of a frame, as far as flows are made of it."""

    def __init__(self, row):
        self.row = {name: value.split(",") if value else []
                    for name, value in zip(FIELDS, row)}
        self.key = None
        # The simple packets of pcapng have no time.
        time_ns = (self.row["frame.time_epoch"] or ["0.000000000"])[0]
        self.ms = int(time_ns.replace(".", "")) // 1000000
        self.snapped = (self.get("frame.cap_len", int)
                        < self.get("frame.len", int))
        self.doubtful = bool(self.row["_ws.malformed"]) or DOUBT.search(
            ",".join(self.row["_ws.expert.message"])) is not None
        protocols = ":".join(self.row["frame.protocols"]).split(":")
        network = [p for p in protocols if p in ("ip", "ipv6")][:1]
        if network == ["ip"]:
            self.ipv4()
        elif network == ["ipv6"]:
            self.ipv6()

    def get(self, name, kind=number):
        values = self.row[name]
        return kind(values[0]) if values else 0

    def vlans(self):
        ids = ([number(v) for v in self.row["ieee8021ad.id"]]
               + [number(v) for v in self.row["vlan.id"]])
        return tuple((ids + [0, 0])[:2])

    def ipv4(self):
        later = self.get("ip.frag_offset") > 0
        self.octets = self.get("ip.len")
        self.finish(self.get("ip.src", str), self.get("ip.dst", str),
                    self.get("ip.proto"), self.get("ip.dsfield"), later)

    def ipv6(self):
        chain = {key: list(self.row[name])
                 for key, name in EXTENSIONS.items()}
        proto, later = self.get("ipv6.nxt"), False
        while chain.get(proto):
            fragment = proto == 44
            proto = number(chain[proto].pop(0))
            if fragment and self.get("ipv6.fraghdr.offset"):
                later = True
                break
        self.octets = 40 + self.get("ipv6.plen")
        self.finish(self.get("ipv6.src", str), self.get("ipv6.dst", str),
                    proto, self.get("ipv6.tclass"), later)

    def finish(self, src, dst, proto, tos, later):
        sport = dport = self.flags = 0
        if later:
            pass
        elif proto in PORTS:
            sport = self.get(PORTS[proto] + ".srcport")
            dport = self.get(PORTS[proto] + ".dstport")
            self.flags = self.get("tcp.flags") & 0xff if proto == 6 else 0
        elif proto in (1, 58):
            name = "icmp" if proto == 1 else "icmpv6"
            dport = (self.get(name + ".type") * 256
                     + self.get(name + ".code"))
        if not src or not dst:
            self.doubtful = True
            return
        self.key = (proto, canonical(src), sport, canonical(dst), dport, tos)


def canonical(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return socket.inet_ntop(family, socket.inet_pton(family, address))


def read_file(path):
    """The packets of a file, and whether tshark reached its end."""
    cmd = ["tshark", "-n", "-r", path, "-T", "fields", "-E", "separator=|",
           "-E", "occurrence=a"]
    for option in TSHARK_OPTIONS:
        cmd += ["-o", option]
    for field in FIELDS:
        cmd += ["-e", field]
    run = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         text=True, errors="replace")
    packets = [Packet(line.split("|")) for line in run.stdout.split("\n")
               if line.count("|") >= len(FIELDS) - 1]
    return packets, run.returncode == 0, run.stderr


def flows_of(packets, ipv6=True):
    flows = {}
    for p in packets:
        if p.key and (ipv6 or ":" not in p.key[1]):
            old = flows.get(p.key, Flow(0, 0, 0, 1 << 62, -1))
            flows[p.key] = Flow(old.packets + 1, old.octets + p.octets,
                                old.flags | p.flags, min(old.first, p.ms),
                                max(old.last, p.ms))
    return flows


LETTERS = "CEUAPRSF"             # nfdump's, bit 7 to bit 0.
NAMES = {}
with open("/etc/protocols") as protocols_file:
    for protocol_line in protocols_file:
        words = protocol_line.split("#")[0].split()
        for word in words[:1] + words[2:]:
            NAMES[word.upper()] = int(words[1])
NAMES.update({"ICMP6": 58, "UDPLT": 136, "IPIP": 4, "IP6": 41, "RSVP": 46,
              "PIM": 103, "OSPF": 89, "VRRP": 112})


def protocol(name):
    return int(name) if name.isdigit() else NAMES.get(name.upper(), name)


def milliseconds(date):
    """nfdump's fractional seconds (%ter) have but two digits; dates do."""
    when = datetime.datetime.strptime(date + "000+0000",
                                      "%Y-%m-%d %H:%M:%S.%f%z")
    return round(when.timestamp() * 1000)


def collected_flows(directory):
    out = subprocess.run(
        ["nfdump", "-q", "-N", "-6", "-R", directory, "-o",
         "fmt:%pr|%sa|%sp|%da|%dp|%tos|%pkt|%byt|%flg|%ts|%te"],
        check=True, stdout=subprocess.PIPE, text=True,
        env=dict(os.environ, TZ="UTC")).stdout
    flows = {}
    for line in out.splitlines():
        if "|" not in line:
            continue
        (proto, src, sport, dst, dport, tos, packets, octets, flags, first,
         last) = [word.strip() for word in line.split("|")]
        proto = protocol(proto)
        if "." in dport:        # ICMP: type.code
            kind, code = dport.split(".")
            dport = int(kind) * 256 + int(code)
        key = (proto, canonical(src), int(sport), canonical(dst), int(dport),
               int(tos))
        bits = sum(1 << (7 - i) for i, letter in enumerate(LETTERS)
                   if letter in flags) if proto == 6 else 0
        old = flows.get(key, Flow(0, 0, 0, 1 << 62, -1))
        flows[key] = Flow(old.packets + int(packets),
                          old.octets + int(octets), old.flags | bits,
                          min(old.first, milliseconds(first)),
                          max(old.last, milliseconds(last)))
    return flows


def free_port():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("127.0.0.1", 0))
    return s, s.getsockname()[1]


class Collector:
    """An nfcapd, or sfcapd, with a directory of its own."""

    def __init__(self, folder, name, program="nfcapd"):
        self.folder = os.path.join(folder, name)
        os.mkdir(self.folder)
        s, self.port = free_port()
        s.close()
        self.process = subprocess.Popen(
            [program, "-b", "127.0.0.1", "-p", str(self.port), "-w",
             self.folder, "-B", "8000000", "-t", "3600"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wanted = ":%04X " % self.port
        for _ in range(500):
            with open("/proc/net/udp") as table:
                if wanted in table.read():
                    return
            time.sleep(0.02)
        sys.exit("exact: %s does not listen" % program)

    def flows(self):
        # What was sent may still wait on a processor (the twelfth word of each
        # line), then in the socket; what nfcapd has taken it stores.
        here = ":%04X " % self.port
        for _ in range(500):
            with open("/proc/net/softnet_stat") as table:
                waiting = any(int(x.split()[11], 16) for x in table)
            with open("/proc/net/udp") as table:
                waiting |= any(not x.split()[4].endswith(":00000000")
                               for x in table if here in x)
            if not waiting:
                break
            time.sleep(0.02)
        else:
            raise Difference("nfcapd does not read what it was sent")
        self.stop()
        return collected_flows(self.folder)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def replay(path, targets, extra=()):
    run = subprocess.run(["ovspan", "--format=json", "replay", path, *targets,
                          *extra], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True, timeout=120)
    if run.returncode not in (0, 1):
        raise Difference("replay ended with %d: %s"
                         % (run.returncode, run.stderr.strip()))
    return run.returncode, run.stderr, (json.loads(run.stdout)
                                        if run.stdout.strip() else None)


class Difference(Exception):
    pass


def check_totals(totals):
    """What was read is all accounted for."""
    read = totals["packets"]
    passed = read - totals.get("filtered", 0) \
        - totals.get("other_direction", 0)
    for target in totals["targets"]:
        parts = [target.get(k, 0) for k in (
            "metered", "skipped", "malformed", "truncated", "unsampled",
            "dropped_limit")]
        if sum(parts) != passed:
            raise Difference("totals of %s do not add up: %d read, %s"
                             % (target.get("target"), passed, target))
    return read


def compare(name, want, have, doubtful, boot=None):
    """Flows with a doubtful packet may have less; what tshark did not take
    apart may be any flow.  Times that are told in milliseconds since 'boot', in
    32 bits, are not told of other times."""
    if None in doubtful:
        doubtful = doubtful | (set(have) - set(want))
    for key in sorted(set(want) | set(have), key=str):
        a, b = want.get(key), have.get(key)
        if a and b and boot is not None and not (
                boot <= a.first and a.last < boot + (1 << 32)):
            a = b._replace(packets=a.packets, octets=a.octets, flags=a.flags)
        if a != b and key not in doubtful:
            raise Difference("%s: flow %s: in the file %s, at the collector "
                             "%s" % (name, key, want.get(key),
                                     have.get(key)))


def datagrams(path):
    """The bytes that a replay of NetFlow 9 sends, in order."""
    s, port = free_port()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    s.setblocking(False)
    replay(path, ["netflow9:127.0.0.1:%d" % port])
    out = []
    while True:
        try:
            out.append(s.recv(65536))
        except BlockingIOError:
            return out


def check_file(path, strict):
    packets, whole, why = read_file(path)
    folder = tempfile.mkdtemp(prefix="exact-")
    collectors = {}
    try:
        for name in "netflow5", "netflow9", "ipfix":
            collectors[name] = Collector(folder, name)
        code, error, totals = replay(path, [
            "%s:127.0.0.1:%d" % (name, c.port)
            for name, c in collectors.items()])
        have = {name: c.flows() for name, c in collectors.items()}
    finally:
        for c in collectors.values():
            c.stop()
        shutil.rmtree(folder)
    if totals is None:
        return "refused: %s" % error.strip().split(": ", 1)[-1]
    read = check_totals(totals)
    if whole and code:
        raise Difference("tshark reads all of it, replay says %s" % error)
    if not whole and not code:
        raise Difference("tshark says %s, replay nothing" % why.strip())
    if read != len(packets):
        raise Difference("%d packets read, tshark has %d"
                         % (read, len(packets)))
    doubtful = {p.key for p in packets
                if p.doubtful or (p.snapped and p.key)}
    if strict and any(p.doubtful for p in packets):
        raise Difference("tshark doubts packets of a file of ours")
    want = flows_of(packets)
    boot = packets[0].ms - 3600000 if packets else 0
    compare("netflow9", want, have["netflow9"], doubtful, boot)
    compare("ipfix", want, have["ipfix"], doubtful)
    compare("netflow5", flows_of(packets, False), have["netflow5"], doubtful,
            boot)
    if datagrams(path) != datagrams(path):
        raise Difference("two replays differ")
    return "%d packets, %d flows equal%s" % (
        read, len(set(want) - doubtful),
        ", %d with doubtful packets" % len(doubtful - {None})
        if doubtful - {None} else "")


def for_each(paths, check):
    """Prints what check() says of each file; 1 if one differs."""
    bad = 0
    for path in paths:
        try:
            print("%s: %s" % (os.path.basename(path), check(path)),
                  flush=True)
        except (Difference, subprocess.TimeoutExpired) as e:
            print("%s: DIFFERS: %s" % (os.path.basename(path), e),
                  flush=True)
            bad += 1
    return 1 if bad else 0


def main(args):
    strict = args[:1] == ["--strict"]
    return for_each(args[strict:], lambda path: check_file(path, strict))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    # An end by a signal runs what is to be run at an end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
