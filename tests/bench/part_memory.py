"""part_memory.py -- what a flow costs in memory, as a process sees it

The peak memory of a replay in which all flows are in memory at once, less that
of one with few flows, by the number of flows: with the index, the wheel, and
what malloc() adds.
"""
from harness import median, peak_kib

FLOWS = 1000000
FEW = 100000                    # Enough to fill what is there once.


def replay(bench, path, target):
    argv = [bench.program('src/cli/ovspan'), 'replay', path]
    return bench.with_sink(
        lambda port: argv + ['%s:127.0.0.1:%d' % (target, port)])


def run(bench):
    bench.title('Memory, with {:,} flows at once'.format(FLOWS))
    for name, target, ipv6 in (('IPv4, NetFlow v5', 'netflow5', 0),
                               ('IPv4, IPFIX', 'ipfix', 0),
                               ('IPv6, IPFIX', 'ipfix', 100)):
        # All within a time in which none ends.
        paths = {flows: bench.capture(packets=FLOWS, flows=flows, ipv6=ipv6,
                                      snaplen=96, rate=FLOWS // 5)
                 for flows in (FLOWS, FEW)}
        runs = bench.rounds([
            (str(flows), lambda path=path: replay(bench, path, target))
            for flows, path in paths.items()])
        kib = (median(runs[str(FLOWS)], peak_kib)
               - median(runs[str(FEW)], peak_kib))
        bench.figure('a flow of ' + name, kib * 1024 / (FLOWS - FEW),
                     'B', at_most=128)
        bench.record(name, runs)
        for path in paths.values():
            bench.drop(path)
