/* output.c -- how commands print: tables, JSON, text that fits.
 *
 * The commands, here and in src/cli, put into their output, which ctl.c prints
 * once the transaction is committed, and clears if it has to be composed anew.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/output.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/ovs.h"
#include "base/words.h"
#include "ovsdb/ctl/colour.h"

enum { WIDTH = 79 };

void
db_ctl_put_table(struct ctl_context *ctx, struct table *table)
{
    struct table_style style = db_ctl_conf(ctx)->style;
    bool by_default = !db_ctl_conf(ctx)->format_given;

    if (by_default) {
        style.format = TF_TABLE;
    }
    /* People need no headings of nothing. */
    if (table->n_rows || !by_default) {
        table_format_reset();
        table_format(table, &style, &ctx->output);
    }
    table_destroy(table);
}

void
db_ctl_put_json(struct ctl_context *ctx, const struct jsn *json)
{
    char *text = jsn_to_text(json, !db_ctl_conf(ctx)->oneline);

    ds_put_format(&ctx->output, "%s\n", text);
    free(text);
}

void
db_ctl_escape_controls(struct ds *line)
{
    char *clean = words_clean(ds_cstr(line));

    ds_clear(line);
    ds_put_cstr(line, clean);
    free(clean);
}

void
db_ctl_put_wrapped(struct ds *out, int indent, int hang, const char *text_)
{
    char *clean = words_clean(text_);
    const char *text = clean;
    int column = 0;

    while (*text) {
        size_t word = strcspn(text, " ");

        if (column && column + 1 + word > WIDTH) {
            ds_put_char(out, '\n');
            column = 0;
            indent = hang;
        }
        if (!column) {
            ds_put_char_multiple(out, ' ', indent);
            column = indent;
        } else {
            ds_put_char(out, ' ');
            column++;
        }
        ds_put_buffer(out, text, word);
        column += word;
        text += word;
        text += strspn(text, " ");
    }
    ds_put_char(out, '\n');
    free(clean);
}

/* ## The whole output of commands. ## */

static void
print_oneline(struct ds *ds)
{
    ds_chomp(ds, '\n');
    for (size_t i = 0; i < ds->length; i++) {
        int c = ds->string[i];

        if (c == '\n') {
            fputs("\\n", stdout);
        } else if (c == '\\') {
            fputs("\\\\", stdout);
        } else {
            putchar(c);
        }
    }
    putchar('\n');
}

/* Whoever put it, nothing gets out that a terminal would obey. */
static void
print_output(const struct db_ctl_conf *conf, struct ctl_command *c)
{
    if (c->table) {
        ds_clear(&c->output);
        table_format(c->table, &conf->style, &c->output);
    }
    if (conf->style.format == TF_JSON) {
        words_clean_json(&c->output);
    } else {
        words_clean_lines(&c->output);
    }
    if (conf->colour && !strcmp(c->syntax->name, "show")) {
        ctl_colour_states(&c->output);
    }
    if (conf->oneline && !c->table) {
        print_oneline(&c->output);
    } else {
        fputs(ds_cstr(&c->output), stdout);
    }
}

void
ctl_init_output(struct ctl_command *c)
{
    ds_init(&c->output);
    c->table = NULL;
}

void
ctl_clear_output(struct ctl_command *c)
{
    ds_destroy(&c->output);
    table_destroy(c->table);
    free(c->table);
    ctl_init_output(c);
}

void
ctl_print_output(const struct db_ctl_conf *conf, struct ctl_command *commands,
                 size_t n)
{
    for (size_t i = 0; i < n; i++) {
        print_output(conf, &commands[i]);
        ctl_clear_output(&commands[i]);
        shash_destroy_free_data(&commands[i].options);
    }
    /* The user may look while we wait for the hosts. */
    fflush(stdout);
}
