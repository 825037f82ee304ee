/* templates.c -- messages of NetFlow 9 and IPFIX.
 *
 * Called through their classes, which differ in their dialect alone.
 * Templates and options are sent first, then every 'template-interval', when
 * the collector answers again, and when there is a new interface to name;
 * templates alone every 500 messages, since some collectors take the records
 * of options for a gap in the sequence of IPFIX.
 *
 * Invariant: no message is longer than 'limit', but one of a single record
 * that does not fit; when data are sent, their templates were.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/templates.h"

#include "plugin/elements.h"
#include "plugin/memory.h"
#include "plugin/plugin.h"
#include "target/target.h"

enum {
    FLUSH_US = 1000 * 1000,     /* Longest wait of a record. */
    DEFAULT_MTU = 1400,         /* Of a path whose MTU is unknown. */
    MAX_MTU = 1500,             /* Collectors may have buffers for no more. */
    MIN_MESSAGE = 256,          /* Room for a template, whatever the path. */
    OVERHEAD4 = 20 + 8,         /* IP and UDP headers. */
    OVERHEAD6 = 40 + 8,
    MESSAGES = 500,             /* Between two sendings of the templates. */
};

struct element {
    uint16_t id;
    uint16_t kind;              /* enum tmpl_kind. */
    uint16_t group;             /* TMPL_GROUP_*. */
    uint16_t length9, length10;
};

static const struct element elements[] = {
#define ELEMENT(NAME, ID, KIND, GROUP, LEN9, LEN10, HOW, VALUE) \
    { ID, TMPL_KIND_##KIND, TMPL_GROUP_##GROUP, LEN9, LEN10 },
    TMPL_ELEMENTS
#undef ELEMENT
};

enum { MAX_FIELDS = 2 * ARRAY_SIZE(elements) };

/* Stores the fields of one way of a record of 'kind' in 'fields'.  Returns how
 * many. */
static size_t
list_way(const struct tmpl *t, enum tmpl_kind kind, bool reverse,
         struct tmpl_field *fields)
{
    unsigned int kinds = kind | (t->sampling > 1 ? TMPL_KIND_SAMPLED : 0)
                         | (t->flags16 ? TMPL_KIND_FLAGS16
                            : TMPL_KIND_FLAGS8);
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_SIZE(elements); i++) {
        const struct element *e = &elements[i];
        uint16_t length = (t->dialect->version == 9 ? e->length9
                           : e->length10);
        if (length && e->kind & kinds && e->group & t->groups
            && (!reverse || tmpl_is_reversible(e->id))) {
            fields[n++] = (struct tmpl_field) {
                reverse ? e->id | TMPL_REVERSE : e->id, length,
            };
        }
    }
    return n;
}

/* Stores the fields of a record of 'kind', with the way back if 'both', in
 * 'fields', which has room for MAX_FIELDS.  Returns how many.  The way back
 * comes first: nfcapd 1.7.1 takes what it does not know of it, such as times,
 * for the way there, which so has the last word. */
static size_t
list_fields(const struct tmpl *t, enum tmpl_kind kind, bool both,
            struct tmpl_field *fields)
{
    size_t n = both ? list_way(t, kind, true, fields) : 0;

    return n + list_way(t, kind, false, &fields[n]);
}

static size_t
record_length(const struct tmpl *t, enum tmpl_kind kind, bool both)
{
    struct tmpl_field fields[MAX_FIELDS];
    size_t n = list_fields(t, kind, both, fields);
    size_t length = 0;

    for (size_t i = 0; i < n; i++) {
        length += fields[i].length;
    }
    return length;
}

/* The id of the layout for records with 'ipv6', which is TMPL_ID_IPV6 or 0.
 * There are fewer layouts than ids. */
static uint16_t
layout_id(const struct tmpl *t, unsigned int ipv6, bool both)
{
    unsigned int groups = t->groups | (both ? TMPL_GROUP_BOTH : 0);
    unsigned int layout = ipv6 | (t->sampling > 1 ? TMPL_ID_SAMPLED : 0)
                          | (t->flags16 ? TMPL_ID_FLAGS16 : 0)
                          | (t->dialect->version == 9 ? 0 : TMPL_ID_IPFIX);

    return (!t->is_chosen ? TMPL_ID_FIRST + layout
            : TMPL_ID_CHOSEN + memory_number(t->memory, MEMORY_LAYOUTS,
                                             t->domain,
                                             groups << 4 | layout));
}

static void
set_layouts(struct tmpl *t)
{
    for (int both = 0; both <= 1; both++) {
        t->layouts[0][both] = (struct tmpl_layout) {
            layout_id(t, 0, both), record_length(t, TMPL_KIND_IPV4, both),
        };
        t->layouts[1][both] = (struct tmpl_layout) {
            layout_id(t, TMPL_ID_IPV6, both),
            record_length(t, TMPL_KIND_IPV6, both),
        };
        if (!t->up.biflow) {
            break;
        }
    }
}

/* ## --------- ## */
/* ## Templates ## */
/* ## --------- ## */

/* Each template has a set of its own: collectors are known that read only the
 * first one of a set. */
static void
add_template(struct tmpl *t, bool ipv6, bool both, uint64_t now_us)
{
    struct tmpl_message *m = &t->control;
    struct tmpl_field fields[MAX_FIELDS];
    size_t n = list_fields(t, ipv6 ? TMPL_KIND_IPV6 : TMPL_KIND_IPV4, both,
                           fields);

    tmpl_close_set(t, m);
    uint8_t *p = tmpl_reserve(t, m, t->dialect->template_set,
                              4 + tmpl_fields_length(fields, n), now_us);
    p = tmpl_put(p, t->layouts[ipv6][both].id, 2);
    p = tmpl_put(p, n, 2);
    tmpl_put_fields(p, fields, n);
    m->n_templates++;
}

static void
send_templates(struct tmpl *t, bool options, uint64_t now_us)
{
    for (int ipv6 = 0; ipv6 <= 1; ipv6++) {
        add_template(t, ipv6, false, now_us);
        if (t->up.biflow) {
            add_template(t, ipv6, true, now_us);
        }
    }
    if (options) {
        tmpl_add_options(t, now_us);
        t->templates_us = now_us + t->interval_us;
        t->options_due = false;
    }
    tmpl_send(t, &t->control, now_us);
    t->n_since = 0;
}

/* The last test is for a clock that was set back. */
static void
send_templates_if_due(struct tmpl *t, uint64_t now_us)
{
    bool options = (t->options_due || now_us >= t->templates_us
                    || now_us + t->interval_us < t->templates_us);

    if (options || t->n_since >= MESSAGES) {
        send_templates(t, options, now_us);
    }
}

/* ## ------- ## */
/* ## Records ## */
/* ## ------- ## */

#define PUT_NUMBER(P, VALUE, N) tmpl_put(P, VALUE, N)
#define PUT_BYTES(P, VALUE, N) ((uint8_t *) memcpy(P, VALUE, N) + (N))

/* Writes one way of a record of a version and a kind, all constants, and of
 * 'groups', which mostly are: what the table says becomes a straight line of
 * stores. */
static inline uint8_t *
put_elements(const struct tmpl *t, uint8_t *p, const struct frec *r,
             int version, int kind, unsigned int groups, bool reverse)
{
#define ELEMENT(NAME, ID, KIND, GROUP, LEN9, LEN10, HOW, VALUE)             \
    if ((version == 9 ? LEN9 : LEN10) && TMPL_GROUP_##GROUP & groups        \
        && (!reverse || tmpl_is_reversible(ID))                             \
        && (TMPL_KIND_##KIND == TMPL_KIND_SAMPLED ? t->sampling > 1         \
            : TMPL_KIND_##KIND == TMPL_KIND_FLAGS8 ? !t->flags16            \
            : TMPL_KIND_##KIND == TMPL_KIND_FLAGS16 ? t->flags16            \
            : TMPL_KIND_##KIND & kind)) {                                   \
        p = PUT_##HOW(p, VALUE, (version == 9 ? LEN9 : LEN10));             \
    }
    TMPL_ELEMENTS
#undef ELEMENT
    return p;
}

/* Only IPFIX has a way back. */
static inline uint8_t *
put_groups(const struct tmpl *t, uint8_t *p, const struct frec *r,
           int version, int kind)
{
    if (OVS_LIKELY(!t->is_chosen)) {
        return put_elements(t, p, r, version, kind, TMPL_GROUP_DEFAULT, false);
    }
    if (version == 10 && r->reverse) {
        p = put_elements(t, p, r->reverse, version, kind, t->groups, true);
    }
    return put_elements(t, p, r, version, kind, t->groups, false);
}

/* Writes a record and returns its end. */
static uint8_t *
put_record(const struct tmpl *t, uint8_t *p, const struct frec *r)
{
    bool ipv4 = r->key.ip_version == 4;

    if (t->dialect->version == 9) {
        return (ipv4 ? put_groups(t, p, r, 9, TMPL_KIND_IPV4)
                : put_groups(t, p, r, 9, TMPL_KIND_IPV6));
    }
    return (ipv4 ? put_groups(t, p, r, 10, TMPL_KIND_IPV4)
            : put_groups(t, p, r, 10, TMPL_KIND_IPV6));
}

/* ## ------- ## */
/* ## Members ## */
/* ## ------- ## */

/* A message is not to be fragmented: one fragment lost, all records lost. */
static void
tmpl_set_path_mtu(struct exporter *exporter, uint32_t path_mtu)
{
    struct tmpl *t = tmpl_cast(exporter);
    uint32_t mtu = path_mtu ? MIN(path_mtu, MAX_MTU) : DEFAULT_MTU;

    t->limit = MAX(mtu, MIN_MESSAGE + t->overhead) - t->overhead;
    t->limit -= t->limit % 4;
}

static void
choose_groups(struct tmpl *t)
{
    t->is_chosen = target_has(t->target, "fields");
    if (t->is_chosen) {
        t->groups = TMPL_GROUP_BASE;
#define GROUP(WORD, NAME)                                  \
        if (target_has_choice(t->target, "fields", WORD)) { \
            t->groups |= TMPL_GROUP_##NAME;                \
        }
        TMPL_GROUPS
#undef GROUP
    } else {
        t->groups = TMPL_GROUP_DEFAULT;
    }
    t->up.extra = t->groups & TMPL_GROUP_EXTRA;
    t->up.biflow = t->groups & TMPL_GROUP_BIFLOW;
}

static char *
open_exporter(const struct exporter_conf *conf,
              const struct exporter_class *class,
              const struct tmpl_dialect *dialect, struct exporter **exporter)
{
    const struct target *target = conf->target;
    struct tmpl *t = xzalloc(sizeof *t);

    t->up.class = class;
    t->dialect = dialect;
    t->output = conf->output;
    t->memory = conf->memory;
    t->target = target_clone(target);
    t->boot_us = conf->boot_us - conf->boot_us % 1000;
    t->latest_us = conf->boot_us;
    /* Exporters that a user did not tell apart are told apart here.  0 would
     * stand for no domain (RFC 7011, section 3.1). */
    t->domain = (target_has(target, "domain")
                 ? target_get_int(target, "domain") : conf->instance + 1);
    t->sampling = MAX(conf->sampling, 1);
    t->selector = dialect->get_selector(t->memory, t->domain, t->sampling);
    choose_groups(t);
    t->flags16 = target_get_int(target, "tcp-flags") == 16;
    t->interval_us = (target_get_int(target, "template-interval")
                      * UINT64_C(1000000));
    t->overhead = conf->ipv6 ? OVERHEAD6 : OVERHEAD4;
    tmpl_set_path_mtu(&t->up, conf->path_mtu);
    set_layouts(t);
    t->options_due = true;
    tmpl_message_init(t, &t->data);
    tmpl_message_init(t, &t->control);
    *exporter = &t->up;
    return NULL;
}

/* Sees to it that the times of 'r' can be said; false if they cannot. */
static bool
set_clock(struct tmpl *t, const struct frec *r, uint64_t now_us)
{
    if (!plugin_clock_can_say(r)) {
        return false;
    }
    if (!plugin_clock_fits(t->boot_us, &t->span, r, !t->data.n_data)) {
        uint64_t boot_us = plugin_clock_boot(r->first_us);

        tmpl_send(t, &t->data, now_us);
        /* Who booted again has to say everything again. */
        t->options_due |= boot_us > t->boot_us;
        t->boot_us = boot_us;
    }
    return true;
}

static void
tmpl_flow(struct exporter *exporter, const struct frec *r, uint64_t now_us)
{
    struct tmpl *t = tmpl_cast(exporter);
    const struct tmpl_layout *layout
        = &t->layouts[r->key.ip_version != 4][r->reverse != NULL];

    if (t->dialect->version == 9 && !set_clock(t, r, now_us)) {
        t->up.stats.skipped += r->packets;
        return;
    }
    uint8_t *p = tmpl_reserve(t, &t->data, layout->id, layout->length, now_us);

    /* A record's last packet is never later than its header. */
    t->latest_us = MAX(t->latest_us, r->last_us);
    if (OVS_UNLIKELY(r->reverse)) {
        t->latest_us = MAX(t->latest_us, r->reverse->last_us);
        t->up.stats.packets += r->reverse->packets;
    }
    plugin_clock_add(&t->span, r, !t->data.n_data);
    uint8_t *end = put_record(t, p, r);
    ovs_assert(end == p + layout->length);
    t->up.stats.flows++;
    t->up.stats.packets += r->packets;
    if (!t->data.n_data++) {
        t->deadline_us = now_us + FLUSH_US;
        send_templates_if_due(t, now_us);
    }
}

/* The second test is for a clock that was set back. */
static uint64_t
tmpl_run(struct exporter *exporter, uint64_t now_us)
{
    struct tmpl *t = tmpl_cast(exporter);

    send_templates_if_due(t, now_us);
    if (t->data.n_data && (now_us >= t->deadline_us
                           || now_us + FLUSH_US < t->deadline_us)) {
        tmpl_send(t, &t->data, now_us);
    }
    return (t->data.n_data ? MIN(t->deadline_us, t->templates_us)
            : t->templates_us);
}

static void
tmpl_close(struct exporter *exporter, uint64_t now_us)
{
    if (exporter) {
        struct tmpl *t = tmpl_cast(exporter);

        tmpl_send(t, &t->data, now_us);
        tmpl_free_points(t);
        target_destroy(t->target);
        free(t);
    }
}

static void
tmpl_greet(struct exporter *exporter, uint64_t now_us)
{
    send_templates(tmpl_cast(exporter), true, now_us);
}

/* ## ------- ## */
/* ## Classes ## */
/* ## ------- ## */

#define TMPL_CLASS(NAME)                                                    \
    static char *                                                           \
    NAME##_open(const struct exporter_conf *conf,                           \
                struct exporter **exporter)                                 \
    {                                                                       \
        return open_exporter(conf, &exporter_##NAME##_class, &tmpl_##NAME,  \
                             exporter);                                     \
    }                                                                       \
                                                                            \
    const struct exporter_class exporter_##NAME##_class = {                 \
        .name = #NAME,                                                      \
        .macs = true,                                                       \
        .open = NAME##_open,                                                \
        .close = tmpl_close,                                                \
        .flow = tmpl_flow,                                                  \
        .run = tmpl_run,                                                    \
        .set_path_mtu = tmpl_set_path_mtu,                                  \
        .greet = tmpl_greet,                                                \
        .add_point = tmpl_add_point,                                        \
        .remove_point = tmpl_remove_point,                                  \
    };

TMPL_CLASS(netflow9)
TMPL_CLASS(ipfix)
