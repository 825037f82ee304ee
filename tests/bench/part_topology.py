"""part_topology.py -- the graph of a large host: time and memory as it grows

large_host.py makes the host, in namespaces of its own, and measures ovspand on
it: N ports in a real ovsdb-server, twice as many links.
"""
import json
import os
import shutil

from harness import Skip

HERE = os.path.dirname(os.path.abspath(__file__))
SIZES = [(100, 10), (1000, 50), (10000, 200)]   # Ports, namespaces.
START = ('mount -t tmpfs tmpfs /run && ip link set lo up && '
         'exec python3 -B "$@"')

ROWS = [    # Title, figure, factor, format.
    ('first graph, CPU ms', 'start_cpu', 1e3, '%.0f'),
    ('memory, MB', 'rss_mb', 1, '%.0f'),
    ('Has by name, us', 'has', 1e6, '%.0f'),
    ('Has by external id, us', 'has_ext', 1e6, '%.0f'),
    ('Has by regular expression, us', 'regex', 1e6, '%.0f'),
    ('ShortestPathTo, us', 'path', 1e6, '%.0f'),
    ('a port added, us', 'add_port', 1e6, '%.0f'),
    ('a port removed, us', 'del_port', 1e6, '%.0f'),
    ('a pair of links added, us', 'add_link', 1e6, '%.0f'),
    ('any change, late by ms at most', 'change_late', 1e3, '%.1f'),
    ('1,000 changes a second, late by ms', 'follow_late', 1e3, '%.0f'),
    ('1,000 changes a second, % of a core', 'follow_cpu', 1e2, '%.0f'),
    ('a port added while publishing, us', 'add_port_publishing', 1e6, '%.0f'),
    ('add-capture of 100 points, ms', 'burst', 1e3, '%.0f'),
    ('their del-capture, ms', 'burst_gone', 1e3, '%.0f'),
    ('an answer meanwhile, late by ms at most', 'burst_late', 1e3, '%.0f'),
    ('add-capture, ms', 'tap_idle', 1e3, '%.0f'),
    ('the same while all is published, ms', 'tap_publishing', 1e3, '%.0f'),
]


def run(bench):
    if os.geteuid():
        raise Skip('must be root, to make network namespaces')
    for tool in ('unshare', 'ip', 'ovsdb-server', 'ovsdb-tool'):
        if not shutil.which(tool):
            raise Skip('%s: not found' % tool)
    bench.title('The graph of a large host')
    figures = []
    for ports, namespaces in SIZES:
        bench.say('%d ports, %d links' % (ports, 2 * ports))
        out = bench.measure(
            ['unshare', '--mount', '--net', '--ipc', '--pid', '--fork',
             '--kill-child', '--mount-proc', 'sh', '-c', START, 'sh',
             os.path.join(HERE, 'large_host.py'), bench.build,
             os.path.join(HERE, '..', '..', 'ovsdb'), str(ports),
             str(2 * ports), str(namespaces)]).output
        figures.append(json.loads(out.strip().split('\n')[-1]))
    bench.table(['ports'] + [str(f['ports']) for f in figures],
                [[title] + [form % (f[key] * factor) for f in figures]
                 for title, key, factor, form in ROWS])
    large = figures[-1]
    bench.figure('first graph', large['start_cpu'], 's of CPU', at_most=1)
    bench.figure('memory', large['rss_mb'], 'MB', at_most=100)
    bench.figure('one port added', large['add_port'] * 1e3, 'ms of CPU',
                 at_most=5)
    bench.figure('any change, late by', large['change_late'] * 1e3, 'ms',
                 at_most=100)
    bench.figure('an answer while 100 taps start, late by',
                 large['burst_late'] * 1e3, 'ms', at_most=100)
    bench.figure('Has by name', large['has'] * 1e3, 'ms', at_most=1)
    bench.figure('ShortestPathTo', large['path'] * 1e3, 'ms', at_most=50)
