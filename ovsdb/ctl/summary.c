/* summary.c -- very many taps on one screen.  See summary.h.
 *
 * What is well is a number; what is not, is told.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/summary.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "ovsdb/ctl/counters.h"
#include "ovsdb/ctl/output.h"

enum {
    MAX_ALIKE = 3,              /* Taps of one reason that are told in full. */
    MAX_POINTS = 8,             /* Names that are read, not looked through. */
    MAX_WELL = 20,              /* Captures that are well, a line each. */
};

/* ## Numbers. ## */

/* "999", "12.3k", "4.5M": as people say how many. */
static void
put_count(struct ds *out, int64_t n)
{
    static const char units[] = "kMGTP";
    size_t i = 0;

    if (n < 10000) {
        ds_put_format(out, "%"PRId64, n);
        return;
    }
    while (n >= 1000000 && i + 1 < strlen(units)) {
        n /= 1000;
        i++;
    }
    ds_put_format(out, "%"PRId64".%"PRId64"%c", n / 1000, n / 100 % 10,
                  units[i]);
}

void
ctl_put_states(struct ds *out, const struct spanrec_tap *const *taps,
               size_t n, const struct smap *absent)
{
    struct simap states = SIMAP_INITIALIZER(&states);
    const struct simap_node **sorted;

    for (size_t i = 0; i < n; i++) {
        simap_increase(&states, ctl_view_tap(taps[i], absent).state, 1);
    }
    sorted = simap_sort(&states);
    for (size_t i = 0; i < simap_count(&states); i++) {
        ds_put_format(out, "%s%u %s", i ? ", " : "", sorted[i]->data,
                      sorted[i]->name);
    }
    free(sorted);
    simap_destroy(&states);
}

/* Puts what 'taps' have counted together. */
static void
put_counters(struct ds *out, const struct spanrec_tap *const *taps, size_t n)
{
    int64_t seen = 0, sent = 0, lost = 0;
    size_t n_counted = 0;

    for (size_t i = 0; i < n; i++) {
        n_counted += taps[i]->n_statistics > 0;
        seen += ctl_get_counter(taps[i], "packets");
        sent += ctl_get_counter(taps[i], "sent_datagrams");
        lost += ctl_get_lost(taps[i]);
    }
    if (!n_counted) {
        ds_put_cstr(out, "nothing counted");
        return;
    }
    put_count(out, seen);
    ds_put_cstr(out, " packets seen, ");
    put_count(out, sent);
    ds_put_cstr(out, " datagrams sent, ");
    put_count(out, lost);
    ds_put_cstr(out, " lost");
}

/* ## Who is not well. ## */

static bool
is_well(const struct spanrec_tap *tap, const struct smap *absent)
{
    const char *state = ctl_view_tap(tap, absent).state;

    return !strcmp(state, "active") || !strcmp(state, "planned");
}

static bool
are_alike(const struct spanrec_tap *a, const struct spanrec_tap *b,
          const struct smap *absent)
{
    return (!strcmp(ctl_view_tap(a, absent).state,
                    ctl_view_tap(b, absent).state)
            && !strcmp(ctl_view_tap(a, absent).reason,
                       ctl_view_tap(b, absent).reason));
}

/* Puts "at vm1/eth0, vm2/eth0 and 8 more" of the taps like 'first'. */
static void
put_alike(struct ds *out, const struct ctl_selected *one, size_t first,
          size_t n_told, const struct smap *absent)
{
    struct ds line = DS_EMPTY_INITIALIZER;
    size_t n = 0, n_named = 0;

    for (size_t i = first; i < one->n; i++) {
        if (are_alike(one->taps[first], one->taps[i], absent)
            && n++ >= n_told && n_named < MAX_POINTS) {
            char *point = ctl_tap_point(one->taps[i]);

            ds_put_format(&line, "%s%s", n_named++ ? ", " : "", point);
            free(point);
        }
    }
    if (n > n_told) {
        struct ctl_tap_view view = ctl_view_tap(one->taps[first], absent);
        struct ds text = DS_EMPTY_INITIALIZER;

        ds_put_format(&text, "and %"PRIuSIZE" more %s, %s: %s", n - n_told,
                      view.state, view.reason, ds_cstr(&line));
        if (n - n_told > n_named) {
            ds_put_cstr(&text, ", ...");
        }
        db_ctl_put_wrapped(out, 2, 4, ds_cstr(&text));
        ds_destroy(&text);
    }
    ds_destroy(&line);
}

/* Puts the taps of 'one' that are not well: of those that fail alike the
 * first, and who the others are. */
static void
put_unwell(struct ds *out, const struct ctl_selected *one,
           ctl_put_tap_func *put_tap, const struct smap *absent)
{
    for (size_t i = 0; i < one->n; i++) {
        bool is_first = !is_well(one->taps[i], absent);
        size_t n_told = 0;

        for (size_t j = 0; j < i && is_first; j++) {
            is_first = !are_alike(one->taps[j], one->taps[i], absent);
        }
        for (size_t j = i; j < one->n && is_first && n_told < MAX_ALIKE;
             j++) {
            if (are_alike(one->taps[i], one->taps[j], absent)) {
                put_tap(out, one->taps[j], absent);
                n_told++;
            }
        }
        if (is_first) {
            put_alike(out, one, i, n_told, absent);
        }
    }
}

/* Puts each sentence that taps which are well have, once. */
static void
put_details(struct ds *out, const struct ctl_selected *one,
            const struct smap *absent)
{
    struct sset details = SSET_INITIALIZER(&details);
    const char **sorted;

    for (size_t i = 0; i < one->n; i++) {
        const char *detail = ctl_view_tap(one->taps[i], absent).detail;

        if (is_well(one->taps[i], absent) && detail[0]) {
            sset_add(&details, detail);
        }
    }
    sorted = sset_sort(&details);
    for (size_t i = 0; i < sset_count(&details); i++) {
        db_ctl_put_wrapped(out, 4, 6, sorted[i]);
    }
    free(sorted);
    sset_destroy(&details);
}

/* ## Captures. ## */

static void
put_capture_line(struct ds *out, const struct ctl_selected *one,
                 const struct smap *absent)
{
    struct ds line = DS_EMPTY_INITIALIZER;

    ds_put_format(&line, "capture %s: %"PRIuSIZE" taps", one->capture->name,
                  one->n);
    if (one->n) {
        ds_put_cstr(&line, ", ");
        ctl_put_states(&line, one->taps, one->n, absent);
        ds_put_cstr(&line, "; ");
        put_counters(&line, one->taps, one->n);
    }
    db_ctl_put_wrapped(out, 0, 4, ds_cstr(&line));
    ds_destroy(&line);
}

static bool
is_all_well(const struct ctl_selected *one, const struct smap *absent)
{
    bool well = one->n > 0;

    for (size_t i = 0; i < one->n && well; i++) {
        well = is_well(one->taps[i], absent);
    }
    return well;
}

void
ctl_put_summary(struct ds *out, const struct ctl_selection *sel,
                ctl_put_tap_func *put_tap, bool why)
{
    size_t n_well = 0, n_hidden = 0, n_hidden_taps = 0;

    for (size_t i = 0; i < sel->n; i++) {
        const struct ctl_selected *one = &sel->selected[i];
        bool well = is_all_well(one, &sel->absent);

        if (well && ++n_well > MAX_WELL) {
            n_hidden++;
            n_hidden_taps += one->n;
            continue;
        }
        put_capture_line(out, one, &sel->absent);
        put_unwell(out, one, put_tap, &sel->absent);
        if (why) {
            put_details(out, one, &sel->absent);
        }
    }
    if (n_hidden) {
        ds_put_format(out, "and %"PRIuSIZE" captures more, whose %"PRIuSIZE
                      " taps are all well\n", n_hidden, n_hidden_taps);
    }
    ds_put_cstr(out, "('--all show' shows every tap, 'show NAME' those of a "
                "capture, point or host)\n");
}
