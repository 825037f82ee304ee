noinst_LIBRARIES += src/topo/libtopo.a
src_topo_libtopo_a_SOURCES = \
	src/topo/format.h \
	src/topo/topo.h \
	src/topo/value.h
