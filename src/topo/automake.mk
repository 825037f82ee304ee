noinst_LIBRARIES += src/topo/libtopo.a
src_topo_libtopo_a_SOURCES = \
	src/topo/bury.c \
	src/topo/changes.c \
	src/topo/ent.c \
	src/topo/follow.c \
	src/topo/format-dot.c \
	src/topo/format-json.c \
	src/topo/format.c src/topo/format.h \
	src/topo/graph.c \
	src/topo/held.c \
	src/topo/id.c \
	src/topo/index.c \
	src/topo/input-row.c \
	src/topo/input.c \
	src/topo/inside.h \
	src/topo/join.c \
	src/topo/key.c \
	src/topo/look.c \
	src/topo/mirror.c \
	src/topo/order.c \
	src/topo/render-row.c \
	src/topo/render.c \
	src/topo/text.c src/topo/text.h \
	src/topo/topo.c src/topo/topo.h \
	src/topo/value-json.c \
	src/topo/value-order.c \
	src/topo/value.c src/topo/value.h \
	src/topo/view.c src/topo/view.h

check_PROGRAMS += tests/test-topo
tests_test_topo_SOURCES = \
	tests/test-topo.c \
	tests/topo-readers.c tests/topo-readers.h \
	tests/topo-script.c tests/topo-script.h
tests_test_topo_LDADD = \
	src/topo/libtopo.a \
	src/base/libbase.a \
	$(JSONC_LIBS) $(OVS_LIBS)
