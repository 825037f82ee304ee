/* test-topo.c -- topologies from scripts, printed.
 *
 * test-topo run: reads a script (see topo-script.h); a line "print" prints the
 *   graph, "changed" says whether topo_run() changed it; "text", "dot" and
 *   "json" print it as the command does, with a capture at each "eth0"; "loop"
 *   says whether the JSON of what was read from its JSON is the same.
 * test-topo shuffle N: gives the lines of a script in N orders, with
 *   topo_run() between them here and there, and says whether all gave the same
 *   graph, which it prints.
 * test-topo churn N: puts and removes the lines of a script N times, and says
 *   whether the graph was at all times that of what was put and not removed.
 * test-topo id HOST KIND KEY: prints an identity.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/ovs.h"
#include "topo/format.h"
#include "tests/topo-readers.h"
#include "tests/topo-script.h"

/* A capture at every node of the name "eth0". */
static size_t
make_overlays(const struct topo *topo, struct topo_overlay **overlays)
{
    size_t n;
    const struct topo_node **nodes = topo_nodes(topo, &n);
    size_t n_overlays = 0;

    *overlays = xcalloc(n, sizeof **overlays);
    for (size_t i = 0; i < n; i++) {
        if (!strcmp(nodes[i]->name, "eth0")) {
            (*overlays)[n_overlays++] = (struct topo_overlay) {
                nodes[i]->id, "demo", "erspan2:10.9.0.2", "active" };
        }
    }
    free(nodes);
    return n_overlays;
}

static void
print_loop(const char *text)
{
    struct topo *copy = topo_create("h");
    struct jsn *json;

    ovs_assert(!jsn_parse(text, &json));
    topo_from_json(copy, json);
    jsn_destroy(json);
    json = topo_to_json(copy, NULL, 0);

    char *again = jsn_to_text(json, true);

    puts(strcmp(text, again) ? again : "same");
    free(again);
    jsn_destroy(json);
    topo_destroy(copy);
}

/* Prints 'topo' as 'format'; false if that is no format. */
static bool
print_as(const struct topo *topo, const char *format)
{
    struct ds ds = DS_EMPTY_INITIALIZER;
    struct topo_overlay *overlays;
    size_t n = make_overlays(topo, &overlays);
    bool loop = !strcmp(format, "loop");
    bool known = true;

    if (!strcmp(format, "print")) {
        topo_script_print(topo, &ds);
    } else if (!strcmp(format, "text")) {
        topo_format_text(topo, overlays, n, &ds);
    } else if (!strcmp(format, "dot")) {
        topo_format_dot(topo, overlays, n, &ds);
    } else if (!strcmp(format, "json") || loop) {
        struct jsn *json = topo_to_json(topo, overlays, loop ? 0 : n);
        char *text = jsn_to_text(json, true);

        if (loop) {
            print_loop(text);
        } else {
            ds_put_format(&ds, "%s\n", text);
        }
        free(text);
        jsn_destroy(json);
    } else {
        known = false;
    }
    fputs(ds_cstr(&ds), stdout);
    ds_destroy(&ds);
    free(overlays);
    return known;
}

static void
run_script(void)
{
    struct topo *topo = topo_create("h");
    struct ds line = DS_EMPTY_INITIALIZER;

    while (!ds_get_test_line(&line, stdin)) {
        const char *s = ds_cstr(&line);

        if (!strcmp(s, "changed")) {
            puts(topo_run(topo) ? "changed" : "same");
        } else if (strchr(s, ' ') || !strcmp(s, "begin-ovs")
                   || !strcmp(s, "end-ovs")) {
            topo_script_line(topo, s);
        } else {
            topo_run(topo);
            if (!print_as(topo, s)) {
                ovs_fatal(0, "what is \"%s\"?", s);
            }
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
read_lines(struct svec *lines)
{
    struct ds line = DS_EMPTY_INITIALIZER;

    svec_init(lines);
    while (!ds_get_test_line(&line, stdin)) {
        svec_add(lines, ds_cstr(&line));
    }
    ds_destroy(&line);
}

static void
run_shuffle(int n)
{
    struct svec lines;
    uint32_t state = 1;

    read_lines(&lines);

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
    svec_destroy(&lines);
}

/* The second word of 'line', which says what it is about. */
static char *
subject_of(const char *line)
{
    const char *s = line + strcspn(line, " ");

    s += strspn(s, " ");
    return xmemdup0(s, strcspn(s, " "));
}

/* Takes back 'line', and with a namespace the links in it. */
static void
take_back(struct topo *topo, const struct svec *lines, bool *in, size_t i)
{
    const char *line = lines->names[i];
    bool netns = !strncmp(line, "netns ", 6);
    bool link = !strncmp(line, "link ", 5);
    char *subject = subject_of(line);
    char *command = xasprintf("%s %s", (netns ? "del-netns"
                                        : link ? "del-link" : "del"),
                              subject);

    /* There is no way back from "host-netns" and "switch-netns". */
    if (!strstr(line, "-netns ")) {
        topo_script_line(topo, command);
        in[i] = false;
    }
    for (size_t j = 0; netns && j < lines->n; j++) {
        char *prefix = xasprintf("link %s:", subject);

        in[j] = in[j] && strncmp(lines->names[j], prefix, strlen(prefix));
        free(prefix);
    }
    free(subject);
    free(command);
}

/* True if 'topo' is as if only the lines that are 'in' had been put. */
static bool
is_as_fresh(struct topo *topo, const struct svec *lines, const bool *in)
{
    struct topo *fresh = topo_create("h");
    struct ds a = DS_EMPTY_INITIALIZER;
    struct ds b = DS_EMPTY_INITIALIZER;
    bool same;

    for (size_t i = 0; i < lines->n; i++) {
        if (in[i]) {
            topo_script_line(fresh, lines->names[i]);
        }
    }
    topo_run(fresh);
    topo_script_print(topo, &a);
    topo_script_print(fresh, &b);
    same = !strcmp(ds_cstr(&a), ds_cstr(&b));
    if (!same) {
        printf("is:\n%sshould be:\n%s", ds_cstr(&a), ds_cstr(&b));
    }
    ds_destroy(&a);
    ds_destroy(&b);
    topo_destroy(fresh);
    return same;
}

static void
run_churn(int n)
{
    struct topo *topo = topo_create("h");
    struct topo_reader reader;
    uint32_t state = 1;
    struct svec lines;

    topo_reader_init(&reader);
    read_lines(&lines);
    bool *in = xcalloc(lines.n, sizeof *in);
    for (int step = 0; step < n; step++) {
        size_t i = next_random(&state) % lines.n;

        if (in[i] && next_random(&state) % 2) {
            take_back(topo, &lines, in, i);
        } else {
            topo_script_line(topo, lines.names[i]);
            in[i] = true;
        }
        if (next_random(&state) % 2) {
            topo_run(topo);
            if (!is_as_fresh(topo, &lines, in)) {
                printf("differs after step %d, \"%s\"\n", step,
                       lines.names[i]);
                break;
            }

            const char *wrong = topo_reader_check(&reader, topo);
            if (wrong) {
                printf("step %d, \"%s\": %s\n", step, lines.names[i],
                       wrong);
                break;
            }
        }
    }
    printf("%d steps\n", n);
    free(in);
    svec_destroy(&lines);
    topo_reader_uninit(&reader);
    topo_destroy(topo);
}

int
main(int argc, char *argv[])
{
    if (argc == 2 && !strcmp(argv[1], "run")) {
        run_script();
    } else if (argc == 3 && !strcmp(argv[1], "shuffle")) {
        run_shuffle(atoi(argv[2]));
    } else if (argc == 3 && !strcmp(argv[1], "churn")) {
        run_churn(atoi(argv[2]));
    } else if (argc == 5 && !strcmp(argv[1], "id")) {
        puts(topo_make_id(argv[2], argv[3], argv[4]).text);
    } else {
        fprintf(stderr, "usage: test-topo run | shuffle N | churn N | "
                "id HOST KIND KEY\n");
        return 1;
    }
    return 0;
}
