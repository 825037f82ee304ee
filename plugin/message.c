/* message.c -- messages of NetFlow 9 and IPFIX as they fill.
 *
 * Called by templates.c and options.c.  A set is open until a record of
 * another one comes or the message is sent.
 *
 * Invariant: no message is longer than 'limit', but one of a single record
 * that does not fit.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/templates.h"

enum { SET_HEADER_LEN = 4 };

void
tmpl_message_init(const struct tmpl *t, struct tmpl_message *m)
{
    m->len = t->dialect->header_len;
    m->set = 0;
    m->n_templates = m->n_data = 0;
}

/* python3-ipfix 0.9.7 takes the padding of a set of templates for one. */
static bool
is_padded(const struct tmpl_dialect *d, uint16_t set_id)
{
    return (d->pads_templates
            || (set_id != d->template_set && set_id != d->options_set));
}

void
tmpl_close_set(const struct tmpl *t, struct tmpl_message *m)
{
    if (m->set) {
        bool padded = is_padded(t->dialect, m->set_id);

        while (padded && m->len % 4) {
            m->bytes[m->len++] = 0;
        }
        tmpl_put(&m->bytes[m->set + 2], m->len - m->set, 2);
        m->set = 0;
    }
}

void
tmpl_send(struct tmpl *t, struct tmpl_message *m, uint64_t now_us)
{
    if (m->n_templates || m->n_data) {
        tmpl_close_set(t, m);
        t->latest_us = MAX(t->latest_us, now_us);
        t->dialect->put_header(t, m);
        struct exporter_dgram dgram = {
            .iov[0] = { .iov_base = m->bytes, .iov_len = m->len },
        };
        t->output->send(t->output, &dgram, 1);
        t->n_since++;
        tmpl_message_init(t, m);
    }
}

uint8_t *
tmpl_reserve(struct tmpl *t, struct tmpl_message *m, uint16_t id,
             size_t length, uint64_t now_us)
{
    bool same = m->set && m->set_id == id;
    size_t end = m->len + (same ? 0 : 3 + SET_HEADER_LEN) + length;

    if (OVS_UNLIKELY(end > t->limit)) {
        tmpl_send(t, m, now_us);
        same = false;
    }
    if (!same) {
        tmpl_close_set(t, m);
        m->set = m->len;
        m->set_id = id;
        tmpl_put(&m->bytes[m->len], id, 2);
        m->len += SET_HEADER_LEN;
    }
    uint8_t *p = &m->bytes[m->len];
    m->len += length;
    return p;
}
