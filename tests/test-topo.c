/* test-topo.c -- topologies from scripts, printed.
 *
 * test-topo run: reads a script (see topo-script.h); a line "print" prints the
 *   graph, "changed" says whether topo_run() changed it.
 * test-topo shuffle N: gives the lines of a script in N orders, with
 *   topo_run() between them here and there, and says whether all gave the same
 *   graph, which it prints.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "tests/topo-script.h"

static void
run_script(void)
{
    struct topo *topo = topo_create("h");
    struct ds line = DS_EMPTY_INITIALIZER;

    while (!ds_get_test_line(&line, stdin)) {
        const char *s = ds_cstr(&line);

        if (!strcmp(s, "changed")) {
            puts(topo_run(topo) ? "changed" : "same");
        } else if (!strcmp(s, "print")) {
            struct ds ds = DS_EMPTY_INITIALIZER;

            topo_run(topo);
            topo_script_print(topo, &ds);
            fputs(ds_cstr(&ds), stdout);
            ds_destroy(&ds);
        } else {
            topo_script_line(topo, s);
        }
    }
    ds_destroy(&line);
    topo_destroy(topo);
}

/* A generator of our own, so that a failure comes again. */
static uint32_t
next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

static char *
build_shuffled(const struct svec *lines, uint32_t *state)
{
    struct topo *topo = topo_create("h");
    struct ds ds = DS_EMPTY_INITIALIZER;
    size_t *order = xmalloc(lines->n * sizeof *order);

    for (size_t i = 0; i < lines->n; i++) {
        size_t j = next_random(state) % (i + 1);

        order[i] = order[j];
        order[j] = i;
    }
    for (size_t i = 0; i < lines->n; i++) {
        topo_script_line(topo, lines->names[order[i]]);
        if (next_random(state) % 3 == 0) {
            topo_run(topo);
        }
    }
    topo_run(topo);
    ovs_assert(!topo_run(topo));
    topo_script_print(topo, &ds);
    topo_destroy(topo);
    free(order);
    return ds_steal_cstr(&ds);
}

static void
run_shuffle(int n)
{
    struct svec lines = SVEC_EMPTY_INITIALIZER;
    struct ds line = DS_EMPTY_INITIALIZER;
    uint32_t state = 1;

    while (!ds_get_test_line(&line, stdin)) {
        svec_add(&lines, ds_cstr(&line));
    }

    char *first = build_shuffled(&lines, &state);
    for (int i = 1; i < n; i++) {
        char *other = build_shuffled(&lines, &state);

        if (strcmp(first, other)) {
            printf("order %d differs:\n%s---\n", i, other);
            free(other);
            break;
        }
        free(other);
    }
    fputs(first, stdout);
    free(first);
    ds_destroy(&line);
    svec_destroy(&lines);
}

int
main(int argc, char *argv[])
{
    if (argc == 2 && !strcmp(argv[1], "run")) {
        run_script();
    } else if (argc == 3 && !strcmp(argv[1], "shuffle")) {
        run_shuffle(atoi(argv[2]));
    } else {
        fprintf(stderr, "usage: test-topo run | shuffle N\n");
        return 1;
    }
    return 0;
}
