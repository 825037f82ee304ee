#!/usr/bin/env python3
"""large-graph.py -- what a graph costs, in units that no machine changes.

usage: large-graph.py PROGRAM-DIR SCHEMA-DIR

In namespaces of its own, with the host of tests/bench/large_host.py: what is
looked at for the first graph and for one change, and the memory of a port with
its two links.  Prints what is out of bounds, and nothing else.
"""
import json
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, 'bench'))
import large_host                                       # noqa: E402

PORTS, LINKS, NAMESPACES = 1000, 2000, 20
# 10,000 ports have to fit into 100 MB, of which the daemon itself takes 8.
MOST_KB_A_PORT = 9.2


def work(host):
    """Entities rendered, and edges looked at."""
    return sum(int(host.ask('coverage/read-counter', counter))
               for counter in ('topo_render', 'topo_edge_hold'))


def count(host, *pairs):
    text = "G.V().Has(%s).Count()" % ','.join("'%s'" % p for p in pairs)
    return json.loads(host.ask('query', text))


def wait_for(host, wanted, *pairs):
    deadline = time.monotonic() + 60
    while count(host, *pairs) != wanted:
        if time.monotonic() > deadline:
            sys.exit('not seen within 60 s: %s' % (pairs,))


def wait_for_edges(host, wanted):
    text = "G.E().Has('RelationType','mirroring').Count()"
    deadline = time.monotonic() + 60
    while json.loads(host.ask('query', text)) != wanted:
        if time.monotonic() > deadline:
            sys.exit('no mirror within 60 s')


def add_mirror(host):
    output = host.ovs.transact({
        'op': 'select', 'table': 'Port', 'where': [['name', '==', 'x1']],
        'columns': ['_uuid']})[0]['rows'][0]['_uuid']
    host.ovs.transact(
        {'op': 'insert', 'table': 'Mirror', 'uuid-name': 'm',
         'row': {'name': 'm0', 'select_all': True, 'output_port': output}},
        {'op': 'update', 'table': 'Bridge', 'where': [],
         'row': {'mirrors': ['named-uuid', 'm']}})


def expect(what, value, most):
    if value > most:
        print('%s: %.1f, at most %.1f' % (what, value, most))


def memory_of_nothing(host):
    host.start()
    memory = host.daemon.memory('VmRSS')
    host.stop()
    return memory


def check_changes(host):
    """One change takes what it is about, however much else there is."""
    changes = [
        ('a port', lambda: host.add_ports([('x1', 0)]),
         (1, 'Name', 'x1', 'Type', 'ovsport'), 12),
        ('a mirror of all ports', lambda: add_mirror(host), None, 5 * PORTS),
        ('a port in a mirror', lambda: host.add_ports([('x2', 0)]),
         (1, 'Name', 'x2', 'Type', 'ovsport'), 14),
        ('a pair of links', lambda: large_host.run(
            'ip', 'link', 'add', 'y1', 'type', 'veth', 'peer', 'name', 'y2'),
         (1, 'Name', 'y2'), 16),
        ('a changed row', lambda: host.ovs.transact(
            {'op': 'update', 'table': 'Interface',
             'where': [['name', '==', 'veth7']],
             'row': {'external_ids': ['map', [['iface-id', 'other']]]}}),
         (1, 'ExtID.iface-id', 'other'), 12),
        ('a changed bridge', lambda: host.ovs.transact(
            {'op': 'update', 'table': 'Bridge', 'where': [],
             'row': {'external_ids': ['map', [['k', 'v']]]}}),
         (1, 'ExtID.k', 'v'), 4),
        ('a renamed link', lambda: large_host.run(
            'ip', 'link', 'set', 'y1', 'name', 'y3'),
         (1, 'Name', 'y3'), 8)]
    for what, change, seen, most in changes:
        before = work(host)
        change()
        if seen:
            wait_for(host, *seen)
        else:
            wait_for_edges(host, PORTS)
        expect('work for ' + what, work(host) - before, most)


def main():
    programs, schemas = sys.argv[1:3]
    host = large_host.Host(programs, schemas, PORTS, LINKS, NAMESPACES)
    memory = memory_of_nothing(host)
    host.make_links()
    host.make_ports()
    host.start()
    wait_for(host, PORTS, 'Type', 'ovsport')
    wait_for(host, LINKS, 'Type', 'veth')
    # Links, ports, interfaces, namespaces with a device each; the rest.
    # Each link has an owner and a peer, each port and interface two edges.
    expect('work at first', work(host),
           3 * LINKS + 6 * PORTS + 6 * NAMESPACES + 50)
    with open(programs + '/src/daemon/ovspand', 'rb') as program:
        sanitized = b'__asan_init' in program.read()
    if not sanitized:           # Those have a memory of their own.
        expect('kB of memory for a port and its links',
               (host.daemon.memory('VmRSS') - memory) * 1024 / PORTS,
               MOST_KB_A_PORT)
    check_changes(host)
    host.stop()


if __name__ == '__main__':
    main()
