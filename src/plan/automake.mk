noinst_LIBRARIES += src/plan/libplan.a
src_plan_libplan_a_SOURCES = \
	src/plan/choose.c src/plan/choose.h \
	src/plan/plan-format.c \
	src/plan/plan.c src/plan/plan.h \
	src/plan/points.c src/plan/points.h \
	src/plan/tap.c src/plan/tap.h \
	src/plan/want-columns.c src/plan/want-columns.h \
	src/plan/want.c src/plan/want.h

check_PROGRAMS += tests/test-plan
tests_test_plan_SOURCES = \
	tests/test-plan.c \
	tests/topo-script.c tests/topo-script.h
tests_test_plan_LDADD = \
	src/plan/libplan.a \
	src/query/libquery.a \
	src/target/libtarget.a \
	src/topo/libtopo.a \
	src/base/libbase.a \
	$(JSONC_LIBS) $(OVS_LIBS)
