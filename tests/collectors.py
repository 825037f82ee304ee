#!/usr/bin/python3
"""collectors.py -- what collectors other than nfdump's get of a replayed file.

usage: collectors.py sums FILE...
       collectors.py samples FILE...
       collectors.py shared FILE

sums: for each capture file the flows of NetFlow 5, NetFlow 9 and IPFIX, as
nfacctd shows them, equal what tshark finds in the file: packets, octets, TCP
flags.  ipfixDump and python3-ipfix read all that IPFIX says, without a
complaint.  The collectors stay the same from file to file.
samples: sfacctd and sfcapd count all packets of a file, each of them a sample.
shared: what one nfacctd must not mix up that takes everything on one port and
multiplies by the rate of sampling; see shared().

What is in a file says exact.py; nothing of ovspan's code is used.
"""
import csv
import io
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

import exact
from exact import Difference, Flow

PROTOCOLS = "netflow5", "netflow9", "ipfix"


class Accounter:
    """An nfacctd or sfacctd, which tells each second what it got."""
    FIELDS = ("proto", "src_host", "src_port", "dst_host", "dst_port", "tos",
              "tcpflags")

    def __init__(self, program, more=()):
        self.folder = tempfile.mkdtemp(prefix="collectors-")
        s, self.port = exact.free_port()
        s.close()
        self.output = os.path.join(self.folder, "output")
        lines = ["daemonize: false", "plugins: print[a]",
                 "%s_ip: 127.0.0.1" % program,
                 "%s_port: %d" % (program, self.port),
                 "%s_pipe_size: 8000000" % program,
                 "aggregate[a]: " + ",".join(self.FIELDS),
                 "print_output: csv",
                 "print_output_separator: |", "print_refresh_time: 1",
                 "print_cache_entries: 16381",
                 "print_output_file: " + self.output,
                 "print_output_file_append: true", *more]
        conf = os.path.join(self.folder, "conf")
        with open(conf, "w") as f:
            f.write("\n".join(lines) + "\n")
        self.log = open(os.path.join(self.folder, "log"), "w+")
        self.process = subprocess.Popen([program, "-f", conf],
                                        stdout=self.log, stderr=self.log,
                                        start_new_session=True)
        self.taken = 0          # Octets of its output.
        for _ in range(500):
            with open(self.log.name) as log:
                text = log.read()
            if "waiting for" in text and "cache entries" in text:
                return
            time.sleep(0.02)
        self.close()
        sys.exit("collectors: %s does not listen" % program)

    def target(self, protocol):
        return "%s:127.0.0.1:%d" % (protocol, self.port)

    def flows(self):
        """Since the last take()."""
        flows = {}
        try:
            with open(self.output) as f:
                f.seek(self.taken)
                text = f.read()
        except FileNotFoundError:
            return flows
        whole = text[:text.rfind("\n") + 1]
        names = ("SRC_IP DST_IP SRC_PORT DST_PORT TCP_FLAGS PROTOCOL TOS"
                 " PACKETS BYTES").split()
        for row in csv.DictReader(io.StringIO(whole), names, delimiter="|"):
            if row["SRC_IP"] == "SRC_IP":       # A heading.
                continue
            key = (exact.protocol(row["PROTOCOL"]),
                   exact.canonical(row["SRC_IP"]), int(row["SRC_PORT"]),
                   exact.canonical(row["DST_IP"]), int(row["DST_PORT"]),
                   int(row["TOS"]))
            old = flows.get(key, Flow(0, 0, 0, 0, 0))
            flows[key] = Flow(old.packets + int(row["PACKETS"]),
                              old.octets + int(row["BYTES"]),
                              old.flags | int(row["TCP_FLAGS"]), 0, 0)
        return flows

    def expect(self, check):
        """Waits until check(flows) does not raise a Difference any more."""
        for _ in range(400):
            try:
                check(self.flows())
                break
            except Difference:
                time.sleep(0.05)
        else:
            check(self.flows())
        self.taken = os.stat(self.output).st_size if os.path.exists(
            self.output) else 0

    def close(self):
        # Its plugins are processes, of its group.
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder)


# nfacctd 1.7.7 reads ports of NetFlow 5 for these alone.
PORTS5 = 1, 6, 17, 58


def simplify(protocol, flows):
    """As nfacctd has them: no times."""
    out = {}
    for key, flow in flows.items():
        if protocol == "netflow5" and key[0] not in PORTS5:
            key = (key[0], key[1], 0, key[3], 0, key[5])
        old = out.get(key, Flow(0, 0, 0, 0, 0))
        out[key] = Flow(old.packets + flow.packets, old.octets + flow.octets,
                        old.flags | flow.flags, 0, 0)
    return out


def messages_of(path):
    """The messages of IPFIX that a replay sends, one after another, which is
    what a file of IPFIX is."""
    s, port = exact.free_port()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    s.setblocking(False)
    exact.replay(path, ["ipfix:127.0.0.1:%d" % port])
    out = []
    while True:
        try:
            out.append(s.recv(65536))
        except BlockingIOError:
            return b"".join(out)


def packets_of_ipfixdump(path):
    run = subprocess.run(["ipfixDump", "--in", path], text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if run.returncode or run.stderr.strip():
        raise Difference("ipfixDump says: " + run.stderr.strip())
    return sum(int(line.split(":")[1]) for line in run.stdout.splitlines()
               if "packetDeltaCount" in line and "len" not in line)


def packets_of_python(path):
    import ipfix.ie
    import ipfix.reader
    ipfix.ie.use_iana_default()
    with open(path, "rb") as f:
        return sum(record.get("packetDeltaCount", 0) for record in
                   ipfix.reader.from_stream(f).namedict_iterator())


def check_messages(path, packets):
    with tempfile.NamedTemporaryFile() as f:
        f.write(messages_of(path))
        f.flush()
        for reader in packets_of_ipfixdump, packets_of_python:
            have = reader(f.name)
            if have != packets:
                raise Difference("%s: %d packets, ovspan says %d"
                                 % (reader.__name__, have, packets))


def sums(paths):
    collectors = {p: Accounter("nfacctd") for p in PROTOCOLS}
    try:
        for protocol, c in collectors.items():
            prove(c, protocol)
        return exact.for_each(paths, lambda path: check_sums(path, collectors))
    finally:
        for c in collectors.values():
            c.close()


def check_sums(path, collectors):
    packets = exact.read_file(path)[0]
    doubtful = {p.key for p in packets
                if p.doubtful or (p.snapped and p.key)}
    _, error, totals = exact.replay(path, [
        c.target(name) for name, c in collectors.items()])
    if totals is None:
        return "refused: %s" % error.strip().split(": ", 1)[-1]
    for protocol, c in collectors.items():
        want = simplify(protocol, exact.flows_of(packets,
                                                 protocol != "netflow5"))
        shown = set(simplify(protocol, {k: Flow(0, 0, 0, 0, 0)
                                        for k in doubtful - {None}}))
        if None in doubtful:
            shown.add(None)
        c.expect(lambda have: exact.compare(protocol, want, have, shown))
    check_messages(path, totals["targets"][2]["metered"])
    return "%d packets, %d flows equal" % (len(packets), len(want))



def write_probe(path):
    """A file with one packet of UDP."""
    frame = (bytes.fromhex("020000000002" "020000000001" "0800")
             + struct.pack(">BBHHHBBH4s4sHHHH", 0x45, 0, 28, 0, 0, 64, 17, 0,
                           bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2)), 9, 9,
                           8, 0))
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
                + struct.pack("<IIII", 1600000000, 0, len(frame), len(frame))
                + frame)


def prove(accounter, protocol, extra=()):
    """Returns when what is sent is counted: both take nothing in their first
    second."""
    path = os.path.join(accounter.folder, "probe.pcap")
    deadline = time.monotonic() + 30
    write_probe(path)
    while not accounter.flows():
        if time.monotonic() > deadline:
            raise Difference("nothing is counted")
        exact.replay(path, [accounter.target(protocol)], extra)
        time.sleep(0.1)
    with open(accounter.log.name) as log:
        log.seek(0, os.SEEK_END)
        # Purges of which one had nothing: all of it was told.
        while "QN: 0/0" not in log.read():
            time.sleep(0.1)
    accounter.expect(lambda flows: None)


def samples(paths):
    accounter = Accounter("sfacctd")
    try:
        prove(accounter, "sflow", ["sampling=1"])
        return exact.for_each(paths,
                              lambda path: check_samples(path, accounter))
    finally:
        accounter.close()


def check_samples(path, accounter):
    """sfacctd and sfcapd have the length on the wire, with the FCS."""
    packets = exact.read_file(path)[0]
    folder = tempfile.mkdtemp(prefix="collectors-")
    sfcapd = exact.Collector(folder, "sflow", "sfcapd")
    want = len(packets)
    try:
        exact.replay(path, [accounter.target("sflow"),
                            "sflow:127.0.0.1:%d" % sfcapd.port],
                     ["sampling=1"])

        def check(flows):
            have = sum(f.packets for f in flows.values())
            if have != want:
                raise Difference("%d samples, %d packets" % (have, want))
        accounter.expect(check)
        check(sfcapd.flows())
    finally:
        sfcapd.stop()
        shutil.rmtree(folder)
    return "%d samples" % want


def shared(path):
    """For each protocol, a file sampled 1 in 2, then some packets of it all:
    those are not multiplied.  Then all protocols at once: each is read by its
    own templates."""
    accounter = Accounter("nfacctd", ["nfacctd_renormalize: true"])
    few = "filter=udp port 40001 and not ip6"
    try:
        prove(accounter, "netflow5")
        packets = exact.read_file(path)[0]
        want = simplify("ipfix", exact.flows_of(
            [p for p in packets if p.key and p.key[2] == 40001
             and ",".join(p.row["frame.protocols"]).startswith(
                 "eth:ethertype:ip:udp")]))
        for protocol in PROTOCOLS:
            exact.replay(path, [accounter.target(protocol)], ["sampling=2"])
            accounter.expect(some_flows)
            exact.replay(path, [accounter.target(protocol)], [few])
            accounter.expect(lambda have: exact.compare(
                protocol + " after sampling", want, have, set()))
            print("%s: not multiplied" % protocol)
        exact.replay(path, [accounter.target(p) for p in PROTOCOLS], [few])
        thrice = {key: flow._replace(packets=3 * flow.packets,
                                     octets=3 * flow.octets)
                  for key, flow in want.items()}
        accounter.expect(lambda have: exact.compare(
            "all at once", thrice, have, set()))
        print("all at once: not mixed up")
        return 0
    except Difference as e:
        print("DIFFERS: %s" % e)
        return 1
    finally:
        accounter.close()


def some_flows(flows):
    if not flows:
        raise Difference("no flows")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    MODES = {"sums": sums, "samples": samples,
             "shared": lambda paths: shared(paths[0])}
    if len(sys.argv) < 3 or sys.argv[1] not in MODES:
        sys.exit(__doc__)
    sys.exit(MODES[sys.argv[1]](sys.argv[2:]))
