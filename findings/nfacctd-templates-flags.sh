#!/bin/sh
# nfacctd of pmacct 1.7.7-1+b1 (Debian 12), two things that exporters meet:
#
# 1. It takes NetFlow 9 and IPFIX on one port and keeps templates by address,
#    domain and id alone, so that template 256 of an IPFIX exporter replaces
#    template 256 of a NetFlow 9 exporter of the same host and domain number,
#    and records of NetFlow 9 that follow are read by it: lost, or wrong
#    numbers where the lengths allow it.  RFC 3954, 5.1, and
#    RFC 7011, 3.4.1, make ids unique to a domain of an exporting process.
# 2. It shows TCP flags of an IPFIX record where tcpControlBits has one octet
#    (a reduced size, RFC 7125) and 0 where it has the two of the registry.
#
# Seen, as "port packets flags", for records of 7 packets with flags 27, of
# which NetFlow 9 sends two for port 1, IPFIX one for port 2:
#
#     both on id 256: 1 7 27, 2 7 27      the other record of port 1 is lost
#     ids 256 and 257: 1 14 27, 2 7 27
#     two octets: 2 7 0
#
# Installs it and what it needs into a temporary folder, on loopback only.
# Exits with 0 while that is so, else with 1; 2: could not try.
set -u
dir=$(mktemp -d) && cd "$dir" || exit 2
pid=
trap 'test -z "$pid" || kill $pid 2>/dev/null; wait; rm -rf "$dir"' 0

get () {
    for package; do
        apt-get download $package >>apt.log 2>&1 || { cat apt.log; exit 2; }
    done
    for deb in *.deb; do dpkg -x $deb . && rm $deb; done
}
get pmacct=1.7.7-1+b1
LD_LIBRARY_PATH=$dir/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH \
    2>/dev/null || echo x86_64-linux-gnu)
export LD_LIBRARY_PATH
# Libraries that are missing, and those that they need.
set -- libjansson4 libmariadb3 libmaxminddb0 libnetfilter-log1 libpcap0.8 \
    libpq5 librabbitmq4 librdkafka1 libsqlite3-0 libzmq5 libnfnetlink0 \
    libmnl0 libldap-2.5-0 libsasl2-2 libsodium23 libpgm-5.3-0 libnorm1 \
    libbsd0 libmd0 liblz4-1 libgssapi-krb5-2 libkrb5-3 libk5crypto3 \
    libkrb5support0 libkeyutils1 libdbus-1-3 libibverbs1 libnl-3-200 \
    libnl-route-3-200
for package; do
    ! ldd usr/sbin/nfacctd | grep -q 'not found' && break
    get $package
done
ldd usr/sbin/nfacctd | grep 'not found' && exit 2

cat > try.py <<'END'
import csv, os, signal, socket, struct, subprocess, sys, time

def template(version, id_, fields):
    data = struct.pack(">HH", id_, len(fields)) + b"".join(
        struct.pack(">HH", *f) for f in fields)
    return struct.pack(">HH", 0 if version == 9 else 2, 4 + len(data)) + data

def message(version, sets, n):
    if version == 9:
        return struct.pack(">HHIIII", 9, n, 5000, 1600000000, n, 1) + sets
    return struct.pack(">HHIII", 10, 16 + len(sets), 1600000000, 0, 1) + sets

def record(id_, values):
    data = b"".join(v.to_bytes(n, "big") for v, n in values)
    data += bytes(-len(data) % 4)
    return struct.pack(">HH", id_, 4 + len(data)) + data

# NetFlow 9: port 1; IPFIX, in another order: port 2.
def flow9(id_):
    fields = [(8, 4), (12, 4), (7, 2), (4, 1), (6, 1), (2, 4), (1, 4)]
    values = [0x0a000001, 0x0a000002, 1, 6, 27, 7, 700]
    return (message(9, template(9, id_, fields), 1),
            message(9, record(id_, [(v, f[1]) for v, f
                                    in zip(values, fields)]), 1))

def flow10(id_, octets):
    fields = [(1, 8), (2, 8), (6, octets), (4, 1), (7, 2), (8, 4), (12, 4)]
    values = [700, 7, 27, 6, 2, 0x0a000001, 0x0a000002]
    return (message(10, template(10, id_, fields), 1),
            message(10, record(id_, [(v, f[1]) for v, f
                                     in zip(values, fields)]), 1))

def ask(*messages):
    """What nfacctd shows: {port: (packets, flags)}, as text."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("127.0.0.1", 0))
    port = s.getsockname()[1]
    s.close()
    with open("conf", "w") as f:
        f.write("daemonize: false\nplugins: print\nnfacctd_ip: 127.0.0.1\n"
                "nfacctd_port: %d\naggregate: src_port,tcpflags\n"
                "print_output: csv\nprint_refresh_time: 1\n"
                "print_output_file: %s/rows\nprint_output_file_append: true\n"
                % (port, os.getcwd()))
    if os.path.exists("rows"):
        os.remove("rows")
    with open("log", "w") as log:
        p = subprocess.Popen(["usr/sbin/nfacctd", "-f", "conf"], stdout=log,
                             stderr=log, start_new_session=True)
    try:
        for _ in range(500):
            if "cache entries" in open("log").read() and (
                    "waiting for" in open("log").read()):
                break
            time.sleep(0.02)
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        # It takes nothing in its first second: a flow of NetFlow 5 until it
        # does.
        probe = struct.pack(">HHIIIII", 5, 1, 5000, 1600000000, 0, 0, 0) \
            + struct.pack(">IIIHHIIIIHHBBBB8x", 1, 2, 0, 0, 0, 1, 1, 0, 0, 9,
                          9, 0, 0, 17, 0)
        for _ in range(500):
            if os.path.exists("rows"):
                break
            s.sendto(probe, ("127.0.0.1", port))
            time.sleep(0.02)
        for m in messages:
            s.sendto(m, ("127.0.0.1", port))
        # A purge that finds nothing comes after all were told.
        purges = len(open("log").read().split("END"))
        while "QN: 0/0" not in "".join(
                open("log").read().split("END")[purges + 1:]):
            time.sleep(0.05)
        rows = csv.DictReader(open("rows"))
        return ", ".join(sorted(
            "%(SRC_PORT)s %(PACKETS)s %(TCP_FLAGS)s" % r for r in rows
            if r["SRC_PORT"] not in ("SRC_PORT", "9")))
    finally:
        os.killpg(p.pid, signal.SIGKILL)
        p.wait()

t9, r9 = flow9(256)
t10, r10 = flow10(256, 1)
print("both on id 256:", ask(t9, r9, t10, r10, r9))
t10, r10 = flow10(257, 1)
print("ids 256 and 257:", ask(t9, r9, t10, r10, r9))
t10, r10 = flow10(256, 2)
print("two octets:", ask(t10, r10))
END
/usr/bin/python3 try.py > seen
cat seen
grep -q '^ids 256 and 257: 1 14 27, 2 7 27$' seen \
    && grep -q '^two octets: 2 7 0$' seen \
    && ! grep -q '^both on id 256: 1 14 27' seen
