/* netflow9.c -- how NetFlow version 9 (RFC 3954) says flow records.
 *
 * A dialect of templates.c, which has all that it shares with IPFIX.  The
 * sequence counts messages; times are milliseconds since boot.
 *
 * Invariant: the instant of a header is a whole second, since it has no room
 * for a fraction and a collector computes the time of boot from it; it is
 * never before that of a record's last packet, nor of an earlier header unless
 * that was too long after a record (clock.h).
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/templates.h"

#include "plugin/elements.h"
#include "plugin/memory.h"

enum {
    NETFLOW_VERSION = 9,
    HEADER_LEN = 20,
    SCOPE_SYSTEM = 1,
    SCOPE_INTERFACE = 2,
    MODE_RANDOM = 2,            /* Of samplers. */
    MAX_SAMPLER = 255,          /* Ids have 8 bits; 0 is none. */
};

static void
netflow9_put_header(struct tmpl *t, struct tmpl_message *m)
{
    uint64_t instant_us = (t->data.n_data
                           ? plugin_clock_instant(&t->span, t->latest_us)
                           : t->latest_us);
    uint64_t seconds = DIV_ROUND_UP(instant_us, 1000000);
    uint8_t *p = m->bytes;

    p = tmpl_put(p, NETFLOW_VERSION, 2);
    p = tmpl_put(p, m->n_templates + m->n_data, 2);
    p = tmpl_put(p, tmpl_uptime_ms(t, seconds * 1000000), 4);
    p = tmpl_put(p, seconds, 4);
    p = tmpl_put(p, t->sequence++, 4);
    tmpl_put(p, t->domain, 4);
}

/* Only after 255 rates in a domain an id is used again. */
static uint64_t
netflow9_get_selector(struct exporter_memory *memory, uint32_t domain,
                      uint32_t rate)
{
    return 1 + memory_number(memory, MEMORY_SAMPLERS, domain, rate)
               % MAX_SAMPLER;
}

/* N, for those who know samplers and for those who do not. */
static const struct tmpl_field sampling_fields[] = {
    { SCOPE_SYSTEM, 4 },
    TMPL_FIELD(samplingInterval),
    TMPL_FIELD(samplerId),
    TMPL_FIELD(samplerMode),
    TMPL_FIELD(samplerRandomInterval),
};

static uint8_t *
netflow9_put_sampling(const struct tmpl *t, uint8_t *p)
{
    p = tmpl_put(p, t->domain, 4);
    p = tmpl_put(p, t->sampling, 4);
    p = tmpl_put(p, t->selector, 1);
    p = tmpl_put(p, MODE_RANDOM, 1);
    return tmpl_put(p, t->sampling, 4);
}

const struct tmpl_dialect tmpl_netflow9 = {
    .version = NETFLOW_VERSION,
    .header_len = HEADER_LEN,
    .template_set = 0,
    .options_set = 1,
    .pads_templates = true,
    .put_header = netflow9_put_header,
    .get_selector = netflow9_get_selector,
    .interface_scope = SCOPE_INTERFACE,
    .sampling = sampling_fields,
    .n_sampling = ARRAY_SIZE(sampling_fields),
    .put_sampling = netflow9_put_sampling,
};
