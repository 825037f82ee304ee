noinst_LIBRARIES += src/query/libquery.a
src_query_libquery_a_SOURCES = \
	src/query/ast.c src/query/ast.h \
	src/query/eval.c src/query/eval.h \
	src/query/eval-filter.c \
	src/query/eval-list.c \
	src/query/eval-path.c \
	src/query/eval-value.c \
	src/query/eval-walk.c \
	src/query/format.c \
	src/query/keys.c src/query/keys.h \
	src/query/lex.c src/query/lex.h \
	src/query/narrow.c \
	src/query/parse.c src/query/parse.h \
	src/query/parse-args.c \
	src/query/parse-token.c \
	src/query/points.c \
	src/query/predicates.c src/query/predicates.h \
	src/query/query.h \
	src/query/regex.c src/query/regex.h \
	src/query/regex-re2.c \
	src/query/result.c \
	src/query/short-name.c \
	src/query/state.c src/query/state.h \
	src/query/steps.c src/query/steps.h \
	src/query/why.c \
	src/query/why-name.c

check_PROGRAMS += tests/test-query
tests_test_query_SOURCES = tests/test-query.c
tests_test_query_LDADD = \
	src/query/libquery.a src/topo/libtopo.a src/base/libbase.a \
	$(JSONC_LIBS) $(OVS_LIBS)
EXTRA_DIST += tests/query-graph.json
