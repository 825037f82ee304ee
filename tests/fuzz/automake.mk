# Fuzz targets: one program, of which 'make check' feeds the corpus to every
# target and 'make fuzz' builds another one with clang and libFuzzer.

check_PROGRAMS += tests/fuzz/fuzz
tests_fuzz_fuzz_SOURCES = \
	tests/fuzz/fuzz.c tests/fuzz/fuzz.h \
	tests/fuzz/fuzz-export.c \
	tests/fuzz/fuzz-file.c \
	tests/fuzz/fuzz-filter.c \
	tests/fuzz/fuzz-flow.c \
	tests/fuzz/fuzz-json.c \
	tests/fuzz/fuzz-kernel.c \
	tests/fuzz/fuzz-ovs.c \
	tests/fuzz/fuzz-own.c \
	tests/fuzz/fuzz-packet.c \
	tests/fuzz/fuzz-query.c \
	tests/fuzz/fuzz-record.c \
	tests/fuzz/fuzz-segments.c \
	tests/fuzz/fuzz-target.c \
	tests/fuzz/input.c \
	tests/fuzz/libfuzzer.h \
	tests/fuzz/output.c tests/fuzz/output.h
if LIBFUZZER
tests_fuzz_fuzz_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
else
tests_fuzz_fuzz_SOURCES += tests/fuzz/main.c
endif
tests_fuzz_fuzz_LDADD = \
	$(PACKET_HALF) \
	src/query/libquery.a \
	src/kernel/libkernel.a \
	src/topo/libtopo.a \
	src/target/libtarget.a \
	src/base/libbase.a \
	$(OVS_LIBS) $(PCAP_LIBS) $(ZLIB_LIBS) $(MNL_LIBS) $(JSONC_LIBS)

FUZZ_CORPUS = $(wildcard $(srcdir)/tests/fuzz/corpus/*/*)
EXTRA_DIST += tests/fuzz/run tests/fuzz/seeds.py $(FUZZ_CORPUS:$(srcdir)/%=%)

# The time for all targets together.
FUZZ_SECONDS = 120
FUZZ_CFLAGS = -g -O1 -fno-omit-frame-pointer \
	-fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined -Wno-tautological-constant-compare

fuzz:
	@test -n '$(CLANG)' || { \
	    echo "make fuzz: clang with libFuzzer was not found when this was" \
	    "configured: install clang and libclang-rt-14-dev (Debian 12)," \
	    "or give configure CLANG=..., and configure again" >&2; exit 1; }
	@$(call other_build,fuzz-build,--enable-libfuzzer CC='$(CLANG)' \
	    CFLAGS='$(FUZZ_CFLAGS)')
	$(MAKE) -C fuzz-build tests/fuzz/fuzz
	$(SHELL) '$(srcdir)/tests/fuzz/run' fuzz-build/tests/fuzz/fuzz \
	    '$(srcdir)/tests/fuzz/corpus' fuzz-build/found $(FUZZ_SECONDS) \
	    $(FUZZ_TARGETS)
.PHONY: fuzz

clean-fuzz:
	rm -rf fuzz-build
CLEAN_LOCAL += clean-fuzz
