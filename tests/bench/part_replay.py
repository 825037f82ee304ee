"""part_replay.py -- capture files to NetFlow v5: ovspan, others, bare libpcap

All read the same file from the page cache and send to a collector on the
loopback interface; README.md says how each is configured, and why.
"""
import os
import shutil

from harness import cpu, median, peak_kib, ratio, wall

ACTIVE, INACTIVE = 60, 15       # Seconds; ovspan's defaults.
PMACCT_SHARE = 10               # It reads a file of a tenth.


class File:
    """A capture file, and what readers must know of it."""

    def __init__(self, bench, target='netflow5', **options):
        self.path = bench.capture(**options)
        self.packets = options.get('packets') or bench.packets
        self.flows = options['flows']
        self.target = target
        # nfpcapd allocates these at once: its default, or room for all.
        self.room = max(524288, 2 * self.flows)


def bare(bench, file):
    return bench.measure([bench.program('tests/bench/bench-count'),
                          file.path])


def ovspan(bench, file):
    argv = [bench.program('src/cli/ovspan'), 'replay', file.path]
    return bench.with_sink(
        # Speed is measured, not patience.
        lambda port: argv + ['%s:127.0.0.1:%d,rate=0' % (file.target, port)])


def softflowd(bench, file):
    timeouts = {'maxlife': ACTIVE, 'expint': 1, 'tcp': INACTIVE,
                'udp': INACTIVE, 'icmp': INACTIVE, 'general': INACTIVE,
                'tcp.fin': 1, 'tcp.rst': 1}
    argv = ['softflowd', '-d', '-a', '-r', file.path, '-v', '5',
            '-m', str(file.room), '-p', bench.path('softflowd.pid'),
            '-c', 'none']
    for name, seconds in timeouts.items():
        argv += ['-t', '%s=%d' % (name, seconds)]
    return bench.with_sink(lambda port: argv + ['-n', '127.0.0.1:%d' % port])


def nfpcapd(bench, file):
    """Writes its records to a file: that costs it less than to send them."""
    folder = bench.path('nfpcapd')
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    return bench.measure(['nfpcapd', '-r', file.path, '-w', folder,
                          '-B', str(file.room),
                          '-e', '%d,%d' % (ACTIVE, INACTIVE)])


PMACCTD_CONF = """daemonize: false
pcap_savefile: %s
aggregate: src_host, dst_host, src_port, dst_port, proto, tos, tcpflags
plugins: nfprobe
plugin_pipe_size: 67108864
plugin_buffer_size: 65536
nfprobe_receiver: 127.0.0.1:%d
nfprobe_version: 5
nfprobe_maxflows: %d
nfprobe_timeouts: tcp=%d:udp=%d:icmp=%d:general=%d:maxlife=%d:expint=1
"""


def pmacctd(bench, file):
    conf = bench.path('pmacctd.conf')

    def argv(port):
        with open(conf, 'w') as out:
            out.write(PMACCTD_CONF % ((file.path, port, file.room)
                                      + (INACTIVE,) * 4 + (ACTIVE,)))
        return ['pmacctd', '-f', conf]

    return bench.with_sink(argv)


PEERS = {'softflowd': softflowd, 'nfpcapd': nfpcapd, 'pmacctd': pmacctd}


def print_runs(bench, runs, files):
    rows = []
    for name, list_ in runs.items():
        n = files[name].packets
        share = n / files['ovspan'].packets
        sink = list_[-1].sink
        rows.append([
            name,
            '%.0f' % (median(list_, cpu) * 1e9 / n),
            '%.0f' % (median(list_, wall) * 1e9 / n),
            '%.2f' % (ratio(runs, name, 'ovspan', cpu) / share),
            '%.0f' % (median(list_, peak_kib) / 1024),
            str(sink.get('flows') or '-'),
            str(n - sink['flow_packets'] if sink.get('flows') else '-')])
    bench.table(['', 'CPU ns/pkt', 'wall ns/pkt', 'CPU/ovspan', 'peak MB',
                 'records', 'pkts lost'], rows)


def case(bench, name, title, peers=(), **options):
    """Measures one kind of file; the runs, by contender."""
    file = File(bench, **options)
    readers = {'libpcap loop': bare, 'ovspan': ovspan}
    readers.update((peer, PEERS[peer]) for peer in peers
                   if shutil.which(peer))
    files = dict.fromkeys(readers, file)
    if 'pmacctd' in readers:
        files['pmacctd'] = File(bench, **dict(
            options, flows=max(file.flows // PMACCT_SHARE, 1),
            packets=max(file.packets // PMACCT_SHARE, 1)))

    bare(bench, file)           # So that it is in the page cache.
    runs = bench.rounds([
        (reader, lambda f=function, file=files[reader]: f(bench, file))
        for reader, function in readers.items()], optional=peers)
    bench.title(title)
    print_runs(bench, runs, files)
    for peer in set(peers) - set(readers):
        bench.note('%s is not installed' % peer)
    for peer in set(readers) - set(runs):
        bench.note('%s failed, or needed more than %d s'
                   % (peer, bench.timeout))
    bench.record(name, runs)
    for path in {file.path for file in files.values()}:
        bench.drop(path)
    return runs


def run(bench):
    # The targets are for files of 4 million packets.
    def target(value):
        return value if bench.packets >= 4000000 else None

    runs = case(bench, '100k', '100,000 flows, frames cut at 96 octets',
                PEERS, flows=min(100000, bench.packets), snaplen=96)
    for peer, least in ('softflowd', 10), ('nfpcapd', 8):
        if peer in runs:
            bench.figure('CPU of %s / ovspan' % peer,
                         ratio(runs, peer, 'ovspan', cpu),
                         at_least=target(least))
    bench.figure('rate of ovspan / bare loop, by CPU',
                 ratio(runs, 'libpcap loop', 'ovspan', cpu),
                 at_least=target(0.6))
    bench.figure('rate of ovspan / bare loop, by wall',
                 ratio(runs, 'libpcap loop', 'ovspan', wall),
                 at_least=target(0.6))

    many = case(bench, '1M', '1,000,000 flows, frames cut at 96 octets',
                PEERS, flows=min(1000000, bench.packets), snaplen=96)
    bench.figure('rate with 1,000,000 flows / 100,000, CPU',
                 median(runs['ovspan'], cpu) / median(many['ovspan'], cpu),
                 at_least=target(0.5))
    bench.figure('rate with 1,000,000 flows / bare loop, CPU',
                 ratio(many, 'libpcap loop', 'ovspan', cpu))

    case(bench, 'mixed', '100,000 flows, 30 % IPv6, 100 VLANs, 128 octets, '
         'to IPFIX', target='ipfix', flows=min(100000, bench.packets),
         snaplen=128, ipv6=30, vlans=100)
    packets = max(bench.packets // 4, 1)
    case(bench, 'whole', '100,000 flows, whole frames', PEERS,
         packets=packets, flows=min(100000, packets))
