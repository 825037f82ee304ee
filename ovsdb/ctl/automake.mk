# The half of the command ovspan that touches rows.
noinst_LIBRARIES += ovsdb/ctl/libctl.a
ovsdb_ctl_libctl_a_SOURCES = \
	ovsdb/ctl/absent.c \
	ovsdb/ctl/absent.h \
	ovsdb/ctl/apply.c \
	ovsdb/ctl/capture.c \
	ovsdb/ctl/capture-row.c \
	ovsdb/ctl/capture-row.h \
	ovsdb/ctl/colour.c \
	ovsdb/ctl/colour.h \
	ovsdb/ctl/commands.h \
	ovsdb/ctl/connect.c \
	ovsdb/ctl/connect.h \
	ovsdb/ctl/context.h \
	ovsdb/ctl/counters.c \
	ovsdb/ctl/counters.h \
	ovsdb/ctl/ctl.c \
	ovsdb/ctl/ctl.h \
	ovsdb/ctl/draft.c \
	ovsdb/ctl/draft.h \
	ovsdb/ctl/fate.c \
	ovsdb/ctl/fate.h \
	ovsdb/ctl/hint.c \
	ovsdb/ctl/hint.h \
	ovsdb/ctl/list.c \
	ovsdb/ctl/output.c \
	ovsdb/ctl/output.h \
	ovsdb/ctl/rows.c \
	ovsdb/ctl/rows.h \
	ovsdb/ctl/selection.c \
	ovsdb/ctl/selection.h \
	ovsdb/ctl/show.c \
	ovsdb/ctl/state.c \
	ovsdb/ctl/state.h \
	ovsdb/ctl/summary.c \
	ovsdb/ctl/summary.h \
	ovsdb/ctl/topo.c \
	ovsdb/ctl/wait.c \
	ovsdb/ctl/wait.h \
	ovsdb/ctl/watch.c
