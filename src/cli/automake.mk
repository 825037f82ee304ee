# The command ovspan.
bin_PROGRAMS += src/cli/ovspan
src_cli_ovspan_SOURCES = \
	src/cli/add.c src/cli/add.h \
	src/cli/agent.c src/cli/agent.h \
	src/cli/commands.c src/cli/commands.h \
	src/cli/complete.c src/cli/complete.h \
	src/cli/document.c src/cli/document.h \
	src/cli/draft-check.c src/cli/draft-check.h \
	src/cli/explain.c src/cli/explain.h \
	src/cli/flows.c src/cli/flows.h \
	src/cli/flows-names.c \
	src/cli/flows-record.c \
	src/cli/flows-table.c \
	src/cli/graph.c \
	src/cli/help.c src/cli/help.h \
	src/cli/live.c src/cli/live.h \
	src/cli/nothing.c src/cli/nothing.h \
	src/cli/options.c src/cli/options.h \
	src/cli/ovspan.c \
	src/cli/points.c src/cli/points.h \
	src/cli/replay.c src/cli/replay.h \
	src/cli/replay-print.c \
	src/cli/replay-private.h \
	src/cli/replay-link.c \
	src/cli/replay-target.c \
	src/cli/times.c src/cli/times.h \
	src/cli/typed.c src/cli/typed.h
src_cli_ovspan_LDADD = \
	ovsdb/ctl/libctl.a \
	ovsdb/libovsdb.a \
	src/plan/libplan.a \
	src/query/libquery.a \
	$(PACKET_HALF) \
	src/target/libtarget.a \
	src/topo/libtopo.a \
	src/base/libbase.a \
	$(PCAP_LIBS) $(ZLIB_LIBS) $(OVS_LIBS) $(JSONC_LIBS)
