/* have.c -- what there is in Open vSwitch.  See have.h.
 *
 * Called by the database room and by the planner.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/have.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
have_init(struct have *have)
{
    memset(have, 0, sizeof *have);
    sset_init(&have->types);
    sset_init(&have->no_columns);
    smap_init(&have->capabilities);
}

void
have_uninit(struct have *have)
{
    free(have->owner);
    sset_destroy(&have->types);
    sset_destroy(&have->no_columns);
    smap_destroy(&have->capabilities);
    for (size_t i = 0; i < have->n_bridges; i++) {
        struct have_bridge *b = &have->bridges[i];

        for (size_t j = 0; j < b->n_outputs; j++) {
            free(b->outputs[j].mirror);
        }
        free(b->outputs);
        free(b->name);
    }
    free(have->bridges);
    for (size_t i = 0; i < have->n_natives; i++) {
        native_uninit(&have->natives[i].native);
        free(have->natives[i].error);
    }
    free(have->natives);
    have_init(have);
}

struct have_bridge *
have_add_bridge(struct have *have)
{
    have->bridges = xrealloc(have->bridges, ((have->n_bridges + 1)
                                             * sizeof *have->bridges));

    struct have_bridge *bridge = &have->bridges[have->n_bridges++];

    memset(bridge, 0, sizeof *bridge);
    return bridge;
}

void
have_add_output(struct have_bridge *b, const struct uuid *port,
                const char *mirror, bool ovn, bool tunnel)
{
    b->outputs = xrealloc(b->outputs,
                          (b->n_outputs + 1) * sizeof *b->outputs);
    b->outputs[b->n_outputs++] = (struct have_output) {
        .port = *port, .mirror = xstrdup(mirror), .ovn = ovn,
        .tunnel = tunnel,
    };
}

/* A native has maps in it, which must not move in memory: they are told. */
static void
natives_moved(struct have *have)
{
    for (size_t i = 0; i < have->n_natives; i++) {
        struct native *n = &have->natives[i].native;

        hmap_moved(&n->vlans.map);
        hmap_moved(&n->options.map);
        hmap_moved(&n->numbers.map);
    }
}

struct have_native *
have_add_native(struct have *have, enum native_kind kind)
{
    have->natives = xrealloc(have->natives, ((have->n_natives + 1)
                                             * sizeof *have->natives));
    natives_moved(have);

    struct have_native *hn = &have->natives[have->n_natives++];

    memset(hn, 0, sizeof *hn);
    native_init(&hn->native, kind);
    return hn;
}

static int
compare_bridges(const void *a_, const void *b_)
{
    const struct have_bridge *a = a_;
    const struct have_bridge *b = b_;

    return uuid_compare_3way(&a->uuid, &b->uuid);
}

/* Of two of a name the whole one comes first; else by row. */
static int
compare_natives(const void *a_, const void *b_)
{
    const struct have_native *a = a_;
    const struct have_native *b = b_;
    int cmp = native_compare(&a->native, &b->native);

    cmp = cmp ? cmp : b->whole - a->whole;
    cmp = cmp ? cmp : uuid_compare_3way(&a->row, &b->row);
    return cmp ? cmp : uuid_compare_3way(&a->port, &b->port);
}

void
have_sort(struct have *have)
{
    if (have->n_bridges) {
        qsort(have->bridges, have->n_bridges, sizeof *have->bridges,
              compare_bridges);
    }
    if (have->n_natives) {
        qsort(have->natives, have->n_natives, sizeof *have->natives,
              compare_natives);
        natives_moved(have);
    }
}

const struct have_bridge *
have_find_bridge(const struct have *have, const struct uuid *uuid)
{
    struct have_bridge key = { .uuid = *uuid };

    return (have->n_bridges
            ? bsearch(&key, have->bridges, have->n_bridges,
                      sizeof *have->bridges, compare_bridges)
            : NULL);
}

const struct have_native *
have_find_native(const struct have *have, const struct native *want)
{
    for (size_t i = 0; i < have->n_natives; i++) {
        if (!native_compare(&have->natives[i].native, want)) {
            return &have->natives[i];
        }
    }
    return NULL;
}

struct have_version
have_version_parse(const char *text)
{
    struct have_version v = { 0, 0, 0 };

    if (!text || sscanf(text, "%d.%d.%d", &v.major, &v.minor, &v.patch) < 2
        || v.major < 0 || v.minor < 0 || v.patch < 0) {
        return (struct have_version) { 0, 0, 0 };
    }
    return v;
}
