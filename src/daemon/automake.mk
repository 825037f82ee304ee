noinst_LIBRARIES += src/daemon/libdaemon.a
src_daemon_libdaemon_a_SOURCES = \
	src/daemon/appctl.c src/daemon/appctl.h \
	src/daemon/budget.c src/daemon/budget.h \
	src/daemon/caps.c src/daemon/caps.h \
	src/daemon/explain.c src/daemon/explain.h \
	src/daemon/files.c src/daemon/files.h \
	src/daemon/help.c src/daemon/help.h \
	src/daemon/inject.c src/daemon/inject.h \
	src/daemon/monitor.c src/daemon/monitor.h \
	src/daemon/native.c src/daemon/native.h \
	src/daemon/options.c src/daemon/options.h \
	src/daemon/peer.c src/daemon/peer.h \
	src/daemon/reconcile.c src/daemon/reconcile.h \
	src/daemon/refresh.c src/daemon/refresh.h \
	src/daemon/reply.c src/daemon/reply.h \
	src/daemon/report.c src/daemon/report.h \
	src/daemon/select.c src/daemon/select.h \
	src/daemon/session.c src/daemon/session.h \
	src/daemon/session-flows.c src/daemon/session-private.h \
	src/daemon/switch.c src/daemon/switch.h \
	src/daemon/take-back.c src/daemon/take-back.h \
	src/daemon/tap-log.c src/daemon/tap-log.h

# The daemon: the control half, and everything that it turns.
sbin_PROGRAMS += src/daemon/ovspand
src_daemon_ovspand_SOURCES = src/daemon/ovspand.c
src_daemon_ovspand_LDADD = \
	src/daemon/libdaemon.a \
	src/engine/libengine.a \
	ovsdb/db/libdb.a \
	ovsdb/libovsdb.a \
	src/plan/libplan.a \
	src/query/libquery.a \
	$(PACKET_HALF) \
	src/target/libtarget.a \
	src/kernel/libkernel.a \
	src/topo/libtopo.a \
	src/base/libbase.a \
	$(PCAP_LIBS) $(ZLIB_LIBS) $(MNL_LIBS) $(JSONC_LIBS) $(OVS_LIBS)
