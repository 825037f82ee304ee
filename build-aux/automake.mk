# The rules that make runs: see build-aux/layers and build-aux/check-style.

EXTRA_DIST += \
	build-aux/check-layers \
	build-aux/check-style \
	build-aux/layers

ALL_LOCAL += check-layers check-style
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
