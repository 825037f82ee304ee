"""harness.py -- what the parts of 'make bench' share: inputs, runs, tables.

A part (part_NAME.py, found by its name) has a docstring, whose first line is
shown in a list, and run(bench).  It gets a Bench and uses, of it:

    bench.capture(flows=..., snaplen=...)   a capture file, made once
    bench.program('src/cli/ovspan')         the path of what was built
    bench.measure([...])                    one run of a command -> Run
    bench.with_sink(lambda port: [...])     the same, with a collector
    bench.rounds([(name, function), ...])   A B C A B C ... -> {name: [Run]}
    bench.table(...), bench.figure(...)     what is printed, and in the JSON

Nothing here knows what is measured.  Every process that is started here ends
before the function that started it does.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

WIDTH = 79


class Skip(Exception):
    """A part, or a contender, that cannot run here; says why."""


class Run:
    """One run of a command: what it used, and what its collector got."""

    def __init__(self, result, output, sink=None):
        self.status = result['status']
        self.user = result['user']
        self.system = result['system']
        self.cpu = self.user + self.system
        self.wall = result['wall']
        self.peak_kib = result['peak_kib']
        self.output = output
        self.sink = sink or {}

    def as_dict(self):
        return {key: value for key, value in vars(self).items()
                if key != 'output'}


def median(runs, key):
    return statistics.median(key(run) for run in runs)


def ratio(runs, over, under, key):
    """The median of the ratios of each round: what disturbs a round disturbs
    both of its runs."""
    return statistics.median(key(a) / key(b)
                             for a, b in zip(runs[over], runs[under]))


def cpu(run):
    return run.cpu


def wall(run):
    return run.wall


def peak_kib(run):
    return run.peak_kib


class Bench:
    def __init__(self, build, scratch, rounds, packets, timeout):
        self.build = build
        self.n_rounds = rounds
        self.packets = packets      # Of a capture file, unless it says so.
        self.timeout = timeout      # Seconds, of one run.
        self.scratch = tempfile.mkdtemp(prefix='ovspan-bench-', dir=scratch)
        self.part = None
        self.results = {}
        self.missed = 0

    def close(self, keep):
        if keep:
            print('\nKept: %s' % self.scratch)
        else:
            shutil.rmtree(self.scratch, ignore_errors=True)

    # Inputs.

    def program(self, name):
        return os.path.join(self.build, name)

    def path(self, name):
        return os.path.join(self.scratch, name)

    def room(self, octets):
        """Raises Skip if the scratch directory has no room for 'octets'."""
        free = shutil.disk_usage(self.scratch).free
        if octets > free * 0.9:
            raise Skip('%s has %d MB free, %d MB are needed; see --scratch'
                       % (self.scratch, free >> 20, octets >> 20))

    def capture(self, packets=None, **options):
        """The path of a capture file that bench-gen makes with these options;
        two calls with the same options are one file."""
        options['packets'] = packets or self.packets
        words = ['--%s=%s' % item for item in sorted(options.items())]
        path = self.path(''.join(words).replace('/', '') + '.pcap')
        if not os.path.exists(path):
            size = min(options.get('snaplen') or 1600, 400) + 16
            self.room(options['packets'] * size)
            self.say('making a capture file: %s' % ' '.join(words))
            subprocess.run([self.program('tests/bench/bench-gen')] + words
                           + [path], check=True)
        return path

    def drop(self, path):
        """Removes a capture file that nobody needs any more."""
        os.unlink(path)

    # Runs.

    def measure(self, argv, sink=None):
        """Runs 'argv'.  What it prints is in the Run; a failure is one."""
        result = self.path('result')
        with open(self.path('output'), 'w+') as output:
            subprocess.run([self.program('tests/bench/bench-run'), result,
                            str(self.timeout)] + argv, cwd=self.scratch,
                           stdin=subprocess.DEVNULL, stdout=output,
                           stderr=output, check=True)
            output.seek(0)
            text = output.read()
        run = Run(json.load(open(result)), text, sink)
        os.unlink(result)
        if run.status:
            raise RuntimeError('%s: exit status %d\n%s'
                               % (' '.join(argv), run.status, text[-2000:]))
        return run

    def with_sink(self, make_argv):
        """Runs make_argv(port) while a collector counts what comes to that
        port of 127.0.0.1."""
        with subprocess.Popen([self.program('tests/bench/bench-sink')],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True) as sink:
            try:
                port = int(sink.stdout.readline())
                run = self.measure(make_argv(port))
            finally:
                counted, _ = sink.communicate()
        run.sink = json.loads(counted)
        return run

    def rounds(self, contenders, optional=()):
        """Runs each contender once in every round, in turn: what is slow on
        this machine for a while is slow for all.  One of 'optional' that
        fails has no runs; another raises RuntimeError."""
        runs = {name: [] for name, _ in contenders}
        for number in range(self.n_rounds):
            for name, function in contenders:
                if name not in runs:
                    continue
                self.say('round %d of %d: %s'
                         % (number + 1, self.n_rounds, name))
                try:
                    runs[name].append(function())
                except RuntimeError:
                    if name not in optional:
                        raise
                    del runs[name]
        self.say('')
        return runs

    # Results.

    def say(self, text):
        """What is going on, for a person who waits."""
        if sys.stderr.isatty():
            print('\r\033[K%s' % text[:WIDTH], end='', file=sys.stderr,
                  flush=True)

    def title(self, text):
        self.say('')
        print('\n%s\n%s' % (text, '-' * len(text)))

    def table(self, header, rows):
        """'rows' are lists of text as long as 'header'; the first column is
        left-aligned."""
        widths = [max(len(row[i]) for row in [header] + rows)
                  for i in range(len(header))]
        for row in [header] + rows:
            cells = [row[0].ljust(widths[0])]
            cells += [cell.rjust(w) for cell, w in zip(row[1:], widths[1:])]
            print('  '.join(cells).rstrip())

    def note(self, text):
        print('  ' + text)

    def figure(self, name, value, unit='', at_least=None, at_most=None):
        """Prints a number that means something on any machine, with its
        target if it has one."""
        verdict = ''
        if at_least is not None:
            verdict = 'at least %g: %s' % (at_least, value >= at_least)
        elif at_most is not None:
            verdict = 'at most %g: %s' % (at_most, value <= at_most)
        self.missed += verdict.endswith('False')
        verdict = verdict.replace('True', 'reached').replace('False',
                                                             'MISSED')
        print('  %-42s %8.2f %-4s %s' % (name, value, unit, verdict))
        self.result('figures', {
            name: {'value': round(value, 4), 'unit': unit,
                   'at_least': at_least, 'at_most': at_most}})

    def result(self, key, values):
        """Adds to this part's object in the JSON."""
        part = self.results.setdefault(self.part, {})
        part.setdefault(key, {}).update(values)

    def record(self, case, runs):
        """Puts every single run into the JSON."""
        self.result('runs', {case: {name: [run.as_dict() for run in list_]
                                    for name, list_ in runs.items()}})
