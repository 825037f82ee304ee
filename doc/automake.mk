# Manual pages.
dist_man_MANS += doc/ovspan-ctl.8
dist_man_MANS += doc/ovspan.8 doc/ovspand.8
dist_man_MANS += doc/ovspan-collectors.7
EXTRA_DIST += doc/lab.svg
