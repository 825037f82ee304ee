"""part_live.py -- live captures: ovspan's daemon, others, bare programs

Runs in namespaces of its own (see README.md); what it starts ends with it.
The driver below, "inside", prints a line of JSON for each run; run() makes
tables of them.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

RING = 64 << 20
RING_OVERHEAD = 96              # Bytes in a ring beside those of a frame.
FLOWS = 10000                   # Of the load.
ACTIVE, INACTIVE = 60, 2        # Seconds; inactive: so that a run ends soon.
EXPORTED = INACTIVE + 2         # Seconds after which all flows are exported.
COLLECTOR = '10.9.0.2'
NEIGHBOUR = '02:00:00:00:00:77' # As a host that passes over what is not its.
SIZES = (100, 1000)             # Of frames to ERSPAN, in bytes.
IDLE_TAPS = 64


# ## Outside: tables. ##

def run(bench):
    """All of it, in a machine of its own."""
    from harness import Skip

    if os.geteuid():
        raise Skip('only root can make namespaces')
    for tool in 'ip', 'unshare', 'ovsdb-server', 'ovsdb-tool':
        if not shutil.which(tool):
            raise Skip('%s is not installed' % tool)
    results = drive(bench)
    rate, flows = results['rate'], results['flows']
    bench.title('Live, NetFlow v5: %d flows, frames of 100 octets, '
                '%d packets/s' % (FLOWS, rate))
    table(bench, flows, 'ovspan')
    bench.note('%d packets/s: half of what the bare counter takes without '
               'loss, or all\n  that the generator sends' % rate)
    bench.record('netflow5', wrap(flows))
    bench.figure('CPU a packet of ovspan / bare counter',
                 ratio_sum(flows, 'ovspan', ['libpcap loop']), at_most=2)
    bench.figure('packets lost by ovspan',
                 sum(r['lost'] for r in flows['ovspan']), at_most=0)

    for size in SIZES:
        frames = results['frames'][str(size)]
        bench.title('Live, ERSPAN II: frames of %d octets' % size)
        table(bench, frames, 'ovspan')
        bench.record('erspan2-%d' % size, wrap(frames))
        bench.figure('CPU a frame of ovspan / (counter + sender)',
                     ratio_sum(frames, 'ovspan',
                               ['libpcap loop', 'packet socket']),
                     at_most=1.15)
        bench.figure('the same, where the sender has cold frames',
                     ratio_sum(frames, 'ovspan',
                               ['libpcap loop', 'same, cold frames']))
        bench.figure('frames lost by ovspan',
                     sum(r['lost'] for r in frames['ovspan']), at_most=0)

    bench.title('Idle')
    bench.figure('%d taps, memory of the daemon' % IDLE_TAPS,
                 results['idle_kib'] / 1024, 'MB', at_most=200)


def wrap(runs):
    """As Bench.record() wants them."""
    from types import SimpleNamespace

    return {name: [SimpleNamespace(as_dict=lambda r=r: r) for r in list_]
            for name, list_ in runs.items()}


def median(list_, key):
    values = sorted(r[key] for r in list_)
    return values[len(values) // 2]


def ratio_sum(runs, over, under):
    """The median of the ratios, round by round, of one to the sum of
    others."""
    rounds = zip(runs[over], *(runs[name] for name in under))
    values = sorted(r[0]['cpu_ns'] / sum(x['cpu_ns'] for x in r[1:])
                    for r in rounds)
    return values[len(values) // 2]


def table(bench, runs, reference):
    rows = []
    for name, list_ in runs.items():
        rows.append([name, '%.0f' % median(list_, 'cpu_ns'),
                     '%.0f' % min(r['cpu_ns'] for r in list_),
                     '%.2f' % ratio_sum(runs, name, [reference]),
                     '%.0f' % (median(list_, 'peak_kib') / 1024),
                     '%d' % max(r['lost'] for r in list_)])
    bench.table(['', 'CPU ns/pkt', 'least', '/ovspan', 'peak MB', 'pkts lost'],
                rows)


def drive(bench):
    """Runs this file inside; what it says last is the result."""
    bench.say('live: making a machine')
    conf = {'build': bench.build, 'rounds': bench.n_rounds,
            'packets': min(bench.packets, 2000000),
            'scratch': bench.scratch}
    argv = ['setpriv', '--pdeathsig', 'KILL', 'unshare', '--mount', '--net',
            '--ipc', '--pid', '--fork', '--kill-child', '--mount-proc',
            sys.executable, '-B', os.path.abspath(__file__),
            json.dumps(conf)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, text=True) as process:
        for line in process.stdout:
            message = json.loads(line)
            if 'say' in message:
                bench.say('live: ' + message['say'])
    if process.returncode:
        raise RuntimeError('the driver ended with status %d'
                           % process.returncode)
    return message


# ## Inside: the lab. ##

def sh(command):
    result = subprocess.run(command, shell=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True)
    if result.returncode:
        sys.exit('%s: %s' % (command.strip(), result.stdout))
    return result.stdout


def make_lab(conf):
    """A generator's link to a host, and one from there to a collector."""
    top = os.path.abspath(os.path.join(os.path.dirname(__file__), '../..'))
    sh('mount -t tmpfs tmpfs /run && mkdir -p /run/netns /run/ovspan')
    sh('ip link set lo up')
    for name in 'gen', 'col':
        sh('ip netns add %s && ip netns exec %s sysctl -qw '
           'net.ipv6.conf.default.disable_ipv6=1' % (name, name))
    sh('sysctl -qw net.ipv6.conf.default.disable_ipv6=1')
    sh('''ip link add v0 type veth peer name g0 netns gen
          ip link set v0 up
          ip -n gen link set g0 up
          ip link add c0 type veth peer name e0 netns col
          ip address add 10.9.0.1/24 dev c0
          ip link set c0 up
          ip -n col link set e0 up
          ip neigh replace %s lladdr %s dev c0 nud permanent'''
       % (COLLECTOR, NEIGHBOUR))
    os.environ.update({
        'OVSPAN_RUNDIR': '/run/ovspan', 'OVSPAN_DBDIR': '/run/ovspan',
        'OVSPAN_LOGDIR': '/run/ovspan', 'OVS_RUNDIR': '/run/ovs',
        'OVSPAN_PKGDATADIR': top + '/ovsdb', 'OVSPAN_HOST': 'bench',
        'PATH': '%s/src/cli:%s/src/daemon:%s/utilities:%s'
                % (conf['build'], conf['build'], top, os.environ['PATH'])})


def say(text):
    print(json.dumps({'say': text}), flush=True)


def received():
    """Frames that reached the collector's interface."""
    return int(sh('ip netns exec col cat '
                  '/sys/class/net/e0/statistics/rx_packets'))


def processes(session):
    """Those of a session: a program and what it started."""
    found = []
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            stat = open('/proc/%s/stat' % pid).read().rsplit(')', 1)[1]
        except OSError:
            continue
        if int(stat.split()[3]) == session:
            found.append(int(pid))
    return found


def cpu_ns(pids):
    """User and system time of all their threads so far."""
    total = 0
    for pid in pids:
        for tid in os.listdir('/proc/%d/task' % pid):
            with open('/proc/%d/task/%s/schedstat' % (pid, tid)) as file:
                total += int(file.read().split()[0])
    return total


def peak_kib(pids):
    return max(int(re.search(r'VmHWM:\s+(\d+)',
                             open('/proc/%d/status' % pid).read()).group(1))
               for pid in pids)


class Lab:
    def __init__(self, conf):
        self.conf = conf
        self.packets = conf['packets']

    def helper(self, name):
        return '%s/tests/bench/%s' % (self.conf['build'], name)

    def load(self, packets, rate, size=100):
        """Sends that; returns how long it took."""
        out = sh('ip netns exec gen %s -n %d -r %d -s %d -f %d -b 32 load g0'
                 % (self.helper('live-send'), packets, rate, size, FLOWS))
        return float(re.search(r'wall=([0-9.]+)', out).group(1))

    def warm_up(self, rate, size):
        """Fills the ring once; returns the frames that it took."""
        packets = RING // (size + RING_OVERHEAD)
        self.load(packets, rate, size)
        time.sleep(0.1)
        return packets

    def sink(self):
        """A collector of flows on the loopback interface."""
        process = subprocess.Popen([self.helper('bench-sink')],
                                   stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True)
        return process, int(process.stdout.readline())

    # Contenders.  Each returns CPU time a packet and so on; 'after' is how
    # long it is watched after the load has ended.

    def counter(self, rate, size=100, after=0.2):
        process = subprocess.Popen(
            [self.helper('live-count'), 'v0', str(RING)],
            stdout=subprocess.PIPE, text=True)
        process.stdout.readline()
        warm = self.warm_up(rate, size)
        before = cpu_ns([process.pid])
        wall = self.load(self.packets, rate, size)
        time.sleep(after)
        used = cpu_ns([process.pid]) - before
        peak = peak_kib([process.pid])
        process.terminate()
        out = process.communicate()[0]
        seen = int(re.search(r'packets=(\d+)', out).group(1))
        return {'cpu_ns': used / self.packets, 'peak_kib': peak,
                'lost': warm + self.packets - seen, 'wall': wall}

    def sender(self, kind, size):
        """An ERSPAN sender; it captures nothing."""
        before = received()
        out = sh('%s -n %d -s %d %s c0 %s 10.9.0.1 %s'
                 % (self.helper('live-send'), self.packets, size, kind,
                    COLLECTOR, NEIGHBOUR))
        used = dict(re.findall(r'(\w+)=([0-9.]+)', out))
        return {'cpu_ns': (float(used['user']) + float(used['system'])) * 1e9
                / self.packets, 'peak_kib': 0, 'wall': float(used['wall']),
                'lost': self.packets - (received() - before)}

    def daemon(self, target, rate, size, after):
        pid = int(open('/run/ovspan/ovspand.pid').read())
        sh('ovspan add-capture bench v0 %s options:ring=%dM'
           % (target, RING >> 20))
        warm = self.warm_up(rate, size)
        before = cpu_ns([pid])
        wall = self.load(self.packets, rate, size)
        time.sleep(after)
        used = cpu_ns([pid]) - before
        peak = peak_kib([pid])
        sh('ovspan del-capture bench')
        return {'cpu_ns': used / self.packets, 'peak_kib': peak, 'wall': wall,
                'sent': warm + self.packets}

    def ovspan_flows(self, rate):
        sink, port = self.sink()
        result = self.daemon('netflow5:127.0.0.1:%d,active=%d,inactive=%d'
                             % (port, ACTIVE, INACTIVE), rate, 100, EXPORTED)
        got = json.loads(sink.communicate()[0])
        return dict(result, lost=result['sent'] - got['flow_packets'])

    def ovspan_frames(self, rate, size):
        before = received()
        result = self.daemon('erspan2:' + COLLECTOR, rate, size, 0.5)
        return dict(result, lost=result['sent'] - (received() - before))

    def peer(self, make_argv, is_ready, rate):
        """A program that meters v0 and exports by itself."""
        sink, port = self.sink()
        log = open(self.conf['scratch'] + '/peer.log', 'w+')
        process = subprocess.Popen(make_argv(port), stdout=log, stderr=log,
                                   start_new_session=True)
        for _ in range(100):
            time.sleep(0.1)
            if is_ready():
                break
        warm = self.warm_up(rate, 100)
        pids = processes(process.pid)
        before = cpu_ns(pids)
        wall = self.load(self.packets, rate)
        time.sleep(EXPORTED + 3)
        used = cpu_ns(pids) - before
        peak = peak_kib(pids)
        process.send_signal(signal.SIGINT)
        for _ in range(100):
            time.sleep(0.1)
            # A process of it that has ended still counts until then.
            process.poll()
            if not processes(process.pid):
                break
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        got = json.loads(sink.communicate()[0])
        return {'cpu_ns': used / self.packets, 'peak_kib': peak, 'wall': wall,
                'lost': warm + self.packets - got['flow_packets']}

    def captures(self):
        """Packet sockets that are open."""
        return len(open('/proc/net/packet').readlines()) - 1

    def softflowd(self, rate):
        def argv(port):
            words = ['softflowd', '-d', '-i', 'v0', '-v', '5', '-m', '65536',
                     '-p', '/run/softflowd.pid', '-c', 'none',
                     '-n', '127.0.0.1:%d' % port]
            for name in 'tcp', 'udp', 'icmp', 'general':
                words += ['-t', '%s=%d' % (name, INACTIVE)]
            return words + ['-t', 'maxlife=%d' % ACTIVE, '-t', 'expint=1']

        return self.peer(argv, lambda: self.captures() > 0, rate)

    def pmacctd(self, rate):
        conf = self.conf['scratch'] + '/pmacctd.conf'

        def argv(port):
            with open(conf, 'w') as out:
                out.write('daemonize: false\npcap_interface: v0\n'
                          'aggregate: src_host, dst_host, src_port, dst_port, '
                          'proto, tos, tcpflags\nplugins: nfprobe\n'
                          'plugin_pipe_size: 67108864\n'
                          'plugin_buffer_size: 65536\n'
                          'pcap_buffer_size: %d\n'
                          'nfprobe_receiver: 127.0.0.1:%d\n'
                          'nfprobe_version: 5\nnfprobe_maxflows: 65536\n'
                          'nfprobe_timeouts: tcp=2:udp=2:icmp=2:general=2:'
                          'maxlife=60:expint=1\n' % (RING, port))
            return ['pmacctd', '-f', conf]

        def is_ready():
            # Its plugin sleeps for a while at the start.
            time.sleep(3 if self.captures() else 0)
            return self.captures() > 0

        return self.peer(argv, is_ready, rate)

    # What is done.

    def find_rate(self):
        """Half of what the counter takes without loss."""
        rate = self.packets / self.counter(0)['wall']
        while self.counter(rate)['lost']:
            rate *= 0.8
        return int(rate / 2)

    def idle_kib(self):
        for i in range(IDLE_TAPS // 2):
            sh('ip link add i%d type veth peer name j%d; ip link set i%d up; '
               'ip link set j%d up' % (i, i, i, i))
        sh('ovspan ' + ' -- '.join(
            'add-capture idle%s%d %s%d netflow5:127.0.0.1:9' % (side, i, side,
                                                                i)
            for i in range(IDLE_TAPS // 2) for side in 'ij'))
        pid = int(open('/run/ovspan/ovspand.pid').read())
        status = open('/proc/%d/status' % pid).read()
        sh('ovspan --all del-capture')
        return int(re.search(r'VmRSS:\s+(\d+)', status).group(1))


def rounds(lab, what, contenders):
    runs = {name: [] for name in contenders}
    for number in range(lab.conf['rounds']):
        for name, function in contenders.items():
            say('%s, round %d of %d: %s' % (what, number + 1,
                                            lab.conf['rounds'], name))
            runs[name].append(function())
    return runs


def inside(conf):
    make_lab(conf)
    lab = Lab(conf)
    say('looking for the rate of the bare counter')
    rate = lab.find_rate()
    sh('ovspan-ctl start --no-monitor')

    flows = {'libpcap loop': lambda: lab.counter(rate),
             'ovspan': lambda: lab.ovspan_flows(rate)}
    for peer in 'softflowd', 'pmacctd':
        if shutil.which(peer):
            flows[peer] = lambda peer=peer: getattr(lab, peer)(rate)
    results = {'rate': rate, 'frames': {},
               'flows': rounds(lab, 'NetFlow', flows)}
    for size in SIZES:
        results['frames'][size] = rounds(
            lab, 'ERSPAN of %d octets' % size,
            {'libpcap loop': lambda: lab.counter(rate, size),
             'packet socket': lambda: lab.sender('packet', size),
             'same, cold frames': lambda: lab.sender('-c packet', size),
             'raw socket': lambda: lab.sender('raw', size),
             'ovspan': lambda: lab.ovspan_frames(rate, size)})
    say('idle taps')
    results['idle_kib'] = lab.idle_kib()
    sh('ovspan-ctl stop')
    print(json.dumps(results), flush=True)


if __name__ == '__main__':
    inside(json.loads(sys.argv[1]))
