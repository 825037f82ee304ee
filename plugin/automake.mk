noinst_LIBRARIES += plugin/libplugin.a
plugin_libplugin_a_SOURCES = \
	plugin/plugin.h
