noinst_LIBRARIES += plugin/libplugin.a
plugin_libplugin_a_SOURCES = \
	plugin/erspan2.c \
	plugin/ipfix.c \
	plugin/netflow5.c \
	plugin/netflow9.c \
	plugin/plugin.c plugin/plugin.h \
	plugin/templates.c plugin/templates.h

check_PROGRAMS += tests/test-erspan2 tests/test-exporter
tests_test_erspan2_SOURCES = tests/test-erspan2.c
tests_test_erspan2_LDADD = \
	plugin/libplugin.a src/packet/libpacket.a \
	src/target/libtarget.a src/base/libbase.a $(OVS_LIBS)
tests_test_exporter_SOURCES = \
	tests/test-exporter.c tests/exporter-print.c tests/exporter-print.h
tests_test_exporter_LDADD = \
	plugin/libplugin.a src/packet/libpacket.a \
	src/target/libtarget.a src/base/libbase.a $(OVS_LIBS)
