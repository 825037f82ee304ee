noinst_LIBRARIES += src/flow/libflow.a
src_flow_libflow_a_SOURCES = \
	src/flow/biflow.c src/flow/biflow.h \
	src/flow/entry.h \
	src/flow/extra.c src/flow/extra.h \
	src/flow/hash.h \
	src/flow/index.c src/flow/index.h \
	src/flow/memory.c src/flow/memory.h \
	src/flow/pool.c \
	src/flow/record.h \
	src/flow/table.c src/flow/table.h \
	src/flow/wheel.c src/flow/wheel.h

check_PROGRAMS += tests/test-flow
tests_test_flow_SOURCES = tests/test-flow.c
tests_test_flow_LDADD = src/flow/libflow.a src/packet/libpacket.a $(OVS_LIBS)
