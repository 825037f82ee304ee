/* selection.c -- which captures and taps 'show' is asked for.  See
 * selection.h.
 *
 * Called once for a command.  Taps are sorted once, and captures by the same
 * names, so that a thousand of each cost little.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/selection.h"
#include <stdlib.h>
#include <string.h>
#include "base/nearest.h"
#include "base/ovs.h"

/* ## The arguments. ## */

static const char *const states[] = {
    "active", "pending", "failed", "planned", "unknown" };

static bool
check_state(struct ctl_context *ctx, const char *state)
{
    struct ds error = DS_EMPTY_INITIALIZER;
    struct nearest nearest;

    nearest_init(&nearest, state);
    for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
        if (!strcmp(state, states[i])) {
            return true;
        }
        nearest_offer(&nearest, states[i]);
    }
    ds_put_format(&error, "show: state=%s: expected active, pending, failed, "
                  "planned or unknown", state);
    nearest_ask(&nearest, &error);
    ctl_error(ctx, "%s", ds_cstr(&error));
    ds_destroy(&error);
    return false;
}

/* Reads [text|json] [WORD]... [state=STATE]. */
static bool
read_arguments(struct ctl_selection *sel, struct ctl_context *ctx)
{
    const struct db_ctl_conf *conf = db_ctl_conf(ctx);
    int i = 1;
    int n = ctx->argc;

    sel->format = (conf->format_given && conf->style.format == TF_JSON
                   ? "json" : "text");
    if (n > 1 && (!strcmp(ctx->argv[1], "text")
                  || !strcmp(ctx->argv[1], "json"))) {
        sel->format = ctx->argv[1];
        i++;
    }
    if (n > i && !strncmp(ctx->argv[n - 1], "state=", 6)) {
        sel->state = ctx->argv[--n] + 6;
    }
    sel->words = &ctx->argv[i];
    sel->n_words = n - i;
    return !sel->state || check_state(ctx, sel->state);
}

/* ## What the words mean. ## */

static bool
is_point(const struct spanrec_tap *tap, const char *word)
{
    char *point = ctl_tap_point(tap);
    bool is = !strcmp(point, word);

    free(point);
    return is;
}

static bool
has_word(const struct ctl_selection *sel, const char *name)
{
    for (size_t i = 0; i < sel->n_words; i++) {
        if (!strcmp(sel->words[i], name)) {
            return true;
        }
    }
    return false;
}

static bool
is_selected(const struct ctl_selection *sel, const struct spanrec_tap *tap)
{
    bool selected = (!sel->n_words || has_word(sel, tap->capture_name)
                     || has_word(sel, tap->host));

    for (size_t i = 0; i < sel->n_words && !selected; i++) {
        selected = is_point(tap, sel->words[i]);
    }
    return (selected
            && (!sel->state
                || !strcmp(ctl_view_tap(tap, &sel->absent).state,
                           sel->state)));
}

/* Offers whatever 'show' can be asked for, and returns true if 'word' is one
 * of them.  'points' lends the names of points. */
static bool
is_known(const char *word, struct ctl_context *ctx, struct sset *points,
         struct nearest *nearest)
{
    const struct spanrec_capture *capture;
    const struct spanrec_host *host;
    const struct spanrec_tap *tap;
    const char *point;

    SPANREC_CAPTURE_FOR_EACH (capture, ctx->idl) {
        nearest_offer(nearest, capture->name);
    }
    SPANREC_HOST_FOR_EACH (host, ctx->idl) {
        nearest_offer(nearest, host->name);
    }
    SPANREC_TAP_FOR_EACH (tap, ctx->idl) {
        sset_add_and_free(points, ctl_tap_point(tap));
    }
    SSET_FOR_EACH (point, points) {
        nearest_offer(nearest, point);
    }
    return nearest->best && !strcmp(nearest->best, word);
}

static bool
check_words(const struct ctl_selection *sel, struct ctl_context *ctx)
{
    bool known = true;

    for (size_t i = 0; i < sel->n_words && known; i++) {
        const char *word = sel->words[i];
        struct sset points = SSET_INITIALIZER(&points);
        struct nearest nearest;

        nearest_init(&nearest, word);
        known = is_known(word, ctx, &points, &nearest);
        if (!known) {
            struct ds error = DS_EMPTY_INITIALIZER;

            ds_put_format(&error, "show: expected \"text\" or \"json\", not "
                          "\"%s\", which no capture, host or watched point is "
                          "called", word);
            nearest_ask(&nearest, &error);
            ctl_error(ctx, "%s", ds_cstr(&error));
            ds_destroy(&error);
        }
        sset_destroy(&points);
    }
    return known;
}

/* ## Selecting. ## */

/* Appends those of 'all' that are selected to 'sel->taps', which has room. */
static void
select_taps(struct ctl_selection *sel, const struct spanrec_tap **all,
            size_t n)
{
    sel->taps = all;
    for (size_t i = 0; i < n; i++) {
        if (is_selected(sel, all[i])) {
            sel->taps[sel->n_taps++] = all[i];
        }
    }
}

/* Gives each capture its taps, which come in the same order. */
static void
select_captures(struct ctl_selection *sel, struct ovsdb_idl *idl)
{
    const struct spanrec_capture **captures;
    size_t n, at = 0;

    captures = ctl_captures(idl, &n);
    sel->selected = xmalloc(MAX(n, 1) * sizeof *sel->selected);
    for (size_t i = 0; i < n; i++) {
        const char *name = captures[i]->name;
        struct ctl_selected *one = &sel->selected[sel->n];

        /* Taps of a capture that is gone are passed over. */
        while (at < sel->n_taps
               && strcmp(sel->taps[at]->capture_name, name) < 0) {
            at++;
        }
        *one = (struct ctl_selected) { captures[i], &sel->taps[at], 0 };
        while (at < sel->n_taps
               && !strcmp(sel->taps[at]->capture_name, name)) {
            at++;
            one->n++;
        }
        /* Without taps it is shown if all is, or it itself. */
        sel->n += (one->n || (!sel->state && (!sel->n_words
                                              || has_word(sel, name))));
    }
    free(captures);
}

bool
ctl_selection_init(struct ctl_selection *sel, struct ctl_context *ctx)
{
    const struct spanrec_tap **all;
    size_t n;

    memset(sel, 0, sizeof *sel);
    if (!read_arguments(sel, ctx) || !check_words(sel, ctx)) {
        return false;
    }
    ctl_absent_init(&sel->absent, ctx->idl);
    all = ctl_taps(ctx->idl, NULL, &n);
    select_taps(sel, all, n);
    select_captures(sel, ctx->idl);
    return true;
}

void
ctl_selection_uninit(struct ctl_selection *sel)
{
    smap_destroy(&sel->absent);
    free(sel->taps);
    free(sel->selected);
}

bool
ctl_selection_has_host(const struct ctl_selection *sel, const char *host)
{
    bool has = (!sel->n_words && !sel->state) || has_word(sel, host);

    for (size_t i = 0; i < sel->n_taps && !has; i++) {
        has = !strcmp(sel->taps[i]->host, host);
    }
    return has;
}
