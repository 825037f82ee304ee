/* want.c -- Capture and Target rows, as what users want.
 *
 * Called by the daemon when db_span_seqno() changed.  A row that cannot be
 * right is taken as it is: want_capture_finish() and target_create() find what
 * is wrong, and the capture's taps say so.  Nothing here fails.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db/private.h"
#include "base/ovs.h"
#include "base/words.h"
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(db_want);

/* A number that the database checked, but perhaps with another schema. */
static uint32_t
to_u32(const int64_t *value, size_t n)
{
    return n && *value > 0 ? MIN(*value, UINT32_MAX) : 0;
}

/* Columns that are words: a later version may have more of them. */
static void
set_word(struct want_capture *c, const char *column, const char *word)
{
    if (word && word[0]) {
        char *error = want_capture_set(c, column, word);

        if (error && !c->options_error) {
            c->options_error = error;
        } else {
            free(error);
        }
    }
}

static void
read_capture(const struct spanrec_capture *row, struct want_capture *c)
{
    c->uuid = row->header_.uuid;
    c->name = xstrdup(row->name);
    c->selector = xstrdup(row->selector);
    c->filter = nullable_xstrdup(row->filter && row->filter[0] ? row->filter
                                 : NULL);
    c->snaplen = to_u32(row->snaplen, row->n_snaplen);
    c->sampling = to_u32(row->sampling, row->n_sampling);
    c->enabled = row->n_enabled ? row->enabled[0] : true;
    c->expires = (row->n_expires && row->expires[0] > 0 ? row->expires[0]
                  : 0);
    smap_destroy(&c->options);
    smap_clone(&c->options, &row->options);
    set_word(c, "direction", row->direction);
    set_word(c, "backend", row->backend);
    for (size_t i = 0; i < row->n_targets; i++) {
        const struct spanrec_target *t = row->targets[i];

        want_capture_add_target(c, &t->header_.uuid, t->type, t->address,
                                &t->options);
    }
    want_capture_finish(c);
}

void
db_read_want(struct db *db, struct want *want)
{
    const struct spanrec_capture *row;

    SPANREC_CAPTURE_FOR_EACH (row, db->span.idl) {
        read_capture(row, want_add(want));
    }
    want_sort(want);
}

int64_t
db_next_cfg(const struct db *db)
{
    const struct spanrec_ovspan_global *global
        = spanrec_ovspan_global_first(db->span.idl);

    return global ? global->next_cfg : 0;
}

const char *
db_option(const struct db *db, const char *key)
{
    const struct spanrec_ovspan_global *global
        = spanrec_ovspan_global_first(db->span.idl);

    return global ? smap_get(&global->options, key) : NULL;
}

int
db_option_int(const struct db *db, const char *key, int def)
{
    static struct vlog_rate_limit rl = VLOG_RATE_LIMIT_INIT(1, 1);
    const char *text = db_option(db, key);
    int value;

    if (!text) {
        return def;
    }
    if (!str_to_int(text, 10, &value)) {
        char *clean = words_cut(text, WORDS_CUT);

        VLOG_WARN_RL(&rl, "OVSpan_Global.options:%s is \"%s\", which is not a "
                     "number; using %d", key, clean, def);
        free(clean);
        return def;
    }
    return value;
}
