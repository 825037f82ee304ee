# Manual pages.
dist_man_MANS += doc/ovspan-ctl.8
