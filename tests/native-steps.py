#!/usr/bin/python3
"""native-steps.py -- a random story of native captures, a command a line.

    native-steps.py SEED COUNT

Captures come, change and go, ports and bridges too, ovspand is killed, and
others edit the switch, rows of ours among it.  The same seed tells the same
story.  Uses no code of ovspan.
"""
import random
import sys

TARGETS = ["veth1 erspan2:10.8.0.2,session=%d backend=ovs",
           "veth2 gre:10.8.0.2,key=%d backend=ovs",
           "br0 span:s%d", "veth2 rspan:%d", "br0 sflow:10.9.0.%d",
           "br0 ipfix:10.9.0.%d", "br0 netflow5:10.9.0.%d backend=ovs",
           "veth1 erspan2:10.9.0.2,session=%d"]
KILL = "kill -9 $(cat $OVSPAN_RUNDIR/ovspand.pid)"


def add(rng):
    target = rng.choice(TARGETS) % rng.randint(2, 9)
    return ("ovspan --no-wait --if-exists del-capture c%d -- add-capture c%d "
            % (2 * (rng.randint(0, 5),)) + target)


def delete(rng):
    return "ovspan --no-wait --if-exists del-capture c%d" % rng.randint(0, 5)


def change(rng):
    return ("ovspan --no-wait set Capture c%d direction=%s"
            % (rng.randint(0, 5), rng.choice(["ingress", "egress", "both"])))


def port(rng):
    name = "veth%d" % rng.randint(1, 2)
    return rng.choice(["ovs-vsctl --no-wait --if-exists del-port %s",
                       "ovs-vsctl --no-wait --may-exist add-port br0 %s",
                       "ovs-vsctl --no-wait --if-exists del-port %s -- "
                       "add-port br0 %s"]).replace("%s", name)


def kill(_):
    return KILL


def alien(rng):
    return ("ovs-vsctl --no-wait set Bridge br0 external_ids:x=%d"
            % rng.randint(0, 99))


def theft(rng):
    return rng.choice(["ovs-vsctl --no-wait clear Bridge br0 sflow",
                       "ovs-vsctl --no-wait clear Bridge br0 ipfix",
                       "ovs-vsctl --no-wait clear Bridge br0 netflow",
                       "ovs-vsctl --no-wait --if-exists del-port s3"])


def main(seed, count):
    rng = random.Random(seed)
    thefts = 0
    for _ in range(count):
        step = rng.choices([add, delete, change, port, kill, alien, theft],
                           [40, 15, 15, 12, 3, 10, 5])[0]
        if step is theft:
            thefts += 1
            if thefts > 6:
                step = alien
        print(step(rng))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(int(sys.argv[1]), int(sys.argv[2]))
