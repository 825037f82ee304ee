noinst_LIBRARIES += src/export/libexport.a
src_export_libexport_a_SOURCES = \
	src/export/collector.c src/export/collector.h \
	src/export/collector-address.c \
	src/export/collector-adopt.c \
	src/export/collector-away.c \
	src/export/collector-base.c \
	src/export/collector-count.c \
	src/export/collector-errors.c \
	src/export/collector-file.c \
	src/export/collector-link.c \
	src/export/collector-own.c \
	src/export/collector-private.h \
	src/export/collector-send.c \
	src/export/collector-space.c \
	src/export/collector-socket.c \
	src/export/collector-tcp.c \
	src/export/exporter.h \
	src/export/pace.c src/export/pace.h \
	src/export/queue.c src/export/queue.h \
	src/export/recent.c src/export/recent.h \
	src/export/resolve.c src/export/resolve.h \
	src/export/target.c src/export/target.h

check_PROGRAMS += tests/test-collector tests/test-own
tests_test_collector_SOURCES = tests/test-collector.c
tests_test_collector_LDADD = \
	src/export/libexport.a src/base/libbase.a $(OVS_LIBS)
tests_test_own_SOURCES = tests/test-own.c
tests_test_own_LDADD = \
	src/export/libexport.a src/packet/libpacket.a $(OVS_LIBS)
