#!/usr/bin/env python3
"""bench.py -- compares ovspan with its peers; 'make bench' runs it.

See README.md.  Each part prints a table and the ratios that count.
"""
import argparse
import glob
import importlib
import json
import os
import sys

import harness

HERE = os.path.dirname(os.path.abspath(__file__))


def find_parts():
    names = sorted(glob.glob(os.path.join(HERE, 'part_*.py')))
    return [os.path.basename(name)[len('part_'):-len('.py')]
            for name in names]


def load(part):
    return importlib.import_module('part_' + part)


def parse_options():
    parser = argparse.ArgumentParser(
        description='Compares ovspan with its peers.',
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog='parts:\n' + '\n'.join(
            '  %-8s %s' % (part, load(part).__doc__.split(' -- ')[1]
                           .split('\n')[0])
            for part in find_parts()))
    parser.add_argument('parts', metavar='PART', nargs='*',
                        help='what to run (default: all)')
    parser.add_argument('--build', default='.', help='where it was built')
    parser.add_argument('--scratch', metavar='DIR', default=None,
                        help="for capture files (default: $TMPDIR)")
    parser.add_argument('--keep', action='store_true',
                        help='leave them there')
    parser.add_argument('--rounds', type=int, default=5,
                        help='runs of each, in turn (default: 5)')
    parser.add_argument('--packets', type=int, default=4000000,
                        help='of a capture file (default: 4000000)')
    parser.add_argument('--timeout', type=int, default=120,
                        help='seconds, of one run (default: 120)')
    parser.add_argument('--json', metavar='FILE',
                        help='write everything to FILE, too')
    options = parser.parse_args()
    unknown = set(options.parts) - set(find_parts())
    if unknown:
        parser.error('no such part: %s' % ', '.join(sorted(unknown)))
    if min(options.rounds, options.packets, options.timeout) < 1:
        parser.error('a number is less than 1')
    return options


def run_part(bench, part):
    """True unless it failed; what it cannot do here is no failure."""
    bench.part = part
    try:
        load(part).run(bench)
    except harness.Skip as skip:
        print('\n%s: not run: %s' % (part, skip))
        bench.result('skipped', {'why': str(skip)})
    except RuntimeError as error:
        bench.say('')
        print('\n%s: failed: %s' % (part, error))
        bench.result('failed', {'why': str(error)})
        return False
    return True


def main():
    options = parse_options()
    bench = harness.Bench(os.path.abspath(options.build), options.scratch,
                          options.rounds, options.packets, options.timeout)
    # In this order: who reads along sees figures as they come.
    sys.stdout.reconfigure(line_buffering=True)
    sys.path.insert(0, HERE)
    try:
        good = [run_part(bench, part)
                for part in options.parts or find_parts()]
    finally:
        bench.close(options.keep)
    if options.json:
        with open(options.json, 'w') as file:
            json.dump(bench.results, file, indent=1, sort_keys=True)
            file.write('\n')
    if bench.missed:
        print('\nTargets missed: %d' % bench.missed)
    return 0 if all(good) else 1


if __name__ == '__main__':
    sys.exit(main())
