# The daemon's side of the databases.
noinst_LIBRARIES += ovsdb/db/libdb.a
ovsdb_db_libdb_a_SOURCES = \
	ovsdb/db/apply.c \
	ovsdb/db/attempt.c \
	ovsdb/db/columns.c \
	ovsdb/db/conn.c \
	ovsdb/db/db.c \
	ovsdb/db/db.h \
	ovsdb/db/graph-rows.c \
	ovsdb/db/have.c \
	ovsdb/db/owners.c \
	ovsdb/db/private.h \
	ovsdb/db/publish.c \
	ovsdb/db/report.c \
	ovsdb/db/rows.c \
	ovsdb/db/rows.h \
	ovsdb/db/step.c \
	ovsdb/db/topo.c \
	ovsdb/db/txn.c \
	ovsdb/db/want.c

# Room by room, in link order.
check_PROGRAMS += tests/test-ovsdb
tests_test_ovsdb_SOURCES = tests/test-ovsdb.c
tests_test_ovsdb_LDADD = \
	ovsdb/db/libdb.a \
	ovsdb/libovsdb.a \
	src/plan/libplan.a \
	src/query/libquery.a \
	src/target/libtarget.a \
	src/topo/libtopo.a \
	src/base/libbase.a \
	$(OVS_LIBS) $(JSONC_LIBS)
