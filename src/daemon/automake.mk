noinst_LIBRARIES += src/daemon/libdaemon.a
src_daemon_libdaemon_a_SOURCES = \
	src/daemon/caps.c src/daemon/caps.h \
	src/daemon/engine.c src/daemon/engine.h \
	src/daemon/engine-private.h \
	src/daemon/engine-hop.c \
	src/daemon/engine-open.c \
	src/daemon/engine-opening.c \
	src/daemon/engine-poll.c \
	src/daemon/engine-resolve.c \
	src/daemon/engine-source.c \
	src/daemon/engine-stream.c \
	src/daemon/engine-tap.c \
	src/daemon/engine-view.c \
	src/daemon/worker.c src/daemon/worker.h \
	src/daemon/task.c src/daemon/task.h \
	src/daemon/session.c \
	src/daemon/session.h \
	src/daemon/worker-private.h \
	src/daemon/worker-source.c \
	src/daemon/worker-stream.c \
	src/daemon/worker-tap.c \
	src/daemon/worker-view.c

# The daemon: the control half, and everything that it turns.
sbin_PROGRAMS += src/daemon/ovspand
src_daemon_ovspand_SOURCES = \
	src/daemon/appctl.c src/daemon/appctl.h \
	src/daemon/help.c src/daemon/help.h \
	src/daemon/inject.c src/daemon/inject.h \
	src/daemon/monitor.c src/daemon/monitor.h \
	src/daemon/native.c src/daemon/native.h \
	src/daemon/ovspand.c \
	src/daemon/reconcile.c src/daemon/reconcile.h \
	src/daemon/report.c src/daemon/report.h
src_daemon_ovspand_LDADD = \
	src/daemon/libdaemon.a \
	ovsdb/libovsdb.a \
	src/plan/libplan.a \
	src/query/libquery.a \
	$(PACKET_HALF) \
	src/target/libtarget.a \
	src/kernel/libkernel.a \
	src/topo/libtopo.a \
	src/base/libbase.a \
	$(PCAP_LIBS) $(ZLIB_LIBS) $(MNL_LIBS) $(JSONC_LIBS) $(OVS_LIBS)

check_PROGRAMS += tests/test-engine
tests_test_engine_SOURCES = tests/test-engine.c
tests_test_engine_LDADD = \
	src/daemon/libdaemon.a src/plan/libplan.a src/query/libquery.a \
	src/kernel/libkernel.a src/topo/libtopo.a $(PACKET_HALF) \
	src/target/libtarget.a src/base/libbase.a \
	$(PCAP_LIBS) $(ZLIB_LIBS) $(MNL_LIBS) $(JSONC_LIBS) $(OVS_LIBS)
