noinst_LIBRARIES += src/plan/libplan.a
src_plan_libplan_a_SOURCES = \
	src/plan/budget.c \
	src/plan/choose.c \
	src/plan/cut-off.c \
	src/plan/defects.c src/plan/defects.h \
	src/plan/differs.c \
	src/plan/exact.c \
	src/plan/have.c src/plan/have.h \
	src/plan/headers.c \
	src/plan/inside.h \
	src/plan/native-format.c \
	src/plan/native.c src/plan/native.h \
	src/plan/natives.c \
	src/plan/plan-format.c \
	src/plan/plan.c src/plan/plan.h \
	src/plan/points.c src/plan/points.h \
	src/plan/prove.c \
	src/plan/rules-flow.c \
	src/plan/rules-mirror.c \
	src/plan/rules-own.c \
	src/plan/rules.c \
	src/plan/tap.c src/plan/tap.h \
	src/plan/tunnel.c \
	src/plan/want-columns.c src/plan/want-columns.h \
	src/plan/want.c src/plan/want.h \
	src/plan/wrapped.c

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
