#!/usr/bin/env python3
"""large_host.py -- a large host that does not exist, and ovspand on it.

usage: large_host.py PROGRAM-DIR SCHEMA-DIR PORTS LINKS NAMESPACES

Runs in namespaces of its own (part_topology.py makes them): real links, rows in
a real ovsdb-server, no switch.  Prints a JSON object of figures.
"""
import json
import os
import socket
import subprocess
import sys
import threading
import time

RUN = '/run/large'
SCHEMA = '/usr/share/openvswitch/vswitch.ovsschema'


def run(*argv, **options):
    return subprocess.run(argv, check=True, text=True, **options)


class Database:
    """A JSON-RPC connection to an ovsdb-server."""

    def __init__(self, path, name):
        self.name = name
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.decoder = json.JSONDecoder()
        self.buffer = ''

    def send(self, message):
        self.socket.sendall(json.dumps(message).encode())

    def transact(self, *operations):
        self.send({'method': 'transact', 'id': 1,
                   'params': [self.name] + list(operations)})
        while True:
            message = self.receive()
            if message.get('method') == 'echo':
                self.send({'id': message['id'], 'error': None,
                           'result': message['params']})
            elif message.get('id') == 1:
                bad = [r for r in message['result'] if r and 'error' in r]
                if message['error'] or bad:
                    raise RuntimeError(str(message['error'] or bad))
                return message['result']

    def receive(self):
        while True:
            try:
                message, end = self.decoder.raw_decode(self.buffer)
                self.buffer = self.buffer[end:].lstrip()
                return message
            except ValueError:
                data = self.socket.recv(1 << 20)
                if not data:
                    raise RuntimeError('the database went away')
                self.buffer += data.decode()


class Daemon:
    def __init__(self, program, *options):
        self.process = subprocess.Popen((program,) + options)
        self.pid = self.process.pid

    def cpu(self):
        """Seconds of CPU time of all its threads, to the nanosecond."""
        total = 0
        tasks = '/proc/%d/task' % self.pid
        for task in os.listdir(tasks):
            with open('%s/%s/schedstat' % (tasks, task)) as stat:
                total += int(stat.read().split()[0])
        return total / 1e9

    def memory(self, key):
        with open('/proc/%d/status' % self.pid) as status:
            for line in status:
                if line.startswith(key + ':'):
                    return int(line.split()[1]) / 1024
        return 0

    def settle(self):
        """Until it has nothing to do."""
        quiet, last = 0, self.cpu()
        while quiet < 5:
            time.sleep(0.05)
            now = self.cpu()
            quiet = quiet + 1 if now - last < 0.002 else 0
            last = now


class Host:
    def __init__(self, programs, schemas, ports, links, namespaces):
        self.programs = programs
        self.ports, self.links = ports, links
        self.namespaces = namespaces
        self.figures = {'ports': ports, 'links': links}
        os.makedirs(RUN)
        os.makedirs('/run/netns', exist_ok=True)
        for key in ('OVS_RUNDIR', 'OVSPAN_RUNDIR', 'OVSPAN_DBDIR',
                    'OVSPAN_LOGDIR'):
            os.environ[key] = RUN
        self.ovs = self.serve('ovs', SCHEMA, 'Open_vSwitch')
        self.span = self.serve('span', schemas + '/ovspan.ovsschema', 'OVSpan')
        self.span.transact({'op': 'insert', 'table': 'OVSpan_Global', 'row': {
            'options': ['map', [['publish-topology', 'false']]]}})

    def serve(self, name, schema, database):
        file, sock = RUN + '/%s.db' % name, RUN + '/%s.sock' % name
        run('ovsdb-tool', 'create', file, schema)
        run('ovsdb-server', file, '--remote=punix:' + sock, '--detach',
            '--no-chdir', '--pidfile=%s/%s.pid' % (RUN, name),
            '--unixctl=%s/%s.ctl' % (RUN, name), '-vconsole:off')
        return Database(sock, database)

    def make_links(self):
        """Pairs of veths, one end of each in a namespace; no IPv6, which would
        only make the kernel slow."""
        for scope in ('all', 'default'):
            with open('/proc/sys/net/ipv6/conf/%s/disable_ipv6' % scope,
                      'w') as conf:
                conf.write('1')
        lines = ['netns add ns%d' % i for i in range(self.namespaces)]
        run('ip', '-batch', '-', input='\n'.join(lines) + '\n')
        lines = ['link add veth%d index %d type veth peer name eth%d netns ns%d'
                 % (i, 1000 + i, i, i % self.namespaces)
                 for i in range(self.links // 2)]
        run('ip', '-batch', '-', input='\n'.join(lines) + '\n')

    def port_rows(self, name, ifindex, extra=''):
        uuid = name + extra
        return [{'op': 'insert', 'table': 'Interface', 'uuid-name': 'i' + uuid,
                 'row': {'name': name, 'ifindex': ifindex,
                         'mac_in_use': '02:00:00:00:00:01', 'ofport': 1,
                         'external_ids': ['map', [['iface-id',
                                                   'id-' + name]]]}},
                {'op': 'insert', 'table': 'Port', 'uuid-name': 'p' + uuid,
                 'row': {'name': name,
                         'interfaces': ['named-uuid', 'i' + uuid]}}]

    def make_ports(self):
        bridge = self.ovs.transact(
            {'op': 'insert', 'table': 'Bridge', 'uuid-name': 'b',
             'row': {'name': 'br0'}},
            {'op': 'insert', 'table': 'Open_vSwitch', 'row': {
                'bridges': ['named-uuid', 'b'],
                'external_ids': ['map', [['system-id', 'large']]]}})
        self.bridge = bridge[0]['uuid'][1]
        for start in range(0, self.ports, 500):
            n = min(500, self.ports - start)
            self.add_ports([('veth%d' % i, 1000 + i)
                            for i in range(start, start + n)])

    def add_ports(self, ports):
        operations, uuids = [], []
        for name, ifindex in ports:
            operations += self.port_rows(name, ifindex)
            uuids.append(['named-uuid', 'p' + name])
        return self.ovs.transact(*operations, {
            'op': 'mutate', 'table': 'Bridge',
            'where': [['_uuid', '==', ['uuid', self.bridge]]],
            'mutations': [['ports', 'insert', ['set', uuids]]]})

    def del_port(self, uuid):
        self.ovs.transact({
            'op': 'mutate', 'table': 'Bridge',
            'where': [['_uuid', '==', ['uuid', self.bridge]]],
            'mutations': [['ports', 'delete', ['set', [['uuid', uuid]]]]]})

    def ask(self, command, *arguments):
        """An answer of the daemon's, without a process that would ask."""
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(RUN + '/ovspand.ctl')
            s.sendall(json.dumps({'id': 1, 'method': command,
                                  'params': list(arguments)}).encode())
            text = ''
            while True:
                text += s.recv(1 << 20).decode()
                try:
                    return json.loads(text)['result']
                except ValueError:
                    pass

    def start(self):
        began = time.monotonic()
        self.daemon = Daemon(self.programs + '/src/daemon/ovspand',
                             '--db=unix:%s/span.sock' % RUN,
                             '--ovs-db=unix:%s/ovs.sock' % RUN,
                             '--unixctl=%s/ovspand.ctl' % RUN,
                             '--pidfile=%s/ovspand.pid' % RUN,
                             '-vconsole:off')
        while (not os.path.exists(RUN + '/ovspand.ctl')
               or not json.loads(self.ask('status'))['ready']):
            time.sleep(0.02)
        self.figures['start_wall'] = time.monotonic() - began
        self.figures['start_cpu'] = self.daemon.cpu()
        self.daemon.settle()
        self.figures['settled_cpu'] = self.daemon.cpu()
        self.figures['rss_mb'] = self.daemon.memory('VmRSS')
        self.figures['peak_mb'] = self.daemon.memory('VmHWM')

    def cost(self, times, action):
        """Seconds of CPU that the daemon takes for each 'action', all in."""
        self.daemon.settle()
        before = self.daemon.cpu()
        for i in range(times):
            action(i)
        self.daemon.settle()
        return (self.daemon.cpu() - before) / times

    def time_queries(self):
        last = self.ports - 1
        name = "G.V().Has('Name','veth%d')" % last
        path = ("G.V().Has('Name','eth%d').ShortestPathTo(Metadata('Name',"
                "'eth%d'))" % (last, last // 2))
        for key, times, text in (
                ('has', 200, name),
                ('has_ext', 200, "G.V().Has('ExtID.iface-id','id-veth%d')"
                 % last),
                ('path', 10, path),
                ('regex', 5, "G.V().Has('Name',Regex('veth%d'))" % last)):
            assert self.ask('query', text) not in ('[]', None), text
            self.figures[key] = self.cost(
                times, lambda _: self.ask('query', text))

    def time_ports(self):
        uuids = []
        self.figures['add_port'] = self.cost(20, lambda i: (
            uuids.append(self.add_ports([('x%d' % i, 0)])[1]['uuid'][1]),
            time.sleep(0.05)))
        self.figures['del_port'] = self.cost(20, lambda i: (
            self.del_port(uuids[i]), time.sleep(0.05)))
        self.figures['add_link'] = self.cost(20, lambda i: (
            run('ip', 'link', 'add', 'y%d' % i, 'type', 'veth', 'peer',
                'name', 'z%d' % i), time.sleep(0.05)))

    def wait_for(self, text, wanted):
        """Seconds until the query 'text' has the answer 'wanted'."""
        began = time.monotonic()
        while json.loads(self.ask('query', text)) != wanted:
            pass
        return time.monotonic() - began

    def change_links(self, i, netns):
        """How late each of some changes shows, once its command has ended."""
        def count(*pairs):
            return "G.V().Has(%s).Count()" % ','.join("'%s'" % p
                                                      for p in pairs)

        old, new = 'l%d' % i, 'm%d' % i
        mac, address = '02:00:00:01:00:%02x' % i, '10.77.%d.1/24' % i
        for command, text, wanted in (
                ('netns add ' + netns, count('Name', netns), 1),
                ('link add %s type veth peer name p%d' % (old, i),
                 count('Name', old), 1),
                ('link set %s name %s' % (old, new), count('Name', new), 1),
                ('link set %s address %s' % (new, mac), count('MAC', mac), 1),
                ('address add %s dev %s' % (address, new),
                 count('IPV4', address), 1),
                ('link set %s up' % new,
                 count('Name', new, 'LinkFlags', 'UP'), 1),
                ('link set %s down' % new,
                 count('Name', new, 'LinkFlags', 'UP'), 0),
                ('link set %s netns %s' % (new, netns),
                 "G.V().Has('Name','%s').Out('Name','%s').Count()"
                 % (netns, new), 1),
                ('netns del ' + netns, count('Name', netns), 0)):
            run('ip', *command.split())
            yield self.wait_for(text, wanted)

    def change_rows(self, i):
        name = 'row%d' % i
        for _ in range(2):
            port = self.add_ports([(name, 0)])[1]['uuid'][1]
            yield self.wait_for("G.V().Has('Name','%s','Type','ovsport')"
                                ".Count()" % name, 1)
            self.del_port(port)
            yield self.wait_for("G.V().Has('Name','%s').Count()" % name, 0)

    def time_changes(self):
        late = []
        for i in range(10):
            late += self.change_links(i, 'live%d' % i)
            late += self.change_rows(i)
        self.figures['change_late'] = max(late)

    def follow(self):
        """1,000 ports a second change; how late is the last?"""
        self.daemon.settle()
        before, began, late = self.daemon.cpu(), time.monotonic(), []
        for step in range(30):
            number = str(step)
            self.ovs.transact(*[
                {'op': 'update', 'table': 'Interface',
                 'where': [['name', '==', 'veth%d' % i]],
                 'row': {'external_ids': ['map', [['iface-id', number]]]}}
                for i in range(100)])
            asked = time.monotonic()
            while json.loads(self.ask(
                    'query', "G.V().Has('ExtID.iface-id','%s').Count()"
                    % number)) != 100:
                time.sleep(0.002)
            late.append(time.monotonic() - asked)
            time.sleep(max(0, began + (step + 1) * 0.1 - time.monotonic()))
        self.figures['follow_seconds'] = time.monotonic() - began
        self.figures['follow_late'] = max(late)
        self.figures['follow_cpu'] = ((self.daemon.cpu() - before)
                                      / self.figures['follow_seconds'])

    def time_burst(self, points=100):
        """That many points are captured at once: how long does it take, and
        how late is an answer meanwhile?"""
        late, done = [0], threading.Event()

        def ask():
            while not done.is_set():
                began = time.monotonic()
                self.ask('query', "G.V().Has('Name','veth0')")
                late.append(time.monotonic() - began)
                time.sleep(0.005)

        run('ip', '-batch', '-', input=''.join(
            'link set veth%d up\n' % i for i in range(points)))
        self.daemon.settle()
        asker = threading.Thread(target=ask)
        asker.start()
        began = time.monotonic()
        names = '|'.join(str(i) for i in range(points))
        self.tool('add-capture', 'burst',
                  "G.V().Has('Name',Regex('veth(%s)'),'Type','veth')" % names,
                  'netflow5:127.0.0.1:2055')
        self.figures['burst'] = time.monotonic() - began
        self.tool('del-capture', 'burst')
        self.figures['burst_gone'] = (time.monotonic() - began
                                      - self.figures['burst'])
        done.set()
        asker.join()
        self.figures['burst_late'] = max(late)

    def tool(self, *argv):
        run(self.programs + '/src/cli/ovspan', '--db=unix:%s/span.sock' % RUN,
            *argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def time_publishing(self):
        """A tap that is asked for while 'publish-topology' is turned on."""
        def capture(name):
            began = time.monotonic()
            self.tool('add-capture', name, 'ns0/eth0',
                      'netflow5:127.0.0.1:2055')
            return time.monotonic() - began

        run('ip', '-n', 'ns0', 'link', 'set', 'eth0', 'up')
        self.figures['tap_idle'] = min(capture('idle%d' % i)
                                       for i in range(3))
        self.span.transact({'op': 'update', 'table': 'OVSpan_Global',
                            'where': [], 'row': {'options': ['map', [[
                                'publish-topology', 'true']]]}})
        time.sleep(0.3)
        self.figures['tap_publishing'] = max(capture('busy%d' % i)
                                             for i in range(3))
        self.daemon.settle()
        count = self.span.transact({'op': 'select', 'table': 'Node',
                                    'where': [], 'columns': ['id']})
        self.figures['nodes'] = len(count[0]['rows'])
        self.figures['rss_publishing_mb'] = self.daemon.memory('VmRSS')
        uuids = []
        self.figures['add_port_publishing'] = self.cost(20, lambda i: (
            uuids.append(self.add_ports([('w%d' % i, 0)])[1]['uuid'][1]),
            time.sleep(0.1)))

    def stop(self):
        self.daemon.process.terminate()
        self.daemon.process.wait()


def main():
    programs, schemas = sys.argv[1:3]
    host = Host(programs, schemas, *[int(n) for n in sys.argv[3:6]])
    host.make_links()
    host.make_ports()
    host.start()
    host.time_queries()
    host.time_ports()
    host.time_changes()
    host.follow()
    host.time_burst()
    host.time_publishing()
    host.stop()
    print(json.dumps(host.figures))


if __name__ == '__main__':
    main()
