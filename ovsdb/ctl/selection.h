/* selection.h -- which captures and taps 'show' is asked for.
 *
 * Internal to this room.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_CTL_SELECTION_H
#define OVSPAN_OVSDB_CTL_SELECTION_H 1

#include "ovsdb/ctl/absent.h"

/* All that is shown of one capture. */
struct ctl_selected {
    const struct spanrec_capture *capture;
    const struct spanrec_tap **taps;    /* In stable order. */
    size_t n;
};

struct ctl_selection {
    const char *format;         /* "text" or "json". */
    const char *state;          /* Only taps in it; NULL: in any. */
    char *const *words;         /* Captures, points and hosts; lent. */
    size_t n_words;             /* 0: everything. */
    struct smap absent;         /* See absent.h. */
    const struct spanrec_tap **taps;    /* Holds those of 'selected'. */
    struct ctl_selected *selected;      /* By name. */
    size_t n;
    size_t n_taps;              /* Of all of them. */
};

/* Selects what the arguments of 'ctx' say.  Returns false, with an error in
 * 'ctx', for what nobody is called. */
bool ctl_selection_init(struct ctl_selection *, struct ctl_context *ctx);
void ctl_selection_uninit(struct ctl_selection *);

/* Whether 'host' is of interest: asked for, or a selected tap's. */
bool ctl_selection_has_host(const struct ctl_selection *, const char *host);

#endif /* ovsdb/ctl/selection.h */
