noinst_LIBRARIES += src/plan/libplan.a
src_plan_libplan_a_SOURCES = \
	src/plan/plan.h \
	src/plan/tap.h \
	src/plan/want.h
