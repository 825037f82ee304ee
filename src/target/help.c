/* help.c -- the table of targets as text.
 *
 * The command's help and the tests say with it what is accepted.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "target/target.h"

#include <inttypes.h>

/* What a value of 'opt' may be: "1-255", "fragment|truncate". */
static void
format_values(const struct target_option *opt, struct ds *ds)
{
    switch (opt->type) {
    case TARGET_OPT_INTEGER:
        if (opt->max == INT64_MAX) {
            ds_put_format(ds, "%"PRId64"-", opt->min);
        } else {
            ds_put_format(ds, "%"PRId64"-%"PRId64, opt->min, opt->max);
        }
        break;
    case TARGET_OPT_BOOL:
        ds_put_cstr(ds, "true|false");
        break;
    case TARGET_OPT_ADDRESS:
        ds_put_cstr(ds, "IP");
        break;
    case TARGET_OPT_ENUM:
        for (const char *p = opt->choices; *p; p++) {
            ds_put_char(ds, *p == ' ' ? '|' : *p);
        }
        break;
    case TARGET_OPT_NAME:
        ds_put_cstr(ds, "NAME");
        break;
    case TARGET_OPT_SET:
        for (const char *p = opt->choices; *p; p++) {
            ds_put_char(ds, *p == ' ' ? '+' : *p);
        }
        break;
    case TARGET_OPT_STRING:
        ds_put_cstr(ds, "TEXT");
        break;
    }
}

const char *
target_address_form(const struct target_class *class)
{
    switch (class->address) {
    case TARGET_HOST_PORT:
        return class->default_port ? "HOST[:PORT]" : "HOST:PORT";
    case TARGET_HOST:
        return "HOST";
    case TARGET_NAME:
        return "NAME";
    }
    OVS_NOT_REACHED();
}

static void
format_address(const struct target_class *class, struct ds *ds)
{
    ds_put_format(ds, "%s:%s", class->name, target_address_form(class));
    if (class->default_port) {
        ds_put_format(ds, " (default port %"PRIu16")", class->default_port);
    }
    if (class->alias) {
        ds_put_format(ds, " (also %s)", class->alias);
    }
}

void
target_help(struct ds *ds)
{
    for (size_t i = 0; i < n_target_classes; i++) {
        const struct target_class *class = target_classes[i];
        const struct target_option *opt;

        format_address(class, ds);
        ds_put_format(ds, "\n  %s\n", class->help);
        for (opt = class->options; opt->name; opt++) {
            ds_put_format(ds, "    %s=", opt->name);
            format_values(opt, ds);
            ds_put_format(ds, "\n        %s", opt->help);
            if (opt->def) {
                ds_put_format(ds, " (default: %s)", opt->def);
            }
            ds_put_char(ds, '\n');
        }
    }
}
