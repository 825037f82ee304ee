#!/usr/bin/python3
"""A controller's view of ovspan: one capture over OVSDB, start to end.

States a capture in one transaction, waits until every live host has carried
it out, prints its taps with their reasons, and takes it back.

    capture.py --db=unix:/var/run/ovspan/db.sock \\
        web "G.V().Has('Name','vm1').Out().Has('Name','eth0')" \\
        netflow5:10.9.0.2:2055 erspan2:10.9.0.2,session=7

Exit status: 0 if every tap is active, 2 if one is not, 1 on an error.
Needs only Open vSwitch's Python library (Debian: python3-openvswitch): the
schema is asked of the server.
"""
import argparse
import re
import sys
import time

import ovs.db.idl
import ovs.jsonrpc
import ovs.poller
import ovs.stream
import ovs.util

TABLES = {
    "OVSpan_Global": ["next_cfg"],
    "Capture": ["name", "selector", "filter", "targets"],
    "Target": ["type", "address", "options"],
    "Host": ["name", "cur_cfg", "last_seen"],
    "Tap": ["host", "capture_name", "node_name", "backend", "state", "reason",
            "detail"],
}
OFFLINE_MS = 90 * 1000          # A host that was not seen for so long is off.


def fetch_schema(remote):
    """The schema of the database, as its server has it."""
    error, stream = ovs.stream.Stream.open_block(
        ovs.stream.Stream.open(remote))
    if error:
        sys.exit("capture.py: cannot connect to %s (%s)"
                 % (remote, ovs.util.ovs_retval_to_string(error)))
    connection = ovs.jsonrpc.Connection(stream)
    request = ovs.jsonrpc.Message.create_request("get_schema", ["OVSpan"])
    error, reply = connection.transact_block(request)
    connection.close()
    if error or reply.error:
        sys.exit("capture.py: %s has no database OVSpan" % remote)
    return reply.result


class Database:
    """A connection to the OVSpan database, with the tables above."""

    def __init__(self, remote, schema):
        helper = (ovs.db.idl.SchemaHelper(schema) if schema else
                  ovs.db.idl.SchemaHelper(schema_json=fetch_schema(remote)))
        for table, columns in TABLES.items():
            helper.register_columns(table, columns)
        self.idl = ovs.db.idl.Idl(remote, helper)

    def wait(self, what, condition, timeout):
        """Runs the connection until 'condition()' is true; returns it."""
        deadline = time.time() + timeout
        while True:
            self.idl.run()
            result = condition()
            if result:
                return result
            if time.time() >= deadline:
                sys.exit("capture.py: gave up waiting for " + what)
            poller = ovs.poller.Poller()
            self.idl.wait(poller)
            poller.timer_wait(1000)
            poller.block()

    def rows(self, table):
        return self.idl.tables[table].rows.values()

    def transact(self, comment, change):
        """Runs 'change(txn)' and commits it with next_cfg incremented;
        returns the new next_cfg."""
        while True:
            txn = ovs.db.idl.Transaction(self.idl)
            txn.add_comment(comment)
            change(txn)
            top = next(iter(self.rows("OVSpan_Global")), None)
            first = top is None
            if first:
                top = txn.insert(self.idl.tables["OVSpan_Global"])
                top.next_cfg = 1
            else:
                top.increment("next_cfg")
            status = txn.commit_block()
            if status == ovs.db.idl.Transaction.SUCCESS:
                return 1 if first else txn.get_increment_new_value()
            if status != ovs.db.idl.Transaction.TRY_AGAIN:
                sys.exit("capture.py: " + "%s: %s" % (status, txn.get_error()))


def parse_target(text):
    """TYPE:ADDRESS[,OPTION=VALUE]... as the columns of a Target row; also
    with "=" behind the type."""
    match = re.fullmatch("([^:=,]+)[:=]([^,]+)((?:,[^,=]+=[^,]*)*)", text)
    if not match:
        sys.exit("capture.py: %s: expected TYPE:ADDRESS[,OPTION=VALUE]..."
                 % text)
    kind, address = match.group(1), match.group(2)
    options = match.group(3).split(",")[1:]
    return kind, address, dict(o.split("=", 1) for o in options)


def add_capture(db, args):
    def change(txn):
        capture = txn.insert(db.idl.tables["Capture"])
        capture.name = args.name
        capture.selector = args.selector
        if args.filter:
            capture.filter = args.filter
        targets = []
        for kind, address, options in map(parse_target, args.targets):
            target = txn.insert(db.idl.tables["Target"])
            target.type = kind
            target.address = address
            target.options = options
            targets.append(target)
        capture.targets = targets
    return db.transact("capture.py: add " + args.name, change)


def del_capture(db, name):
    def change(txn):
        for row in list(db.rows("Capture")):
            if row.name == name:
                row.delete()
    return db.transact("capture.py: delete " + name, change)


def wait_hosts(db, cfg, timeout):
    """Until every live host has carried out configuration 'cfg'."""
    def behind():
        now = time.time() * 1000
        return [h for h in db.rows("Host")
                if h.last_seen > now - OFFLINE_MS and h.cur_cfg < cfg]
    db.wait("the hosts", lambda: not behind(), timeout)


def print_taps(db, name):
    """Prints the taps of a capture; returns True if all are active."""
    taps = [t for t in db.rows("Tap") if t.capture_name == name]
    if not taps:
        print("no host has a point that matches")
    for t in sorted(taps, key=lambda t: (t.host, t.node_name)):
        print("host=%s node=%s backend=%s state=%s reason=%s%s"
              % (t.host, t.node_name, t.backend, t.state, t.reason,
                 " (%s)" % t.detail if t.detail else ""))
    return bool(taps) and all(t.state == "active" for t in taps)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n")[0],
        epilog="The capture is taken back at the end, unless --keep.")
    parser.add_argument("--db", default="unix:/var/run/ovspan/db.sock")
    parser.add_argument("--schema", metavar="FILE",
                        help="the schema (default: asked of the server)")
    parser.add_argument("--timeout", type=float, default=30)
    parser.add_argument("--filter", help="pcap-filter(7) expression")
    parser.add_argument("--keep", action="store_true",
                        help="leave the capture there")
    parser.add_argument("name")
    parser.add_argument("selector")
    parser.add_argument("targets", nargs="+", metavar="TYPE:ADDRESS")
    args = parser.parse_args()

    db = Database(args.db, args.schema)
    db.wait("the database at " + args.db,
            lambda: db.idl.has_ever_connected(), args.timeout)
    if any(c.name == args.name for c in db.rows("Capture")):
        sys.exit("capture.py: there is a capture named %s already"
                 % args.name)

    wait_hosts(db, add_capture(db, args), args.timeout)
    active = print_taps(db, args.name)
    if not args.keep:
        wait_hosts(db, del_capture(db, args.name), args.timeout)
        left = [t for t in db.rows("Tap")
                if t.capture_name == args.name]
        print("taken back, %d taps left" % len(left))
    sys.exit(0 if active else 2)


if __name__ == "__main__":
    main()
