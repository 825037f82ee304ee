# What 'make bench' is made of: see tests/bench/README.md.  Built only for it.
bench_helpers = \
	tests/bench/bench-count \
	tests/bench/bench-gen \
	tests/bench/bench-run \
	tests/bench/bench-sink \
	tests/bench/live-count \
	tests/bench/live-send
EXTRA_PROGRAMS += $(bench_helpers)
CLEANFILES += $(bench_helpers)

tests_bench_bench_count_SOURCES = tests/bench/bench-count.c
tests_bench_bench_count_LDADD = $(OVS_LIBS) $(PCAP_LIBS)
tests_bench_bench_gen_SOURCES = tests/bench/bench-gen.c
tests_bench_bench_gen_LDADD = $(OVS_LIBS)
tests_bench_bench_run_SOURCES = tests/bench/bench-run.c
tests_bench_bench_run_LDADD = $(OVS_LIBS)
tests_bench_bench_sink_SOURCES = tests/bench/bench-sink.c
tests_bench_bench_sink_LDADD = $(OVS_LIBS)
tests_bench_live_count_SOURCES = tests/bench/live-count.c
tests_bench_live_count_LDADD = $(PCAP_LIBS)
tests_bench_live_send_SOURCES = tests/bench/live-send.c

EXTRA_DIST += \
	tests/bench/README.md \
	tests/bench/bench.py \
	tests/bench/control_lab.py \
	tests/bench/harness.py \
	tests/bench/large_host.py \
	tests/bench/part_control.py \
	tests/bench/part_live.py \
	tests/bench/part_memory.py \
	tests/bench/part_replay.py \
	tests/bench/part_topology.py

# BENCH: the parts, all if it is empty.  BENCHFLAGS: see 'bench.py --help'.
BENCH =
BENCHFLAGS =
bench: all $(bench_helpers)
	$(PYTHON3) -B $(srcdir)/tests/bench/bench.py --build='$(builddir)' \
		$(BENCHFLAGS) $(BENCH)
.PHONY: bench
