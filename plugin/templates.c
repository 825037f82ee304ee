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
    SET_HEADER_LEN = 4,

    /* Ids of templates. */
    IPV4 = 256,
    IPV6,
    SAMPLING,
    INTERFACE,
};

struct element {
    uint16_t id;
    uint16_t kind;              /* enum tmpl_kind. */
    uint16_t length9, length10;
};

static const struct element elements[] = {
#define ELEMENT(NAME, ID, KIND, LEN9, LEN10, HOW, VALUE) \
    { ID, TMPL_KIND_##KIND, LEN9, LEN10 },
    TMPL_ELEMENTS
#undef ELEMENT
};

static struct tmpl *
tmpl_cast(struct exporter *exporter)
{
    return CONTAINER_OF(exporter, struct tmpl, up);
}

/* Stores the fields of a record of 'kind' in 'fields', which has room for all
 * elements.  Returns how many. */
static size_t
list_fields(const struct tmpl *t, enum tmpl_kind kind,
            struct tmpl_field *fields)
{
    unsigned int kinds = kind | (t->sampling > 1 ? TMPL_KIND_SAMPLED : 0);
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_SIZE(elements); i++) {
        const struct element *e = &elements[i];
        uint16_t length = (t->dialect->version == 9 ? e->length9
                           : e->length10);
        if (length && e->kind & kinds) {
            fields[n++] = (struct tmpl_field) { e->id, length };
        }
    }
    return n;
}

static size_t
record_length(const struct tmpl *t, enum tmpl_kind kind)
{
    struct tmpl_field fields[ARRAY_SIZE(elements)];
    size_t n = list_fields(t, kind, fields);
    size_t length = 0;

    for (size_t i = 0; i < n; i++) {
        length += fields[i].length;
    }
    return length;
}

/* ## -------- ## */
/* ## Messages ## */
/* ## -------- ## */

static void
message_init(const struct tmpl *t, struct tmpl_message *m)
{
    m->len = t->dialect->header_len;
    m->set = 0;
    m->n_templates = m->n_data = 0;
}

static void
close_set(struct tmpl_message *m)
{
    if (m->set) {
        while (m->len % 4) {
            m->bytes[m->len++] = 0;
        }
        tmpl_put(&m->bytes[m->set + 2], m->len - m->set, 2);
        m->set = 0;
    }
}

static void
send_message(struct tmpl *t, struct tmpl_message *m, uint64_t now_us)
{
    if (m->n_templates || m->n_data) {
        close_set(m);
        t->latest_us = MAX(t->latest_us, now_us);
        t->dialect->put_header(t, m);
        struct exporter_dgram dgram = {
            .iov[0] = { .iov_base = m->bytes, .iov_len = m->len },
        };
        t->output->send(t->output, &dgram, 1);
        t->n_since++;
        message_init(t, m);
    }
}

/* Room for a record of 'length' bytes in a set of 'id'; sends 'm' before if it
 * is full. */
static uint8_t *
reserve(struct tmpl *t, struct tmpl_message *m, uint16_t id, size_t length,
        uint64_t now_us)
{
    bool same = m->set && m->set_id == id;
    size_t end = m->len + (same ? 0 : 3 + SET_HEADER_LEN) + length;

    if (OVS_UNLIKELY(end > t->limit)) {
        send_message(t, m, now_us);
        same = false;
    }
    if (!same) {
        close_set(m);
        m->set = m->len;
        m->set_id = id;
        tmpl_put(&m->bytes[m->len], id, 2);
        m->len += SET_HEADER_LEN;
    }
    uint8_t *p = &m->bytes[m->len];
    m->len += length;
    return p;
}

/* ## --------------------- ## */
/* ## Templates and options ## */
/* ## --------------------- ## */

static void
put_fields(uint8_t *p, const struct tmpl_field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        p = tmpl_put(p, fields[i].id, 2);
        p = tmpl_put(p, fields[i].length, 2);
    }
}

/* Each template has a set of its own: collectors are known that read only the
 * first one of a set. */
static void
add_template(struct tmpl *t, uint16_t id, enum tmpl_kind kind,
             uint64_t now_us)
{
    struct tmpl_message *m = &t->control;
    struct tmpl_field fields[ARRAY_SIZE(elements)];
    size_t n = list_fields(t, kind, fields);

    close_set(m);
    uint8_t *p = reserve(t, m, t->dialect->template_set, 4 + n * 4, now_us);
    p = tmpl_put(p, id, 2);
    p = tmpl_put(p, n, 2);
    put_fields(p, fields, n);
    m->n_templates++;
}

/* The first of the 'n' fields is the scope. */
static void
add_options_template(struct tmpl *t, uint16_t id,
                     const struct tmpl_field *fields, size_t n,
                     uint64_t now_us)
{
    struct tmpl_message *m = &t->control;

    close_set(m);
    uint8_t *p = reserve(t, m, t->dialect->options_set, 6 + n * 4, now_us);
    p = tmpl_put(p, id, 2);
    if (t->dialect->version == 9) {
        p = tmpl_put(p, 4, 2);          /* Bytes of scopes... */
        p = tmpl_put(p, (n - 1) * 4, 2);        /* ...and of options. */
    } else {
        p = tmpl_put(p, n, 2);          /* Fields... */
        p = tmpl_put(p, 1, 2);          /* ...of which are scopes. */
    }
    put_fields(p, fields, n);
    m->n_templates++;
}

static void
add_sampling(struct tmpl *t, uint64_t now_us)
{
    const struct tmpl_dialect *d = t->dialect;
    size_t length = 0;

    add_options_template(t, SAMPLING, d->sampling, d->n_sampling, now_us);
    for (size_t i = 0; i < d->n_sampling; i++) {
        length += d->sampling[i].length;
    }
    d->put_sampling(t, reserve(t, &t->control, SAMPLING, length, now_us));
    t->control.n_data++;
}

static void
add_interfaces(struct tmpl *t, uint64_t now_us)
{
    const struct tmpl_field fields[] = {
        { t->dialect->interface_scope, 4 },
        { TMPL_INTERFACE_NAME, TMPL_NAME_LEN },
    };

    add_options_template(t, INTERFACE, fields, ARRAY_SIZE(fields), now_us);
    for (size_t i = 0; i < t->n_points; i++) {
        uint8_t *p = reserve(t, &t->control, INTERFACE, 4 + TMPL_NAME_LEN,
                             now_us);
        p = tmpl_put(p, t->points[i].ifindex, 4);
        memcpy(p, t->points[i].name, TMPL_NAME_LEN);
        t->control.n_data++;
    }
}

static void
send_templates(struct tmpl *t, bool options, uint64_t now_us)
{
    add_template(t, IPV4, TMPL_KIND_IPV4, now_us);
    add_template(t, IPV6, TMPL_KIND_IPV6, now_us);
    if (options) {
        if (t->sampling > 1) {
            add_sampling(t, now_us);
        }
        if (t->n_points) {
            add_interfaces(t, now_us);
        }
        t->templates_us = now_us + t->interval_us;
        t->options_due = false;
    }
    send_message(t, &t->control, now_us);
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

/* Writes a record of a version and a kind, both constants: what the table says
 * becomes a straight line of stores. */
static inline uint8_t *
put_fixed(const struct tmpl *t, uint8_t *p, const struct frec *r, int version,
          int kind)
{
#define ELEMENT(NAME, ID, KIND, LEN9, LEN10, HOW, VALUE)                    \
    if ((version == 9 ? LEN9 : LEN10)                                       \
        && (TMPL_KIND_##KIND == TMPL_KIND_SAMPLED                           \
            ? t->sampling > 1 : TMPL_KIND_##KIND & kind)) {                 \
        p = PUT_##HOW(p, VALUE, (version == 9 ? LEN9 : LEN10));             \
    }
    TMPL_ELEMENTS
#undef ELEMENT
    return p;
}

/* Writes a record and returns its end. */
static uint8_t *
put_record(const struct tmpl *t, uint8_t *p, const struct frec *r)
{
    bool ipv4 = r->key.ip_version == 4;

    if (t->dialect->version == 9) {
        return (ipv4 ? put_fixed(t, p, r, 9, TMPL_KIND_IPV4)
                : put_fixed(t, p, r, 9, TMPL_KIND_IPV6));
    }
    return (ipv4 ? put_fixed(t, p, r, 10, TMPL_KIND_IPV4)
            : put_fixed(t, p, r, 10, TMPL_KIND_IPV6));
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
    t->boot_us = conf->boot_us - conf->boot_us % 1000;
    t->latest_us = conf->boot_us;
    /* Exporters that a user did not tell apart are told apart here.  0 would
     * stand for no domain (RFC 7011, section 3.1). */
    t->domain = (target_has(target, "domain")
                 ? target_get_int(target, "domain") : conf->instance + 1);
    t->sampling = conf->sampling;
    t->interval_us = (target_get_int(target, "template-interval")
                      * UINT64_C(1000000));
    t->overhead = conf->ipv6 ? OVERHEAD6 : OVERHEAD4;
    tmpl_set_path_mtu(&t->up, conf->path_mtu);
    t->ipv4_len = record_length(t, TMPL_KIND_IPV4);
    t->ipv6_len = record_length(t, TMPL_KIND_IPV6);
    t->options_due = true;
    message_init(t, &t->data);
    message_init(t, &t->control);
    *exporter = &t->up;
    return NULL;
}

static void
tmpl_flow(struct exporter *exporter, const struct frec *r, uint64_t now_us)
{
    struct tmpl *t = tmpl_cast(exporter);
    bool ipv4 = r->key.ip_version == 4;
    size_t length = ipv4 ? t->ipv4_len : t->ipv6_len;
    uint8_t *p = reserve(t, &t->data, ipv4 ? IPV4 : IPV6, length, now_us);

    /* A record's last packet is never later than its header. */
    t->latest_us = MAX(t->latest_us, r->last_us);
    uint8_t *end = put_record(t, p, r);
    ovs_assert(end == p + length);
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
        send_message(t, &t->data, now_us);
    }
    return (t->data.n_data ? MIN(t->deadline_us, t->templates_us)
            : t->templates_us);
}

static void
tmpl_close(struct exporter *exporter, uint64_t now_us)
{
    if (exporter) {
        struct tmpl *t = tmpl_cast(exporter);

        send_message(t, &t->data, now_us);
        free(t->points);
        free(t);
    }
}

static void
tmpl_greet(struct exporter *exporter, uint64_t now_us)
{
    send_templates(tmpl_cast(exporter), true, now_us);
}

/* ## ------ ## */
/* ## Points ## */
/* ## ------ ## */

static struct tmpl_point *
find_point(const struct tmpl *t, const struct exporter_point *point)
{
    for (size_t i = 0; i < t->n_points; i++) {
        struct tmpl_point *p = &t->points[i];

        if (p->ifindex == point->ifindex
            && !strcmp(p->name, point->name)) {
            return p;
        }
    }
    return NULL;
}

static void
tmpl_add_point(struct exporter *exporter, const struct exporter_point *point)
{
    struct tmpl *t = tmpl_cast(exporter);

    if (!point->ifindex || !point->name[0]) {
        return;
    }
    struct tmpl_point *p = find_point(t, point);
    if (!p) {
        t->points = xrealloc(t->points,
                             (t->n_points + 1) * sizeof *t->points);
        p = &t->points[t->n_points++];
        *p = (struct tmpl_point) { .ifindex = point->ifindex };
        ovs_strzcpy(p->name, point->name, sizeof p->name);
        t->options_due = true;
    }
    p->n++;
}

static void
tmpl_remove_point(struct exporter *exporter,
                  const struct exporter_point *point)
{
    struct tmpl *t = tmpl_cast(exporter);

    if (!point->ifindex || !point->name[0]) {
        return;
    }
    struct tmpl_point *p = find_point(t, point);
    ovs_assert(p);
    if (!--p->n) {
        size_t after = &t->points[--t->n_points] - p;
        memmove(p, p + 1, after * sizeof *p);
    }
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
