/* test-plan.c -- plans from text, printed.
 *
 * test-plan run: reads stanzas "topo:" (lines of topo-script.h), "want:" (a
 *   capture a line: NAME SELECTOR TARGET... [COLUMN=VALUE]..., words in "|"
 *   bars may have spaces) and "plan:" (prints the plan); "json:" and
 *   "rejected:" print what explain says; "equal:" says whether a plan computed
 *   again is equal; "now: MS" sets the time.
 * test-plan columns: lines COLUMN=VALUE => ok, or the error.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/ovs.h"
#include "plan/plan.h"
#include "tests/topo-script.h"

/* What the first release sends. */
static bool
has_exporter(const char *target_class)
{
    return (!strcmp(target_class, "netflow5")
            || !strcmp(target_class, "erspan2"));
}

static const struct plan_caps caps = { .has_exporter = has_exporter };

/* Splits 'line' at spaces that are not between bars. */
static void
split(const char *line, struct svec *words)
{
    struct ds word = DS_EMPTY_INITIALIZER;
    bool barred = false;

    for (const char *p = line; ; p++) {
        if (*p == '|') {
            barred = !barred;
        } else if (!*p || (*p == ' ' && !barred)) {
            if (word.length) {
                svec_add(words, ds_cstr(&word));
                ds_clear(&word);
            }
            if (!*p) {
                break;
            }
        } else {
            ds_put_char(&word, *p);
        }
    }
    ds_destroy(&word);
}

/* A target as a row of the database has it: its shape alone is checked. */
static void
add_target(struct want_capture *c, const char *text)
{
    static unsigned int n;
    struct uuid uuid = { .parts = { 0, 0, 0, ++n } };
    char *type, *address;
    struct smap options;

    ovs_assert(!target_split(text, &type, &address, &options));
    want_capture_add_target(c, &uuid, type, address, &options);
    free(type);
    free(address);
    smap_destroy(&options);
}

static void
add_capture(struct want *want, const char *line)
{
    struct svec words = SVEC_EMPTY_INITIALIZER;
    struct want_capture *c = want_add(want);

    split(line, &words);
    ovs_assert(words.n >= 2);
    c->name = xstrdup(words.names[0]);
    c->selector = xstrdup(words.names[1]);
    for (size_t i = 2; i < words.n; i++) {
        const char *word = words.names[i];
        size_t length = strcspn(word, ":=");
        char *column = xmemdup0(word, length);

        if (want_is_column(column)) {
            const char *equals = strchr(word, '=');
            char *name = xmemdup0(word, equals - word);
            char *error = want_capture_set(c, name, equals + 1);

            free(c->options_error);
            c->options_error = error;
            free(name);
        } else {
            add_target(c, word);
        }
        free(column);
    }
    want_capture_finish(c);
    svec_destroy(&words);
}

static void
print_source(const struct plan_source *s)
{
    static const char *const directions[] = { "both", "in", "out" };

    printf("  at %"PRIu64":%d %s%s%s %s", s->netns, s->ifindex, s->ifname,
           s->netns_path ? " in " : "", s->netns_path ? s->netns_path : "",
           directions[s->direction]);
    if (s->filter) {
        printf(" filter=\"%s\"", s->filter);
    }
    if (s->snaplen) {
        printf(" snaplen=%"PRIu32, s->snaplen);
    }
    if (s->sampling != 1) {
        printf(" sampling=%"PRIu32, s->sampling);
    }
    if (s->ring) {
        printf(" ring=%"PRIuSIZE, s->ring);
    }
    if (s->max_pps || s->max_bps) {
        printf(" max=%"PRIu64"/%"PRIu64, s->max_pps, s->max_bps);
    }
    putchar('\n');
}

static void
print_plan(const struct plan *plan, bool rejected)
{
    for (size_t i = 0; i < plan->n; i++) {
        const struct plan_tap *tap = &plan->taps[i];

        printf("%s: %s%s%s -> %s: ", tap->capture_name, tap->netns,
               tap->netns[0] ? "/" : "", tap->node_name, tap->target_text);
        if (tap->run) {
            printf("run %s\n", plan_backend_to_string(tap->backend));
            print_source(&tap->source);
        } else {
            printf("%s/%s\n", tap_state_to_string(tap->state),
                   tap_reason_to_string(tap->reason));
        }
        if (tap->detail[0]) {
            printf("  %s\n", tap->detail);
        }
        if (rejected) {
            printf("  %s: %s\n", plan_backend_to_string(tap->backend),
                   tap->why);
            for (size_t j = 0; j < tap->n_rejected; j++) {
                printf("  not %s: %s\n",
                       plan_backend_to_string(tap->rejected[j].backend),
                       tap->rejected[j].why);
            }
        }
    }
    if (plan->next_expiry != LLONG_MAX) {
        printf("next expiry: %lld\n", plan->next_expiry);
    }
}

/* The law of idempotence, and that of order: a plan from captures in another
 * order is the same. */
static void
print_equal(struct want *want, const struct topo *topo, long long int now,
            const struct plan *plan)
{
    struct plan again;
    bool equal;

    for (size_t i = 0; i < want->n / 2; i++) {
        struct want_capture *a = &want->captures[i];
        struct want_capture *b = &want->captures[want->n - 1 - i];
        struct want_capture tmp = *a;

        *a = *b;
        *b = tmp;
        hmap_moved(&a->options.map);
        hmap_moved(&b->options.map);
    }
    plan_compute(want, topo, &caps, now, &again);
    equal = again.n == plan->n;
    for (size_t i = 0; equal && i < plan->n; i++) {
        equal = plan_tap_equal(&plan->taps[i], &again.taps[i]);
    }
    puts(equal ? "equal" : "different");
    plan_uninit(&again);
}

struct state {
    struct topo *topo;
    struct want want;
    long long int now;
    const char *stanza;         /* "topo" or "want". */
};

static void
run_verb(struct state *s, const char *verb)
{
    struct plan plan;

    topo_run(s->topo);
    want_sort(&s->want);
    plan_compute(&s->want, s->topo, &caps, s->now, &plan);
    if (!strcmp(verb, "plan:")) {
        print_plan(&plan, false);
    } else if (!strcmp(verb, "rejected:")) {
        print_plan(&plan, true);
    } else if (!strcmp(verb, "equal:")) {
        print_equal(&s->want, s->topo, s->now, &plan);
    } else if (!strcmp(verb, "json:")) {
        struct jsn *json = plan_to_json(&plan, "h");
        char *text = jsn_to_text(json, true);

        puts(text);
        free(text);
        jsn_destroy(json);
    } else {
        ovs_fatal(0, "what is \"%s\"?", verb);
    }
    plan_uninit(&plan);
}

static void
run_line(struct state *s, const char *line)
{
    if (!strcmp(line, "topo:")) {
        s->stanza = "topo";
    } else if (!strcmp(line, "want:")) {
        s->stanza = "want";
        want_uninit(&s->want);
    } else if (!strncmp(line, "now: ", 5)) {
        s->now = atoll(line + 5);
    } else if (line[0] != ' ') {
        run_verb(s, line);
    } else if (!strcmp(s->stanza, "topo")) {
        topo_script_line(s->topo, line);
    } else {
        add_capture(&s->want, line);
    }
}

static void
run_stanzas(void)
{
    struct ds line = DS_EMPTY_INITIALIZER;
    struct state s = { .topo = topo_create("h"), .stanza = "topo" };

    want_init(&s.want);
    while (!ds_get_line(&line, stdin)) {
        if (line.length && line.string[0] != '#') {
            run_line(&s, ds_cstr(&line));
        }
    }
    ds_destroy(&line);
    want_uninit(&s.want);
    topo_destroy(s.topo);
}

static void
run_columns(void)
{
    struct ds line = DS_EMPTY_INITIALIZER;

    while (!ds_get_line(&line, stdin)) {
        struct want want;
        const char *equals = strchr(ds_cstr(&line), '=');
        char *column = xmemdup0(line.string, equals - line.string);

        want_init(&want);
        struct want_capture *c = want_add(&want);
        char *error = want_capture_set(c, column, equals + 1);

        printf("%s => %s\n", ds_cstr(&line), error ? error : "ok");
        free(error);
        free(column);
        want_uninit(&want);
    }
    ds_destroy(&line);
}

int
main(int argc, char *argv[])
{
    if (argc == 2 && !strcmp(argv[1], "run")) {
        run_stanzas();
    } else if (argc == 2 && !strcmp(argv[1], "columns")) {
        run_columns();
    } else {
        fprintf(stderr, "usage: test-plan run | columns\n");
        return 1;
    }
    return 0;
}
