/* complete.c -- what can stand where a shell's user types.  See complete.h.
 *
 * Called for the shells' completion (utilities/completion), which knows no
 * more than to ask.  All comes from the tables that are parsed and printed,
 * and from the daemon of this host: points and captures.  What a shell would
 * not read as it stands is not offered: it may be a stranger's name.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/complete.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "cli/agent.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "ovsdb/ctl/ctl.h"
#include "target/target.h"

/* Where the cursor is. */
struct place {
    const char *word;           /* To be completed. */
    size_t len;                 /* Its length. */
    const struct cli_command *command;  /* NULL: none was typed. */
    int index;                  /* Of its arguments; the first is 0. */
    const char *first;          /* Its first argument, or NULL. */
};

/* What every shell takes as it stands, in a word. */
static bool
is_plain(const char *word)
{
    return !word[strspn(word, "abcdefghijklmnopqrstuvwxyz"
                        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                        "%+,-./:=@_")];
}

static void
offer(const struct place *p, const char *word, const char *help)
{
    if (!strncmp(word, p->word, p->len) && is_plain(word)) {
        printf("%s%s%s\n", word, help ? "\t" : "", help ? help : "");
    }
}

/* Offers the words of 'list', that stand between 'separators', each behind
 * 'before' and with 'after'. */
static void
offer_list(const struct place *p, const char *before, const char *list,
           const char *separators, const char *after)
{
    char *copy = xstrdup(list);
    char *save = NULL;

    for (char *s = strtok_r(copy, separators, &save); s;
         s = strtok_r(NULL, separators, &save)) {
        char *word = xasprintf("%s%s%s", before, s, after);

        offer(p, word, NULL);
        free(word);
    }
    free(copy);
}

/* ## Names. ## */

/* Offers what the daemon knows of 'kind'; without it, nothing. */
static void
offer_names(const struct place *p, const char *kind)
{
    struct jsn *request = jsn_object();
    struct jsn *names;
    char *text, *error;

    jsn_put_string(request, "kind", kind);
    jsn_put_string(request, "prefix", p->word);
    text = jsn_to_text(request, false);
    error = cli_agent_ask("names", text, 0, &names);
    for (size_t i = 0; i < jsn_size(names); i++) {
        const char *name = jsn_to_c_string(jsn_at(names, i));

        if (name) {
            offer(p, name, NULL);
        }
    }
    free(error);
    free(text);
    jsn_destroy(names);
    jsn_destroy(request);
}

static void
offer_commands(const struct place *p)
{
    for (const struct cli_command *c = cli_commands; c->syntax.name; c++) {
        offer(p, c->syntax.name, c->help);
    }
    for (const struct cli_command *c = cli_generic_commands; c->syntax.name;
         c++) {
        offer(p, c->syntax.name, c->help);
    }
}

/* ## Options. ## */

static void
offer_local_options(const struct place *p, const struct cli_command *commands)
{
    for (const struct cli_command *c = commands; c->syntax.name; c++) {
        offer_list(p, "", c->syntax.options, ",", "");
    }
}

static void
offer_options(const struct place *p)
{
    if (!strncmp(p->word, "--format=", 9)) {
        offer_list(p, "--format=", "table list html csv json", " ", "");
    } else if (!strncmp(p->word, "--color=", 8)) {
        offer_list(p, "--color=", "always auto never", " ", "");
    } else if (p->command) {
        offer(p, "--help", "print how it is typed");
    } else {
        for (size_t i = 0; cli_option_name(i); i++) {
            char *word = xasprintf("--%s", cli_option_name(i));

            offer(p, word, NULL);
            free(word);
        }
        offer_local_options(p, cli_commands);
        offer_local_options(p, cli_generic_commands);
    }
}

/* ## Arguments. ## */

static const struct target_class *
find_target(const char *word)
{
    size_t len = strcspn(word, ":");

    for (size_t i = 0; word[len] && i < n_target_classes; i++) {
        if (strlen(target_classes[i]->name) == len
            && !strncmp(target_classes[i]->name, word, len)) {
            return target_classes[i];
        }
    }
    return NULL;
}

/* The type, or behind a comma an option of it. */
static void
offer_targets(const struct place *p)
{
    const struct target_class *class = find_target(p->word);
    const char *comma = strrchr(p->word, ',');

    if (class && comma) {
        for (const struct target_option *o = class->options; o->name; o++) {
            char *word = xasprintf("%.*s,%s=", (int) (comma - p->word),
                                   p->word, o->name);

            offer(p, word, NULL);
            free(word);
        }
    } else if (!class) {
        for (size_t i = 0; i < n_target_classes; i++) {
            char *word = xasprintf("%s:", target_classes[i]->name);

            offer(p, word, target_classes[i]->help);
            free(word);
        }
    }
}

static void
offer_settings(const struct place *p)
{
    static const struct {
        const char *name;       /* With its "=". */
        const char *values;
    } values[] = {
        { "direction=", "both ingress egress" },
        { "backend=", "auto ovs pcap" },
        { "enabled=", "true false" },
        { "type=", "icmp udp tcp" },
        { "state=", "active pending failed planned unknown" },
        { "expires=", "+10m +1h +1d" },
    };

    for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
        if (!strncmp(p->word, values[i].name, strlen(values[i].name))) {
            offer_list(p, values[i].name, values[i].values, " ", "");
            return;
        }
    }
    offer_list(p, "", p->command->settings ? p->command->settings : "", " ",
               "=");
}

/* Offers what stands for one word of how the command is typed. */
static void
offer_token(const struct place *p, const char *token)
{
    if (strstr(token, "SELECTOR") || strstr(token, "POINT")) {
        offer_names(p, "points");
    }
    if (strstr(token, "CAPTURE") || (strstr(token, "[NAME]"))) {
        offer_names(p, "captures");
    }
    if (strstr(token, "RECORD") && p->first
        && !strcasecmp(p->first, "Capture")) {
        offer_names(p, "captures");
    }
    if (strstr(token, "TARGET")) {
        offer_targets(p);
    }
    if (strstr(token, "TABLE")) {
        for (size_t i = 0; db_ctl_table(i); i++) {
            offer(p, db_ctl_table(i), NULL);
        }
    }
    if (strstr(token, "COMMAND")) {
        offer_commands(p);
    }
    /* Words that are typed as they stand, as in [text|json]. */
    if (token[0] == '[' && token[1] >= 'a' && !strchr(token, '=')) {
        offer_list(p, "", token, "[]|.", "");
    }
}

/* Offers what stands for the words of how the command is typed that may stand
 * at the index: what may be left out makes room for what is behind it, what
 * may be repeated moves that on. */
static void
offer_arguments(const struct place *p)
{
    char *copy = xstrdup(p->command->syntax.arguments);
    char *save = NULL;
    bool repeats = false;
    int first = 0, i = 0;       /* Where 'token' may stand: first to i. */

    for (char *token = strtok_r(copy, " ", &save); token;
         token = strtok_r(NULL, " ", &save), i++) {
        repeats |= strstr(token, "...") != NULL;
        if (first <= p->index && (repeats || p->index <= i)) {
            offer_token(p, token);
        }
        first += token[0] != '[';
    }
    offer_settings(p);
    free(copy);
}

/* ## The line. ## */

/* Finds out where the last of 'words' is. */
static void
find_place(char *words[], struct place *p)
{
    bool is_value = false;      /* The next word is an option's. */

    *p = (struct place) { .word = "" };
    for (int i = 0; words[i]; i++) {
        bool takes_next = false;

        if (words[i + 1] == NULL) {
            p->word = words[i];
            p->len = strlen(words[i]);
        } else if (!strcmp(words[i], "--")) {
            *p = (struct place) { .word = "" };
        } else if (p->command) {
            p->first = p->index++ ? p->first : words[i];
        } else if (is_value) {
            is_value = false;
        } else if (words[i][0] == '-') {
            is_value = (cli_option_is_global(words[i], &takes_next)
                        && takes_next);
        } else {
            p->command = cli_command_find(words[i]);
        }
    }
}

void
cli_complete(char *words[])
{
    struct place place;

    find_place(words, &place);
    if (place.word[0] == '-') {
        offer_options(&place);
    } else if (!place.command) {
        offer_commands(&place);
    } else {
        offer_arguments(&place);
    }
}
