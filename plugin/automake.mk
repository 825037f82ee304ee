noinst_LIBRARIES += plugin/libplugin.a
plugin_libplugin_a_SOURCES = \
	plugin/erspan2.c \
	plugin/netflow5.c \
	plugin/plugin.c plugin/plugin.h
