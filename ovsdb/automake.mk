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

# What both sides share: rows as C, and nothing that knows them.
noinst_LIBRARIES += ovsdb/libovsdb.a
ovsdb_libovsdb_a_SOURCES = ovsdb/ovs-idl.h
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
