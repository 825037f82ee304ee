# The rules that make runs: see build-aux/layers and build-aux/check-style.

EXTRA_DIST += \
	build-aux/check-layers \
	build-aux/check-ovs \
	build-aux/check-style \
	build-aux/coverage \
	build-aux/coverage-floor \
	build-aux/layers \
	build-aux/suite

ALL_LOCAL += check-layers check-stairs check-style
.PHONY: check-layers check-style
check-layers:
	$(AM_V_at)$(PYTHON3) $(srcdir)/build-aux/check-layers $(srcdir)
# Needs the objects of the rooms, so all that is made of them.
.PHONY: check-stairs
check-stairs: $(noinst_LIBRARIES) $(bin_PROGRAMS) $(sbin_PROGRAMS)
	$(AM_V_at)NM='$(NM)' $(PYTHON3) $(srcdir)/build-aux/check-layers \
		$(srcdir) $(builddir)
check-style:
	$(AM_V_at)$(PYTHON3) $(srcdir)/build-aux/check-style $(srcdir)

# $(call other_build,DIR,ARGUMENT...): configures a build in DIR, once, that
# has more than this one, for a target that needs it.
other_build = test -e $(1)/config.status || { $(MKDIR_P) $(1) && cd $(1) && \
	'$(abs_top_srcdir)/configure' -q $(2) \
	    --with-ovs-source='$(OVS_SOURCE)' --with-ovs-build='$(OVS_BUILD)'; }

# 'make coverage': both suites, the second as root.  What is killed by SIGKILL
# tells nothing.  Counts of an earlier run are forgotten, since an object that
# changed does not understand them.
COVERAGE_SUITES = check check-system
COVERAGE_CFLAGS = -g -O1 --coverage -fprofile-update=atomic
coverage:
	@$(call other_build,coverage-build,--disable-hardening CFLAGS='$(COVERAGE_CFLAGS)')
	@$(MAKE) -C coverage-build
	@find coverage-build -name '*.gcda' -exec rm -f {} +
	@status=0; \
	umask 0; \
	for suite in $(COVERAGE_SUITES); do \
	    $(MAKE) -C coverage-build $$suite \
	        TESTSUITEFLAGS='$(TESTSUITEFLAGS)' || status=1; \
	done; \
	$(PYTHON3) '$(srcdir)/build-aux/coverage' '$(srcdir)' coverage-build \
	    || status=1; \
	exit $$status
.PHONY: coverage

# 'make check-threads': what is read and written by several threads, under
# ThreadSanitizer, as root.  libopenvswitch is the plain one; the warning is of
# fences in its headers, which ThreadSanitizer does not know.
THREADS_CFLAGS = -g -O1 -fno-omit-frame-pointer -fsanitize=thread -Wno-tsan
check-threads:
	@$(call other_build,threads-build,CFLAGS='$(THREADS_CFLAGS)')
	@$(MAKE) -C threads-build check \
	    TESTSUITEFLAGS='$(TESTSUITEFLAGS) -k collector'
	@$(MAKE) -C threads-build check-system \
	    TESTSUITEFLAGS='$(TESTSUITEFLAGS) -k engine'
.PHONY: check-threads

clean-other-builds:
	rm -rf coverage-build threads-build
CLEAN_LOCAL += clean-other-builds
