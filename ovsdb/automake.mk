# The two databases: the schema, its documentation, and what is made of them.

# The C of the rows of our own schema, and of what we use of OVS's.
OVSDB_IDLC = $(run_python) $(OVS_SOURCE)/ovsdb/ovsdb-idlc.in
OVSDB_DOC = $(run_python) $(OVS_SOURCE)/ovsdb/ovsdb-doc
EXTRA_DIST += \
	ovsdb/cksum-check \
	ovsdb/ovspan-idl.ann \
	ovsdb/ovspan.xml \
	ovsdb/vswitch-idl.ann
dist_pkgdata_DATA += ovsdb/ovspan.ovsschema
idl_sources = \
	ovsdb/ovspan-idl.c \
	ovsdb/ovspan-idl.h \
	ovsdb/vswitch-idl.c \
	ovsdb/vswitch-idl.h
BUILT_SOURCES += $(idl_sources)
CLEANFILES += \
	$(idl_sources) \
	ovsdb/ovspan-idl.ovsidl \
	ovsdb/vswitch-idl.ovsidl

ovsdb/ovspan-idl.ovsidl: $(srcdir)/ovsdb/ovspan.ovsschema \
		$(srcdir)/ovsdb/ovspan-idl.ann
	$(AM_V_GEN)$(MKDIR_P) ovsdb && $(OVSDB_IDLC) annotate \
		$(srcdir)/ovsdb/ovspan.ovsschema \
		$(srcdir)/ovsdb/ovspan-idl.ann > $@.tmp && mv $@.tmp $@
ovsdb/vswitch-idl.ovsidl: $(OVS_SOURCE)/vswitchd/vswitch.ovsschema \
		$(srcdir)/ovsdb/vswitch-idl.ann
	$(AM_V_GEN)$(MKDIR_P) ovsdb && $(OVSDB_IDLC) annotate \
		$(OVS_SOURCE)/vswitchd/vswitch.ovsschema \
		$(srcdir)/ovsdb/vswitch-idl.ann > $@.tmp && mv $@.tmp $@
.ovsidl.c:
	$(AM_V_GEN)$(OVSDB_IDLC) c-idl-source $< > $@.tmp && mv $@.tmp $@
.ovsidl.h:
	$(AM_V_GEN)$(OVSDB_IDLC) c-idl-header $< > $@.tmp && mv $@.tmp $@
SUFFIXES += .ovsidl

noinst_LIBRARIES += ovsdb/libovsdb.a
ovsdb_libovsdb_a_SOURCES = \
	ovsdb/db-apply.c \
	ovsdb/db-have.c \
	ovsdb/db-private.h \
	ovsdb/db-publish.c \
	ovsdb/db-report.c \
	ovsdb/db-rows.c \
	ovsdb/db-rows.h \
	ovsdb/db-topo.c \
	ovsdb/db-txn.c \
	ovsdb/db-want.c \
	ovsdb/db.c \
	ovsdb/db.h \
	ovsdb/ovs-idl.h
# The half of the command ovspan that touches rows.
ovsdb_libovsdb_a_SOURCES += \
	ovsdb/ctl-capture.c \
	ovsdb/ctl-draft.c \
	ovsdb/ctl-draft.h \
	ovsdb/ctl-list.c \
	ovsdb/ctl-output.c \
	ovsdb/ctl-rows.c \
	ovsdb/ctl-rows.h \
	ovsdb/ctl-show.c \
	ovsdb/ctl-topo.c \
	ovsdb/ctl-wait.c \
	ovsdb/ctl-wait.h \
	ovsdb/ctl-watch.c \
	ovsdb/ctl.c \
	ovsdb/ctl.h
nodist_ovsdb_libovsdb_a_SOURCES = $(idl_sources)

# ovspan.conf.db(5), which fails for a column without documentation.
man_MANS += ovsdb/ovspan.conf.db.5
CLEANFILES += ovsdb/ovspan.conf.db.5
ovsdb/ovspan.conf.db.5: $(srcdir)/ovsdb/ovspan.ovsschema \
		$(srcdir)/ovsdb/ovspan.xml
	$(AM_V_GEN)$(MKDIR_P) ovsdb && $(OVSDB_DOC) --version=$(VERSION) \
		$(srcdir)/ovsdb/ovspan.ovsschema $(srcdir)/ovsdb/ovspan.xml \
		> $@.tmp && \
	sed '/^\.TH/s/"Open vSwitch \([^"]*\)" "[^"]*"/"ovspan \1" "ovspan Manual"/' \
		$@.tmp > $@.tmp2 && rm $@.tmp && mv $@.tmp2 $@

# A schema that changed needs another version: ovspan-ctl upgrades by that.
ALL_LOCAL += check-schema
.PHONY: check-schema
check-schema:
	$(AM_V_at)$(SHELL) $(srcdir)/ovsdb/cksum-check \
		$(srcdir)/ovsdb/ovspan.ovsschema

# Room by room, in link order.
check_PROGRAMS += tests/test-ovsdb
tests_test_ovsdb_SOURCES = tests/test-ovsdb.c
tests_test_ovsdb_LDADD = \
	ovsdb/libovsdb.a \
	src/plan/libplan.a \
	src/query/libquery.a \
	src/target/libtarget.a \
	src/topo/libtopo.a \
	src/base/libbase.a \
	$(OVS_LIBS) $(JSONC_LIBS)
