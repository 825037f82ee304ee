noinst_LIBRARIES += src/target/libtarget.a
src_target_libtarget_a_SOURCES = \
	src/target/help.c \
	src/target/options.c src/target/options.h \
	src/target/parse.c \
	src/target/table.c \
	src/target/target.c src/target/target.h

check_PROGRAMS += tests/test-target
tests_test_target_SOURCES = tests/test-target.c
tests_test_target_LDADD = \
	src/target/libtarget.a src/base/libbase.a $(OVS_LIBS)
