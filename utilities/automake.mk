# Scripts for hosts.  They run from the source tree as they are; an installed
# one has the directories that configure was told.

dist_sbin_SCRIPTS += utilities/ovspan-ctl
dist_bin_SCRIPTS += utilities/ovspan-appctl

# Completion, where each shell looks for it.
bash_completiondir = $(datadir)/bash-completion/completions
zsh_completiondir = $(datadir)/zsh/site-functions
fish_completiondir = $(datadir)/fish/vendor_completions.d
dist_bash_completion_DATA = utilities/completion/bash/ovspan
dist_zsh_completion_DATA = utilities/completion/_ovspan
dist_fish_completion_DATA = utilities/completion/ovspan.fish

INSTALL_EXEC_HOOKS += set-directories
.PHONY: set-directories
set-directories:
	for script in $(sbindir)/ovspan-ctl $(bindir)/ovspan-appctl; do \
	  sed -i -e 's,^default_rundir=.*,default_rundir=$(RUNDIR),' \
	    -e 's,^default_dbdir=.*,default_dbdir=$(DBDIR),' \
	    -e 's,^default_logdir=.*,default_logdir=$(LOGDIR),' \
	    -e 's,^default_pkgdatadir=.*,default_pkgdatadir=$(pkgdatadir),' \
	    "$(DESTDIR)$$script" || exit 1; \
	done
