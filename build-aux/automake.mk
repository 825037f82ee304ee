# The rules that make runs: see build-aux/layers and build-aux/check-style.

EXTRA_DIST += \
	build-aux/check-layers \
	build-aux/check-style \
	build-aux/layers

ALL_LOCAL += check-layers check-style
.PHONY: check-layers check-style
check-layers:
	$(AM_V_at)$(PYTHON3) $(srcdir)/build-aux/check-layers $(srcdir)
check-style:
	$(AM_V_at)$(PYTHON3) $(srcdir)/build-aux/check-style $(srcdir)
