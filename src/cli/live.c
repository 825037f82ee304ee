/* live.c -- explain, inject and tcpdump.  See live.h.
 *
 * All are the daemon's work: this file makes its requests (daemon/appctl.h)
 * from what is typed and prints its answers.  They need this host, and are
 * refused with the database of another.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/live.h"
#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/json.h"
#include "base/netns.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "base/words.h"
#include "cli/agent.h"
#include "cli/draft-check.h"
#include "cli/explain.h"
#include "cli/nothing.h"
#include "ovsdb/ctl/commands.h"
#include "ovsdb/ctl/draft.h"
#include "ovsdb/ctl/output.h"

struct jsn *
cli_ask(struct ctl_context *ctx, const char *command, struct jsn *request)
{
    struct jsn *answer = NULL;
    char *text = jsn_to_text(request, false);
    /* What is sent at intervals takes its time. */
    long long int takes = (jsn_get_integer(request, "count", 1)
                           * jsn_get_integer(request, "interval", 1000));
    char *error = cli_agent_ask(command, text, takes, &answer);

    if (error) {
        ctl_error(ctx, "%s", error);
        free(error);
    }
    free(text);
    jsn_destroy(request);
    return answer;
}

bool
cli_check_local(struct ctl_context *ctx)
{
    const struct db_ctl_conf *conf = db_ctl_conf(ctx);

    if (!conf->is_local) {
        ctl_error(ctx, "%s needs the ovspand of the host itself: with --db=%s "
                  "it cannot be done", ctx->argv[0], conf->db);
    }
    return conf->is_local;
}

/* ## Counters. ## */

static void
refresh(const struct ctl_context *ctx)
{
    if (db_ctl_conf(ctx)->is_local) {
        cli_agent_refresh();
    }
}

void
cli_pre_show(struct ctl_context *ctx)
{
    refresh(ctx);
    db_ctl_pre_show(ctx);
}

void
cli_pre_list_taps(struct ctl_context *ctx)
{
    refresh(ctx);
    db_ctl_pre_list_taps(ctx);
}

/* ## explain ## */

/* The request for a capture that is typed. */
static struct jsn *
draft_to_json(const struct ctl_draft *draft)
{
    struct jsn *request = jsn_object();
    struct jsn *targets = jsn_array();
    struct jsn *columns = jsn_object();
    const struct smap_node *node;

    for (size_t i = 0; i < draft->targets.n; i++) {
        jsn_add(targets, jsn_string(draft->targets.names[i]));
    }
    SMAP_FOR_EACH (node, &draft->columns) {
        jsn_put_string(columns, node->key, node->value);
    }
    jsn_put_string(request, "selector", draft->capture->selector);
    jsn_put(request, "targets", targets);
    jsn_put(request, "columns", columns);
    return request;
}

char *
cli_explain_draft(const struct ctl_draft *draft, struct ds *out)
{
    struct jsn *request = draft_to_json(draft);
    char *text = jsn_to_text(request, false);
    struct jsn *answer;
    char *error = cli_agent_ask("explain", text, 0, &answer);

    if (!error) {
        cli_explain_text(answer, false, out);
        if (cli_explain_is_empty(answer)) {
            cli_say_why(cli_why_nothing(draft->capture->selector,
                                        draft->capture->name));
        }
    }
    jsn_destroy(answer);
    jsn_destroy(request);
    free(text);
    return error;
}

static struct jsn *
make_explain_request(struct ctl_context *ctx)
{
    struct jsn *request = NULL;

    if (ctx->argc == 2) {
        if (!strncmp(ctx->argv[1], "G.", 2)) {
            ctl_error(ctx, "explain SELECTOR needs at least one TARGET; "
                      "explain CAPTURE needs none");
            return NULL;
        }
        request = jsn_object();
        jsn_put_string(request, "capture", ctx->argv[1]);
    } else {
        struct ctl_draft draft;
        char *error = ctl_draft_parse(&draft, "explain", ctx->argv[1],
                                      &ctx->argv[2], ctx->argc - 2);

        if (!error) {
            error = cli_draft_check(&draft);
            request = error ? NULL : draft_to_json(&draft);
            ctl_draft_uninit(&draft);
        }
        if (error) {
            ctl_error(ctx, "%s", error);
            free(error);
        }
    }
    return request;
}

void
cli_explain(struct ctl_context *ctx)
{
    const struct db_ctl_conf *conf = db_ctl_conf(ctx);
    struct jsn *request = (cli_check_local(ctx)
                           ? make_explain_request(ctx) : NULL);
    struct jsn *answer = request ? cli_ask(ctx, "explain", request) : NULL;

    if (answer) {
        if (!conf->oneline && cli_explain_is_empty(answer)) {
            cli_say_why(ctx->argc == 2 ? cli_why_capture_nothing(ctx->argv[1])
                        : cli_why_nothing(ctx->argv[1], NULL));
        }
        if (!conf->format_given) {
            cli_explain_text(answer,
                             shash_find(&ctx->options, "--why") != NULL,
                             &ctx->output);
        } else if (conf->style.format == TF_JSON) {
            db_ctl_put_json(ctx, answer);
        } else {
            struct table table;

            cli_explain_table(answer, &table);
            db_ctl_put_table(ctx, &table);
        }
        jsn_destroy(answer);
    }
}

/* ## inject ## */

/* The daemon knows what each may be; only the shape is checked here. */
static char *
put_inject_option(struct jsn *request, const char *arg)
{
    static const char *const numbers[] = {
        "count", "interval", "size", "sport", "dport" };
    const char *equals = strchr(arg, '=');
    size_t len = equals ? equals - arg : 0;
    long long int value;

    if (len == 4 && !strncmp(arg, "type", len)) {
        jsn_put_string(request, "type", equals + 1);
        return NULL;
    }
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
        if (strlen(numbers[i]) != len || strncmp(arg, numbers[i], len)) {
            continue;
        }
        if (!str_to_llong(equals + 1, 10, &value)) {
            return xasprintf("%s: expected a number, not \"%s\"", arg,
                             equals + 1);
        }
        jsn_put_integer(request, numbers[i], value);
        return NULL;
    }
    return xasprintf("%s: inject knows type=icmp|udp|tcp, count=N, "
                     "interval=MS, size=N, sport=N and dport=N", arg);
}

static struct jsn *
make_inject_request(struct ctl_context *ctx)
{
    struct jsn *request = jsn_object();
    char *error = NULL;

    jsn_put_string(request, "from", ctx->argv[1]);
    jsn_put_string(request, "dst", ctx->argv[2]);
    for (int i = 3; i < ctx->argc && !error; i++) {
        error = put_inject_option(request, ctx->argv[i]);
    }
    if (error) {
        ctl_error(ctx, "%s", error);
        free(error);
        jsn_destroy(request);
        return NULL;
    }
    return request;
}

void
cli_inject(struct ctl_context *ctx)
{
    const struct db_ctl_conf *conf = db_ctl_conf(ctx);
    struct jsn *request = (cli_check_local(ctx)
                           ? make_inject_request(ctx) : NULL);
    struct jsn *answer = request ? cli_ask(ctx, "inject", request) : NULL;
    int64_t failed = jsn_get_integer(answer, "failed", 0);

    if (!answer) {
        return;
    }
    if (failed) {
        ctl_error(ctx, "inject: %"PRId64" sent, but %"PRId64" could not be",
                  jsn_get_integer(answer, "sent", 0), failed);
    } else if (conf->format_given && conf->style.format == TF_JSON) {
        db_ctl_put_json(ctx, answer);
    } else {
        ds_put_format(&ctx->output, "sent %"PRId64" from ",
                      jsn_get_integer(answer, "sent", 0));
        words_put(&ctx->output, jsn_get_string(answer, "from", ctx->argv[1]));
        if (jsn_to_bool(jsn_get(answer, "no_arp"))) {
            ds_put_format(&ctx->output, ", but %s does not answer ARP there: "
                          "nothing but the question has left", ctx->argv[2]);
        }
        ds_put_char(&ctx->output, '\n');
    }
    jsn_destroy(answer);
}

/* ## tcpdump ## */

/* The arguments of tcpdump, as typed: the point first, or, as ovs-tcpdump
 * has it, behind -i.  Returns the point, lent, or NULL if there is none, and
 * adds the others to 'others'. */
static const char *
find_point(char *argv[], int argc, struct svec *others)
{
    static const char *const spellings[] = { "-i", "--interface" };
    const char *point = argv[1][0] != '-' ? argv[1] : NULL;

    for (int i = point ? 2 : 1; i < argc; i++) {
        const char *word = argv[i];
        size_t len = 0;

        for (size_t j = 0; j < ARRAY_SIZE(spellings) && !point; j++) {
            size_t n = strlen(spellings[j]);

            len = !strncmp(word, spellings[j], n) ? n : len;
        }
        if (!len) {
            svec_add(others, word);
        } else if (word[len]) {
            point = word + len + (word[len] == '=');
        } else if (i + 1 < argc) {
            point = argv[++i];
        }
    }
    return point;
}

/* Goes where the daemon said, if that is there still.  0 or a positive
 * errno. */
static int
enter(const struct jsn *answer)
{
    int error = netns_enter_path(jsn_get_string(answer, "netns", ""),
                                 jsn_get_integer(answer, "cookie", 0));
    unsigned int ifindex = jsn_get_integer(answer, "ifindex", 0);

    return (error ? error
            : if_nametoindex(jsn_get_string(answer, "device", "")) != ifindex
            ? ESTALE : 0);
}

struct jsn *
cli_process_request(const char *selector)
{
    struct jsn *request = jsn_object();
    struct stat pidns;

    jsn_put_string(request, "selector", selector);
    jsn_put_integer(request, "pid", getpid());
    if (!stat("/proc/self/ns/pid", &pidns)) {
        jsn_put_integer(request, "pidns", pidns.st_ino);
    }
    return request;
}

/* Becomes tcpdump in the namespace of 'answer': the process that the daemon
 * knows goes on, and ends with it.  As root nothing is looked for in a PATH
 * that a user may have set. */
static void
exec_tcpdump(struct ctl_context *ctx, const struct jsn *answer,
             const struct svec *others)
{
    struct svec argv = SVEC_EMPTY_INITIALIZER;
    int error = enter(answer);

    if (error) {
        ctl_error(ctx, "cannot listen to %s: %s",
                  jsn_get_string(answer, "device", ""),
                  error == ESTALE ? "another interface has its name now"
                  : ovs_strerror(error));
        return;
    }
    svec_add(&argv, "tcpdump");
    svec_add_nocopy(&argv, xasprintf("--interface=%s",
                                     jsn_get_string(answer, "device", "")));
    svec_append(&argv, others);
    svec_terminate(&argv);
    signal(SIGPIPE, SIG_DFL);   /* As it was, for who comes after us. */
    execv(TCPDUMP, argv.names);
    ctl_error(ctx, "%s cannot be run (%s): is tcpdump installed?", TCPDUMP,
              ovs_strerror(errno));
    svec_destroy(&argv);
}

void
cli_tcpdump(struct ctl_context *ctx)
{
    if (!cli_check_local(ctx)) {
        return;
    }
    struct svec others = SVEC_EMPTY_INITIALIZER;
    const char *point = find_point(ctx->argv, ctx->argc, &others);

    if (!point) {
        ctl_error(ctx, "tcpdump: at which point? As in 'ovspan tcpdump "
                  "vm1/eth0 %s'", ctx->argv[1]);
        svec_destroy(&others);
        return;
    }

    struct jsn *answer = cli_ask(ctx, "tcpdump", cli_process_request(point));
    if (answer) {
        const char *note = jsn_get_string(answer, "note", NULL);

        if (note) {
            fprintf(stderr, "ovspan: %s\n", note);
        }
        exec_tcpdump(ctx, answer, &others);
        jsn_destroy(answer);
    }
    svec_destroy(&others);
}
