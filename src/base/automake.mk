noinst_LIBRARIES += src/base/libbase.a
src_base_libbase_a_SOURCES = \
	src/base/addr.c src/base/addr.h \
	src/base/dirs.c src/base/dirs.h \
	src/base/json.c src/base/json.h \
	src/base/lib-options.c src/base/lib-options.h \
	src/base/limits.c src/base/limits.h \
	src/base/machine.c src/base/machine.h \
	src/base/nearest.c src/base/nearest.h \
	src/base/netns.c src/base/netns.h \
	src/base/ovs.h src/base/ovs-ctl.h src/base/ovs-daemon.h \
	src/base/ovs-flow.h \
	src/base/tap-counters.h \
	src/base/task.c src/base/task.h \
	src/base/voice.c src/base/voice.h \
	src/base/when.c src/base/when.h \
	src/base/words.c src/base/words.h \
	src/base/wrap.c src/base/wrap.h \
	src/base/xorshift.h

# Where the programs look, fixed at configure time.
src_base_libbase_a_CPPFLAGS = $(AM_CPPFLAGS) \
	-DRUNDIR='"$(RUNDIR)"' -DLOGDIR='"$(LOGDIR)"' -DDBDIR='"$(DBDIR)"' \
	-DCONFDIR='"$(sysconfdir)/ovspan"'

check_PROGRAMS += tests/test-base
tests_test_base_SOURCES = tests/test-base.c
tests_test_base_LDADD = src/base/libbase.a $(JSONC_LIBS) $(OVS_LIBS)
