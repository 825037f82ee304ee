noinst_LIBRARIES += plugin/libplugin.a
plugin_libplugin_a_SOURCES = \
	plugin/erspan2.c \
	plugin/netflow5.c \
	plugin/plugin.c plugin/plugin.h

check_PROGRAMS += tests/test-erspan2 tests/test-netflow5
tests_test_erspan2_SOURCES = tests/test-erspan2.c
tests_test_erspan2_LDADD = \
	plugin/libplugin.a src/packet/libpacket.a \
	src/target/libtarget.a src/base/libbase.a $(OVS_LIBS)
tests_test_netflow5_SOURCES = tests/test-netflow5.c
tests_test_netflow5_LDADD = \
	plugin/libplugin.a src/packet/libpacket.a \
	src/target/libtarget.a src/base/libbase.a $(OVS_LIBS)
