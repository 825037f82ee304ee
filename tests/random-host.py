#!/usr/bin/env python3
"""random-host.py -- does things to a host, at random.

usage: random-host.py SEED STEPS PID

In the namespace that it runs in, in others that it makes, and in the Open
vSwitch of OVS_RUNDIR: links come and go, are renamed, moved, set up and down,
get other addresses; namespaces and what lives in them are deleted; bridges and
ports are added, changed, moved, removed; the process PID, which looks on, is
stopped for a while.  What fails because it cannot be (a name that is taken,
say) is left out.  The same seed gives the same commands.  At the end it makes
a link "marker", by which others know that all is done.
"""
import os
import random
import signal
import subprocess
import sys

PLACES = ['', 'r1', 'r2', 'r3', 'r4']
NAMES = ['x%d' % i for i in range(12)]
# Of internal ports, which OVS goes by: they are not renamed, since who comes
# later could not know them again.
INTERNAL = ['i%d' % i for i in range(4)]
BRIDGES = ['rb0', 'rb1', 'rb2']


class Host:
    def __init__(self, seed, pid):
        self.random = random.Random(seed)
        self.pid = pid
        self.log = open('commands', 'w')

    def run(self, *argv):
        result = subprocess.run(argv, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, check=False)
        self.log.write('%d %s\n' % (result.returncode, ' '.join(argv)))
        self.log.flush()

    def ip(self, place, *argv):
        self.run('ip', *(['-n', place] if place else []), *argv)

    def place(self):
        return self.random.choice(PLACES)

    def name(self, names=tuple(NAMES + INTERNAL)):
        return self.random.choice(names)

    def mac(self):
        return '02:00:00:00:%02x:%02x' % (self.random.randrange(256),
                                          self.random.randrange(256))

    # What can happen.

    def add_netns(self):
        self.run('ip', 'netns', 'add', self.random.choice(PLACES[1:]))

    def del_netns(self):
        self.run('ip', 'netns', 'del', self.random.choice(PLACES[1:]))

    def add_veth(self):
        there = self.place()
        words = ['type', 'veth', 'peer', 'name', self.name()]
        if there:
            words += ['netns', there]
        index = []
        if self.random.random() < 0.3:
            index = ['index', str(self.random.randrange(100, 120))]
        self.ip(self.place(), 'link', 'add', self.name(), *index, *words)

    def add_kind(self):
        kind = self.random.choice(['bridge', 'ifb', 'macvlan', 'vxlan'])
        words = ['link', self.name()] if kind == 'macvlan' else []
        self.ip(self.place(), 'link', 'add', *words, 'name', self.name(),
                'type', kind, *(['id', '7'] if kind == 'vxlan' else []))

    def add_tap(self):
        self.ip(self.place(), 'tuntap', 'add', self.name(NAMES), 'mode',
                'tap')

    def del_link(self):
        self.ip(self.place(), 'link', 'del', self.name())

    def rename(self):
        place, name = self.place(), self.name(NAMES)
        self.ip(place, 'link', 'set', name, 'down')
        self.ip(place, 'link', 'set', name, 'name', self.name(NAMES))

    def move(self):
        there = self.random.choice(PLACES[1:] + ['1'])
        self.ip(self.place(), 'link', 'set', self.name(), 'netns', there)

    def move_and_rename(self):
        there = self.random.choice(PLACES[1:])
        self.ip(self.place(), 'link', 'set', self.name(NAMES), 'netns', there,
                'name', self.name(NAMES))

    def set_mac(self):
        self.ip(self.place(), 'link', 'set', self.name(), 'address',
                self.mac())

    def set_state(self):
        self.ip(self.place(), 'link', 'set', self.name(),
                self.random.choice(['up', 'down']))

    def set_mtu(self):
        self.ip(self.place(), 'link', 'set', self.name(), 'mtu',
                str(self.random.choice([1280, 1400, 1500])))

    def set_master(self):
        self.ip(self.place(), 'link', 'set', self.name(), 'master',
                self.name())

    def address(self):
        n = self.random.randrange(4)
        words = self.random.choice([
            ['10.99.%d.1/24' % n], ['fd99::%d/64' % n, 'nodad'],
            ['10.99.9.1', 'peer', '10.99.9.%d' % (2 + n)]])
        self.ip(self.place(), 'address', self.random.choice(['add', 'del']),
                *words, 'dev', self.name())

    def ovs(self, *argv):
        self.run('ovs-vsctl', '--timeout=10', *argv)

    def add_bridge(self):
        bridge = self.random.choice(BRIDGES)
        self.ovs('--may-exist', 'add-br', bridge, '--', 'set', 'Bridge',
                 bridge, 'datapath_type=netdev')

    def del_bridge(self):
        self.ovs('--if-exists', 'del-br', self.random.choice(BRIDGES))

    def add_port(self):
        name = self.name()
        if name in INTERNAL:
            words = ['type=internal']
        else:
            words = self.random.choice([
                ['external_ids:iface-id=' + name], ['type=tap'],
                ['type=patch', 'options:peer=' + self.name()],
                ['type=vxlan', 'options:remote_ip=192.0.2.9']])
        self.ovs('add-port', self.random.choice(BRIDGES), name, '--', 'set',
                 'Interface', name, *words)

    def move_port(self):
        words = ['--', '--id=@p', 'get', 'Port', self.name()]
        for bridge in BRIDGES:
            words += ['--', '--if-exists', 'remove', 'Bridge', bridge,
                      'ports', '@p']
        self.ovs(*words, '--', 'add', 'Bridge', self.random.choice(BRIDGES),
                 'ports', '@p')

    def del_port(self):
        self.ovs('--if-exists', 'del-port', self.name())

    def change_port(self):
        name = self.name()
        self.ovs(*self.random.choice([
            ['set', 'Port', name, 'tag=%d' % self.random.randrange(1, 99)],
            ['clear', 'Port', name, 'tag'],
            ['set', 'Interface', name, 'external_ids:n=%d'
             % self.random.randrange(99)]]))

    def mirror(self):
        bridge = self.random.choice(BRIDGES)
        self.ovs('--', '--id=@o', 'get', 'Port', self.name(), '--', '--id=@m',
                 'create', 'Mirror', 'name=m', 'select_all=true',
                 'output_port=@o', '--', 'set', 'Bridge', bridge,
                 'mirrors=@m')

    def stop(self):
        os.kill(self.pid, signal.SIGSTOP)

    def go_on(self):
        os.kill(self.pid, signal.SIGCONT)

    def step(self):
        actions = [
            (self.stop, 2), (self.go_on, 4),
            (self.add_netns, 4), (self.del_netns, 2), (self.add_veth, 12),
            (self.add_kind, 5), (self.add_tap, 3), (self.del_link, 4),
            (self.rename, 5), (self.move, 8), (self.move_and_rename, 4),
            (self.set_mac, 4), (self.set_state, 6),
            (self.set_mtu, 3), (self.set_master, 3), (self.address, 6),
            (self.add_bridge, 2), (self.del_bridge, 1), (self.add_port, 8),
            (self.del_port, 4), (self.move_port, 3), (self.change_port, 4),
            (self.mirror, 2)]
        functions, weights = zip(*actions)
        self.random.choices(functions, weights)[0]()


def main():
    seed, steps, pid = sys.argv[1:4]
    print('seed %s, %s steps' % (seed, steps))
    host = Host(seed, int(pid))
    for place in PLACES[1:]:
        host.run('ip', 'netns', 'add', place)
    for bridge in BRIDGES:
        host.ovs('add-br', bridge, '--', 'set', 'Bridge', bridge,
                 'datapath_type=netdev')
    for _ in range(int(steps)):
        host.step()
    host.go_on()
    host.ip('', 'link', 'add', 'marker', 'type', 'ifb')


if __name__ == '__main__':
    main()
