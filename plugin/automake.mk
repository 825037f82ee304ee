noinst_LIBRARIES += plugin/libplugin.a
plugin_libplugin_a_SOURCES = \
	plugin/netflow5.c \
	plugin/plugin.c plugin/plugin.h
