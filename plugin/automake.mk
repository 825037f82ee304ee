noinst_LIBRARIES += plugin/libplugin.a
plugin_libplugin_a_SOURCES = \
	plugin/erspan1.c \
	plugin/erspan2.c \
	plugin/erspan3.c \
	plugin/frames.c plugin/frames.h \
	plugin/elements.h \
	plugin/gre.c \
	plugin/ipfix.c \
	plugin/json.c \
	plugin/memory.c plugin/memory.h \
	plugin/message.c \
	plugin/netflow5.c \
	plugin/netflow9.c \
	plugin/options.c \
	plugin/pcap.c \
	plugin/plugin.c plugin/plugin.h \
	plugin/sflow.c \
	plugin/sflow-encode.c plugin/sflow-encode.h \
	plugin/clock.h \
	plugin/templates.c plugin/templates.h

check_PROGRAMS += tests/test-frames tests/test-exporter
tests_test_frames_SOURCES = tests/test-frames.c
tests_test_frames_LDADD = \
	plugin/libplugin.a src/packet/libpacket.a \
	src/target/libtarget.a src/base/libbase.a $(JSONC_LIBS) $(OVS_LIBS)
tests_test_exporter_SOURCES = \
	tests/test-exporter.c tests/exporter-print.c tests/exporter-print.h
tests_test_exporter_LDADD = \
	plugin/libplugin.a src/packet/libpacket.a \
	src/target/libtarget.a src/base/libbase.a $(JSONC_LIBS) $(OVS_LIBS)
