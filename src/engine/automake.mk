noinst_LIBRARIES += src/engine/libengine.a
src_engine_libengine_a_SOURCES = \
	src/engine/backoff.c src/engine/backoff.h \
	src/engine/engine.c src/engine/engine.h \
	src/engine/engine-private.h \
	src/engine/engine-address.c \
	src/engine/engine-compiling.c \
	src/engine/engine-hop.c \
	src/engine/engine-identity.c \
	src/engine/engine-move.c \
	src/engine/engine-open.c \
	src/engine/engine-opening.c \
	src/engine/engine-own.c \
	src/engine/engine-poll.c \
	src/engine/engine-source.c src/engine/engine-source.h \
	src/engine/engine-stream.c src/engine/engine-stream.h \
	src/engine/engine-tap.c src/engine/engine-tap.h \
	src/engine/engine-view.c \
	src/engine/lookup.c src/engine/lookup.h \
	src/engine/names.c src/engine/names.h \
	src/engine/engine-wants.c \
	src/engine/tries.c src/engine/tries.h \
	src/engine/trouble.c src/engine/trouble.h \
	src/engine/wake.c src/engine/wake.h \
	src/engine/worker.c src/engine/worker.h \
	src/engine/worker-command.c src/engine/worker-command.h \
	src/engine/worker-private.h \
	src/engine/worker-source.c \
	src/engine/worker-stream.c \
	src/engine/worker-tap.c \
	src/engine/worker-view.c \
	src/engine/worker-watch.c

check_PROGRAMS += tests/test-names
tests_test_names_SOURCES = tests/test-names.c
tests_test_names_LDADD = \
	src/engine/libengine.a src/export/libexport.a src/base/libbase.a \
	$(OVS_LIBS) $(JSONC_LIBS)

check_PROGRAMS += tests/test-engine
tests_test_engine_SOURCES = tests/test-engine.c
tests_test_engine_LDADD = \
	src/engine/libengine.a src/plan/libplan.a src/query/libquery.a \
	src/kernel/libkernel.a src/topo/libtopo.a $(PACKET_HALF) \
	src/target/libtarget.a src/base/libbase.a \
	$(PCAP_LIBS) $(ZLIB_LIBS) $(MNL_LIBS) $(JSONC_LIBS) $(OVS_LIBS)
