# Two suites: 'make check' needs no root and no network; 'make check-system'
# runs in network namespaces of its own, with a real OVS, as root.

EXTRA_DIST += \
	$(TESTSUITE_AT) \
	$(SYSTEM_TESTSUITE_AT) \
	tests/atlocal.in \
	tests/biflow.py \
	tests/busy.sh \
	tests/collectors.py \
	tests/exact.py \
	tests/fields.py \
	tests/iana-ipfix.txt \
	tests/judge.py \
	tests/large-graph.py \
	tests/make-captures.py \
	tests/name-server.py \
	tests/offloads.py \
	tests/native-steps.py \
	tests/random-host.py \
	tests/rtnl-links.txt \
	tests/judge-flows.py \
	tests/threads.supp \
	tests/wall-clock.c \
	tests/make-traffic.py \
	tests/decap.py tests/segments.py

TESTSUITE_AT = \
	tests/testsuite.at \
	tests/macros.at \
	tests/house.at \
	tests/base.at \
	tests/topo.at \
	tests/target.at \
	tests/query.at \
	tests/plan.at \
	tests/packet.at \
	tests/checksum.at \
	tests/flow.at \
	tests/kernel.at \
	tests/names.at \
	tests/capture.at \
	tests/export.at \
	tests/plugin.at \
	tests/plugin-templates.at \
	tests/plugin-frames.at \
	tests/plugin-sflow.at \
	tests/plugin-pcap.at \
	tests/plugin-json.at \
	tests/ovsdb.at \
	tests/daemon.at \
	tests/fuzz.at \
	tests/cli.at \
	tests/words.at \
	tests/replay.at \
	tests/exact.at \
	tests/collectors.at

SYSTEM_TESTSUITE_AT = \
	tests/system-testsuite.at \
	tests/macros.at \
	tests/system-macros.at \
	tests/system-recorders.at \
	tests/system-engine.at \
	tests/system-packets.at \
	tests/system-frames.at \
	tests/system-path.at \
	tests/system-flows.at \
	tests/system-json.at \
	tests/system-terminal.at \
	tests/system-collectors.at \
	tests/system-cli.at \
	tests/system-words.at \
	tests/system-control.at \
	tests/system-export.at \
	tests/system-main.at \
	tests/system-errors.at \
	tests/system-limits.at \
	tests/system-tenants.at \
	tests/system-restart.at \
	tests/system-native.at \
	tests/system-states.at \
	tests/system-topology.at \
	tests/system-kernel.at

TESTSUITE = $(srcdir)/tests/testsuite
SYSTEM_TESTSUITE = $(srcdir)/tests/system-testsuite
AUTOTEST_PATH = $(abs_top_builddir)/tests:$(abs_top_builddir)/src/cli:$(abs_top_builddir)/src/daemon:$(abs_top_srcdir)/utilities
TESTSUITEFLAGS =

EXTRA_DIST += $(TESTSUITE) $(SYSTEM_TESTSUITE)

check-local: $(TESTSUITE) tests/atlocal all
	$(SHELL) '$(TESTSUITE)' -C tests AUTOTEST_PATH='$(AUTOTEST_PATH)' \
		$(TESTSUITEFLAGS)

check-system: $(SYSTEM_TESTSUITE) tests/atlocal all $(check_PROGRAMS)
	$(SHELL) '$(SYSTEM_TESTSUITE)' -C tests \
		AUTOTEST_PATH='$(AUTOTEST_PATH)' $(TESTSUITEFLAGS)
.PHONY: check-system

# By hand: what the system suite says is no matter of how busy the machine is.
check-busy:
	+$(SHELL) '$(srcdir)/tests/busy.sh' 8 $(SHELL) -ec \
		'for i in 1 2; do $(MAKE) check-system; done'
.PHONY: check-busy

clean-tests:
	test ! -f '$(TESTSUITE)' || \
		$(SHELL) '$(TESTSUITE)' -C tests --clean
	test ! -f '$(SYSTEM_TESTSUITE)' || \
		$(SHELL) '$(SYSTEM_TESTSUITE)' -C tests --clean
CLEAN_LOCAL += clean-tests

DISTCLEANFILES = tests/atconfig

AUTOTEST = $(AUTOM4TE) --language=autotest
$(TESTSUITE): $(srcdir)/tests/package.m4 $(addprefix $(srcdir)/,$(TESTSUITE_AT))
	$(AM_V_GEN)$(AUTOTEST) -I '$(srcdir)' -I '$(srcdir)/tests' -o $@.tmp $(srcdir)/tests/testsuite.at && mv $@.tmp $@
$(SYSTEM_TESTSUITE): $(srcdir)/tests/package.m4 $(addprefix $(srcdir)/,$(SYSTEM_TESTSUITE_AT))
	$(AM_V_GEN)$(AUTOTEST) -I '$(srcdir)' -I '$(srcdir)/tests' -o $@.tmp $(srcdir)/tests/system-testsuite.at && mv $@.tmp $@

EXTRA_DIST += $(srcdir)/tests/package.m4
$(srcdir)/tests/package.m4: $(top_srcdir)/configure.ac
	$(AM_V_GEN){ \
	  echo '# Signature of the current package.'; \
	  echo 'm4_define([AT_PACKAGE_NAME],      [$(PACKAGE_NAME)])'; \
	  echo 'm4_define([AT_PACKAGE_TARNAME],   [$(PACKAGE_TARNAME)])'; \
	  echo 'm4_define([AT_PACKAGE_VERSION],   [$(PACKAGE_VERSION)])'; \
	  echo 'm4_define([AT_PACKAGE_STRING],    [$(PACKAGE_STRING)])'; \
	  echo 'm4_define([AT_PACKAGE_BUGREPORT], [$(PACKAGE_BUGREPORT)])'; \
	  echo 'm4_define([AT_PACKAGE_URL],       [$(PACKAGE_URL)])'; \
	} >'$@'

include tests/fuzz/automake.mk
