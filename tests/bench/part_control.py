"""part_control.py -- from ovs-vsctl add-port to an active tap

control_lab.py does it in the lab, in namespaces of its own, with a real switch.
"""
import json
import os
import shutil
import statistics

from harness import Skip

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
PORTS = 40
START = ('mount -t tmpfs tmpfs /run && mkdir /run/netns && '
         'ip link set lo up && exec python3 -B "$@"')


def run(bench):
    if os.geteuid():
        raise Skip('must be root, to make network namespaces')
    for tool in ('unshare', 'ip', 'ovs-vswitchd', 'ovsdb-server',
                 'ovsdb-client', 'ovs-vsctl', 'ethtool'):
        if not shutil.which(tool):
            raise Skip('%s: not found' % tool)
    bench.title('A port that a capture matches, in a lab')
    bench.say('%d ports' % PORTS)
    out = bench.measure(
        ['unshare', '--mount', '--net', '--ipc', '--pid', '--fork',
         '--kill-child', '--mount-proc', 'sh', '-c', START, 'sh',
         os.path.join(HERE, 'control_lab.py'), bench.build, TOP,
         str(PORTS)]).output
    times = json.loads(out.strip().split('\n')[-1])
    bench.table(['ms', 'least', 'median', 'greatest'],
                [[title] + ['%.0f' % (f(times[key]) * 1e3)
                            for f in (min, statistics.median, max)]
                 for title, key in (('ovs-vsctl add-port', 'add_port'),
                                    ('until the tap is active', 'active'))])
    bench.figure('add-port to active tap, median',
                 statistics.median(times['active']) * 1e3, 'ms', at_most=50)
