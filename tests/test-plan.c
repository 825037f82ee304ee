/* test-plan.c -- plans from text, printed.
 *
 * test-plan run: reads stanzas "topo:" (lines of topo-script.h), "want:" (a
 *   capture a line: NAME SELECTOR TARGET... [COLUMN=VALUE]..., words in "|"
 *   bars may have spaces), "have:" (what OVS has: "version V", "types T...",
 *   "capability DATAPATH.NAME VALUE", "lacks TABLE.COLUMN", "tso", "busy" for
 *   a switch that did not follow yet,
 *   "bridge N NAME [userspace] [mirrors=N] [sflow=theirs]
 *   [output=PORT:MIRROR[:ovn][:tunnel]]...") and "plan:" (prints the plan);
 *   "json:" (a line a capture) and "rejected:" print what explain says,
 *   "interferes:" whom that disturbs; "equal:" says whether a plan computed
 *   again is equal; "now: MS" sets the time.  "steps:" prints what is to be
 *   done in OVS, "apply:" does it to the have.
 * test-plan time PORTS CAPTURES: how long a plan takes on one bridge with so
 *   many ports, when nothing is to be done; the best of several, in ms.
 * test-plan defects: lines VERSION DATAPATH => the defects, by name, of which
 *   packets are lost, repeated or replaced, and what is done by own capture.
 * test-plan columns: lines COLUMN=VALUE => ok, or the error.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/json.h"
#include "base/ovs.h"
#include "plan/defects.h"
#include "plan/plan.h"
#include "tests/topo-script.h"

/* Some of what is sent, and not all. */
static bool
has_exporter(const char *target_class)
{
    return (!strcmp(target_class, "netflow5")
            || !strcmp(target_class, "erspan2")
            || !strcmp(target_class, "gre"));
}

static const struct plan_caps caps = {
    .has_exporter = has_exporter,
    .explain = true,
};

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

/* ## What OVS has. ## */

/* "PORT-ROW:MIRROR[:ovn][:tunnel]". */
static void
put_output(struct have_bridge *b, const char *text)
{
    struct uuid port = { .parts = { 0, 0, 0, atoi(text) } };
    const char *name = strchr(text, ':') + 1;
    char *mirror = xmemdup0(name, strcspn(name, ":"));

    have_add_output(b, &port, mirror, strstr(name, ":ovn") != NULL,
                    strstr(name, ":tunnel") != NULL);
    free(mirror);
}

static void
put_bridge(struct have *have, const struct svec *words)
{
    static const char *const kinds[] = { "", "sflow=", "ipfix=", "netflow=" };
    struct have_bridge *b = have_add_bridge(have);

    b->uuid.parts[3] = atoi(words->names[1]);
    b->name = xstrdup(words->names[2]);
    for (size_t i = 3; i < words->n; i++) {
        const char *word = words->names[i];

        if (!strcmp(word, "userspace")) {
            b->userspace = true;
        } else if (!strncmp(word, "mirrors=", 8)) {
            b->n_mirrors = atoi(word + 8);
        }
        if (!strncmp(word, "output=", 7)) {
            put_output(b, word + 7);
        }
        for (size_t kind = 1; kind < ARRAY_SIZE(kinds); kind++) {
            if (!strncmp(word, kinds[kind], strlen(kinds[kind]))) {
                b->slots[kind] = HAVE_THEIRS;
            }
        }
    }
}

static void
have_line(struct have *have, const char *line)
{
    struct svec words = SVEC_EMPTY_INITIALIZER;

    have->known = true;
    have->has_types = true;
    split(line, &words);
    if (!strcmp(words.names[0], "version")) {
        have->version = have_version_parse(words.names[1]);
    } else if (!strcmp(words.names[0], "types")) {
        for (size_t i = 1; i < words.n; i++) {
            sset_add(&have->types, words.names[i]);
        }
    } else if (!strcmp(words.names[0], "bridge")) {
        put_bridge(have, &words);
    } else if (!strcmp(words.names[0], "capability")) {
        smap_add(&have->capabilities, words.names[1], words.names[2]);
    } else if (!strcmp(words.names[0], "lacks")) {
        sset_add(&have->no_columns, words.names[1]);
    } else if (!strcmp(words.names[0], "tso")) {
        have->tso = true;
    } else {
        ovs_assert(!strcmp(words.names[0], "busy"));
        have->settled = false;
    }
    have_sort(have);
    svec_destroy(&words);
}

static void
print_steps(const struct plan *plan, const struct have *have)
{
    struct plan_steps steps;

    plan_diff(plan, have, &steps);
    for (size_t i = 0; i < steps.n; i++) {
        const struct plan_step *step = &steps.steps[i];
        const struct native *n = (step->op == PLAN_DELETE
                                  ? &step->have->native : step->want);
        char *taps = native_taps_text(n);
        char *targets = svec_join(&n->targets, ",", "");

        printf("%c %s %s%s%s (%s)\n", "-+~"[step->op],
               native_table(n->kind), n->bridge_name,
               targets[0] ? " to " : "", targets, taps);
        free(taps);
        free(targets);
    }
    if (!steps.n) {
        puts(steps.more ? "more later" : "nothing");
    }
    plan_steps_uninit(&steps);
}

static void
remove_native(struct have *have, const struct have_native *hn)
{
    size_t i = hn - have->natives;

    native_uninit(&have->natives[i].native);
    have->n_natives--;
    for (; i < have->n_natives; i++) {
        have->natives[i] = have->natives[i + 1];
        hmap_moved(&have->natives[i].native.vlans.map);
        hmap_moved(&have->natives[i].native.options.map);
        hmap_moved(&have->natives[i].native.numbers.map);
    }
}

static void
add_native(struct have *have, const struct native *n)
{
    static unsigned int row = 1000;
    struct have_native *hn = have_add_native(have, n->kind);

    native_uninit(&hn->native);
    native_clone(&hn->native, n);
    hn->row.parts[3] = ++row;
    hn->port.parts[3] = ++row;
    hn->whole = true;
}

static void
apply_steps(const struct plan *plan, struct have *have)
{
    struct plan_steps steps;

    plan_diff(plan, have, &steps);
    /* The last first, so that those before stay where they are. */
    for (size_t i = steps.n; i-- > 0; ) {
        if (steps.steps[i].op != PLAN_CREATE) {
            remove_native(have, steps.steps[i].have);
        }
    }
    for (size_t i = 0; i < steps.n; i++) {
        if (steps.steps[i].op != PLAN_DELETE) {
            add_native(have, steps.steps[i].want);
        }
    }
    have_sort(have);
    plan_steps_uninit(&steps);
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
    if (s->wrap.type != WRAP_NONE) {
        char *wrap = wrap_to_text(&s->wrap);

        printf(" without %s", wrap);
        free(wrap);
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
            if (tap->source.ifname) {
                print_source(&tap->source);
            }
        } else {
            printf("%s/%s\n", tap_state_to_string(tap->state),
                   tap_reason_to_string(tap->reason));
        }
        if (tap->detail[0]) {
            printf("  %s\n", tap->detail);
        }
        if (rejected && tap->backend != PLAN_NONE) {
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

static void
print_interferes(const struct plan *plan)
{
    for (size_t i = 0; i < plan->n; i++) {
        const struct plan_tap *tap = &plan->taps[i];

        printf("%s: %s %s%s%s\n", tap->capture_name,
               plan_backend_to_string(tap->backend),
               tap_reason_to_string(tap->reason),
               tap->detail[0] ? ": " : "", tap->detail);
        for (size_t j = 0; j < tap->interferes.n; j++) {
            printf("  ! %s\n", tap->interferes.names[j]);
        }
    }
}

static void
print_json(const struct want *want, const struct plan *plan)
{
    for (size_t i = 0; i < want->n; i++) {
        const struct native_stamp stamp = { "h", "m" };
        struct jsn *json = plan_to_json(plan, &want->captures[i], &stamp);
        char *text = jsn_to_text(json, false);

        puts(text);
        free(text);
        jsn_destroy(json);
    }
}

/* The law of idempotence, and that of order: a plan from captures in another
 * order is the same. */
static void
print_equal(struct want *want, const struct topo *topo,
            const struct have *have, long long int now,
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
    plan_compute(want, topo, have, &caps, now, &again);
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
    struct have have;
    long long int now;
    const char *stanza;         /* "topo", "want" or "have". */
};

static void
run_verb(struct state *s, const char *verb)
{
    struct plan plan;

    topo_run(s->topo);
    want_sort(&s->want);
    plan_compute(&s->want, s->topo, &s->have, &caps, s->now, &plan);
    if (!strcmp(verb, "plan:")) {
        print_plan(&plan, false);
    } else if (!strcmp(verb, "rejected:")) {
        print_plan(&plan, true);
    } else if (!strcmp(verb, "interferes:")) {
        print_interferes(&plan);
    } else if (!strcmp(verb, "equal:")) {
        print_equal(&s->want, s->topo, &s->have, s->now, &plan);
    } else if (!strcmp(verb, "steps:")) {
        print_steps(&plan, &s->have);
    } else if (!strcmp(verb, "apply:")) {
        apply_steps(&plan, &s->have);
    } else if (!strcmp(verb, "json:")) {
        print_json(&s->want, &plan);
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
    } else if (!strcmp(line, "have:")) {
        s->stanza = "have";
        have_uninit(&s->have);
        s->have.settled = true;
    } else if (!strncmp(line, "now: ", 5)) {
        s->now = atoll(line + 5);
    } else if (line[0] != ' ') {
        run_verb(s, line);
    } else if (!strcmp(s->stanza, "topo")) {
        topo_script_line(s->topo, line);
    } else if (!strcmp(s->stanza, "have")) {
        have_line(&s->have, line);
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
    have_init(&s.have);
    while (!ds_get_line(&line, stdin)) {
        if (line.length && line.string[0] != '#') {
            run_line(&s, ds_cstr(&line));
        }
    }
    ds_destroy(&line);
    want_uninit(&s.want);
    have_uninit(&s.have);
    topo_destroy(s.topo);
}

static void
script_line(struct topo *topo, const char *format, ...)
{
    struct ds line = DS_EMPTY_INITIALIZER;
    va_list args;

    va_start(args, format);
    ds_put_format_valist(&line, format, args);
    va_end(args);
    topo_script_line(topo, ds_cstr(&line));
    ds_destroy(&line);
}

static void
make_large(struct state *s, int n_ports, int n_captures)
{
    script_line(s->topo, " host-netns 1");
    script_line(s->topo, " bridge 10 br0");
    for (int i = 0; i < n_ports; i++) {
        int id = 100 + 2 * i;

        script_line(s->topo, " link 1:%d p%d veth", id, i);
        script_line(s->topo, " port %d 10 p%d", id, i);
        script_line(s->topo, " intf %d %d p%d system ifindex=%d", id + 1, id,
                    i, id);
    }
    have_line(&s->have, "bridge 10 br0 userspace");
    have_line(&s->have, "types gre erspan internal");
    s->have.settled = true;
    for (int i = 0; i < n_captures; i++) {
        char *line = xasprintf("c%d p%d %s", i, i * (n_ports / n_captures),
                               i % 2 || i >= 2 * HAVE_MAX_MIRRORS
                               ? "netflow5:10.9.0.2"
                               : "gre:10.9.0.2");
        /* In one direction a mirror is what 'auto' takes. */
        char *unique = (strstr(line, "gre:")
                        ? xasprintf("%s,key=%d direction=ingress", line, i)
                        : xstrdup(line));

        add_capture(&s->want, unique);
        free(unique);
        free(line);
    }
}

/* As the daemon does when something changed: the plan, and what to do. */
static void
run_time(int n_ports, int n_captures)
{
    const struct plan_caps quick = { .has_exporter = has_exporter };
    struct state s = { .topo = topo_create("h") };
    double best = HUGE_VAL;
    size_t n_steps = 0;

    want_init(&s.want);
    have_init(&s.have);
    make_large(&s, n_ports, n_captures);
    topo_run(s.topo);
    for (int i = 0; i < 20; i++) {
        struct timespec start, end;
        struct plan_steps steps;
        struct plan plan;

        clock_gettime(CLOCK_MONOTONIC, &start);
        plan_compute(&s.want, s.topo, &s.have, &quick, 0, &plan);
        plan_diff(&plan, &s.have, &steps);
        clock_gettime(CLOCK_MONOTONIC, &end);
        best = MIN(best, (end.tv_sec - start.tv_sec) * 1e3
                         + (end.tv_nsec - start.tv_nsec) / 1e6);
        n_steps = steps.n;
        plan_steps_uninit(&steps);
        apply_steps(&plan, &s.have);
        plan_uninit(&plan);
    }
    printf("%"PRIuSIZE" steps, %.3f ms\n", n_steps, best);
    want_uninit(&s.want);
    have_uninit(&s.have);
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

/* Of one "VERSION DATAPATH", "-" for a version that is not known. */
static void
print_defects(const char *line)
{
    struct svec words = SVEC_EMPTY_INITIALIZER;

    split(line, &words);
    printf("%s %s =>", words.names[0], words.names[1]);
    for (size_t i = 0; i < n_defects; i++) {
        if ((defects[i].remedy == DEFECT_OWN
             || defects[i].remedy == DEFECT_REFUSED)
            && defect_is_in(defects[i].id,
                            have_version_parse(words.names[0]),
                            !strcmp(words.names[1], "netdev"))) {
            printf(" %s", defects[i].name);
        }
    }
    putchar('\n');
    svec_destroy(&words);
}

static void
run_defects(void)
{
    struct ds line = DS_EMPTY_INITIALIZER;

    while (!ds_get_line(&line, stdin)) {
        print_defects(ds_cstr(&line));
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
    } else if (argc == 2 && !strcmp(argv[1], "defects")) {
        run_defects();
    } else if (argc == 4 && !strcmp(argv[1], "time")) {
        run_time(atoi(argv[2]), atoi(argv[3]));
    } else {
        fprintf(stderr, "usage: test-plan run | columns | defects | time "
                "PORTS CAPTURES\n");
        return 1;
    }
    return 0;
}
