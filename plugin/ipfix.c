/* ipfix.c -- how IPFIX (RFC 7011) says flow records.
 *
 * A dialect of templates.c, which has all that it shares with NetFlow 9.
 * Times are absolute.
 *
 * Invariant: the sequence of a message is the number of data records, of
 * flows and of options, in the messages of its domain before it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/templates.h"

#include "plugin/elements.h"

enum {
    IPFIX_VERSION = 10,
    HEADER_LEN = 16,
    RANDOM_N_OUT_OF_N = 3,      /* Selector algorithm: RFC 5477, 8.2.1. */
};

static void
ipfix_put_header(struct tmpl *t, struct tmpl_message *m)
{
    uint8_t *p = m->bytes;

    p = tmpl_put(p, IPFIX_VERSION, 2);
    p = tmpl_put(p, m->len, 2);
    p = tmpl_put(p, t->latest_us / 1000000, 4);
    p = tmpl_put(p, t->sequence, 4);
    tmpl_put(p, t->domain, 4);
    t->sequence += m->n_data;
}

/* There is room for the rate itself: no number means two, in any process. */
static uint64_t
ipfix_get_selector(struct exporter_memory *memory OVS_UNUSED,
                   uint32_t domain OVS_UNUSED, uint32_t rate)
{
    return rate;
}

/* The selector is said as an option of the domain, and the deprecated interval
 * comes first, for collectors such as nfcapd 1.7.1, which reads no id from a
 * scope, and knows a sampler by that interval only, but takes the last that is
 * said of it; nfacctd 1.7.7 too knows the interval alone. */
static const struct tmpl_field sampling_fields[] = {
    TMPL_FIELD(observationDomainId),
    TMPL_FIELD(selectorId),
    TMPL_FIELD(selectorAlgorithm),
    TMPL_FIELD(samplingInterval),
    TMPL_FIELD(samplingSize),
    TMPL_FIELD(samplingPopulation),
};

static uint8_t *
ipfix_put_sampling(const struct tmpl *t, uint8_t *p)
{
    p = tmpl_put(p, t->domain, 4);
    p = tmpl_put(p, t->selector, 8);
    p = tmpl_put(p, RANDOM_N_OUT_OF_N, 2);
    p = tmpl_put(p, t->sampling, 4);
    p = tmpl_put(p, 1, 4);
    return tmpl_put(p, t->sampling, 4);
}

const struct tmpl_dialect tmpl_ipfix = {
    .version = IPFIX_VERSION,
    .header_len = HEADER_LEN,
    .template_set = 2,
    .options_set = 3,
    .put_header = ipfix_put_header,
    .get_selector = ipfix_get_selector,
    .interface_scope = TMPL_ELEMENT_ingressInterface,
    .sampling = sampling_fields,
    .n_sampling = ARRAY_SIZE(sampling_fields),
    .put_sampling = ipfix_put_sampling,
};
