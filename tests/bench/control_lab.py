"""control_lab.py -- how soon a new port is captured, in the lab.

usage: control_lab.py BUILD TOP PORTS

Runs in namespaces of its own, with a /run of its own (see part_control.py):
brings the lab of examples/lab up, with a real switch, states a capture of all
ports named p*, and adds PORTS of them, one after another.  The clock runs from
before 'ovs-vsctl add-port' starts, so that its own time counts too, until the
database says that the port's tap is active.  Prints, as JSON, the times in
seconds: "active", and of these "add_port", until ovs-vsctl ended.
"""
import json
import os
import subprocess
import sys
import time

SELECTOR = "G.V().Has('Type','ovsport','Name',Regex('p[0-9]+'))"
DEADLINE = 10                   # Seconds for one port.


def lab_environment(build, top):
    env = dict(os.environ, OVSPAN_PKGDATADIR=os.path.join(top, 'ovsdb'))
    env['PATH'] = ':'.join([os.path.join(build, 'src/cli'),
                            os.path.join(build, 'src/daemon'),
                            os.path.join(top, 'utilities'),
                            os.path.join(build, 'utilities'), env['PATH']])
    script = '. %s/examples/lab/env && env' % top
    text = subprocess.run(['sh', '-c', script], env=env, check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    return dict(line.split('=', 1) for line in text.splitlines()
                if '=' in line)


class Taps:
    """Follows the taps in the database as it tells of them."""

    def __init__(self, env):
        self.monitor = subprocess.Popen(
            ['ovsdb-client', '--format=csv', '--no-headings', 'monitor',
             'unix:%s/db.sock' % env['OVSPAN_RUNDIR'], 'OVSpan', 'Tap',
             'node_name,state'], env=env, text=True, bufsize=1,
            stdout=subprocess.PIPE)

    def wait_active(self, name):
        deadline = time.monotonic() + DEADLINE
        for line in self.monitor.stdout:
            now = time.monotonic()
            if name in line and 'active' in line:
                return now
            if now > deadline:
                break
        sys.exit('%s: not active within %d s' % (name, DEADLINE))

    def close(self):
        self.monitor.kill()
        self.monitor.wait()


def main():
    build, top, ports = sys.argv[1:4]
    env = lab_environment(build, top)

    def run(*argv):
        subprocess.run(argv, env=env, check=True, stdout=subprocess.DEVNULL)

    run(os.path.join(top, 'examples/lab/up'))
    run('ovspan', 'add-capture', 'c', SELECTOR, 'erspan2:10.9.0.2')
    taps = Taps(env)
    active, add_port = [], []
    for i in range(int(ports)):
        name = 'p%d' % i
        run('ip', '-n', 'lab', 'link', 'add', name, 'type', 'veth', 'peer',
            'name', 'q%d' % i)
        run('ip', '-n', 'lab', 'link', 'set', name, 'up')
        run('ip', '-n', 'lab', 'link', 'set', 'q%d' % i, 'up')
        start = time.monotonic()
        run('ovs-vsctl', 'add-port', 'br0', name)
        add_port.append(time.monotonic() - start)
        active.append(taps.wait_active(name) - start)
    taps.close()
    run(os.path.join(top, 'examples/lab/down'))
    print(json.dumps({'active': active, 'add_port': add_port}))


if __name__ == '__main__':
    main()
