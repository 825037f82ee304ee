/* templates.h -- what NetFlow 9 and IPFIX share: both send flow records by
 * templates, in sets, in messages.
 *
 * templates.c is both exporters; netflow9.c and ipfix.c say, as a dialect
 * each, how theirs differ.  A message is a header and sets; a set is an id, a
 * length, records and padding to 4 bytes.  Data and templates go in messages
 * of their own, so that templates can go first at any time.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLUGIN_TEMPLATES_H
#define OVSPAN_PLUGIN_TEMPLATES_H 1

#include <string.h>
#include "base/ovs.h"
#include "export/exporter.h"
#include "plugin/clock.h"

/* Ids of templates.  They need to be unique to a domain and a session (RFC
 * 7011, 3.4.1), but nfacctd 1.7.7 keeps them by our address and the domain,
 * for both protocols and as long as it lives, and a domain is used again.  So
 * each layout has an id of its own: the first plus TMPL_ID_*, for a layout
 * that is the same in every ovspan. */
enum {
    TMPL_ID_IPV6 = 1 << 0,
    TMPL_ID_SAMPLED = 1 << 1,
    TMPL_ID_FLAGS16 = 1 << 2,
    TMPL_ID_IPFIX = 1 << 3,
    TMPL_ID_FIRST = 256,        /* To 271: records. */
    TMPL_ID_SAMPLING = 272,     /* Options of NetFlow 9; of IPFIX 2 more. */
    TMPL_ID_INTERFACE = 273,
    TMPL_ID_OPTIONS_IPFIX = 2,
    TMPL_ID_CHOSEN = 512,       /* From here on by order of first use. */
};

enum {
    TMPL_NAME_LEN = 16,         /* Of an interface's name. */
    TMPL_MAX_MESSAGE = 1472,    /* UDP's payload in an IPv4 packet of 1500. */
};

struct tmpl_field {
    uint16_t id;                /* With TMPL_REVERSE: of the way back. */
    uint16_t length;
};

/* The records of an IP version, with or without the way back. */
struct tmpl_layout {
    uint16_t id;                /* Of its template. */
    size_t length;              /* Of a record. */
};

/* A message as it fills. */
struct tmpl_message {
    size_t len;                 /* Bytes, with those of the header. */
    size_t set;                 /* Where the open set begins; 0: none. */
    uint16_t set_id;            /* Its id. */
    uint16_t n_templates;       /* Records of all sets. */
    uint16_t n_data;
    uint8_t bytes[TMPL_MAX_MESSAGE];
};

struct tmpl_point {
    uint32_t ifindex;
    char name[TMPL_NAME_LEN];   /* Padded with zeros. */
    unsigned int n;             /* How often it was added. */
};

/* An interface whose name is taken back. */
struct tmpl_gone {
    uint32_t ifindex;
    unsigned int n;             /* How often that is still to be said. */
};

struct tmpl;

/* How NetFlow 9 and IPFIX differ. */
struct tmpl_dialect {
    int version;                /* 9 or 10. */
    uint16_t header_len;
    uint16_t template_set, options_set; /* Ids. */
    bool pads_templates;        /* Sets of templates end at 4 bytes too. */
    /* Writes the header of 'm' to its front and counts the sequence on. */
    void (*put_header)(struct tmpl *, struct tmpl_message *m);
    /* The number of the sampler of 1 in 'rate' in a domain. */
    uint64_t (*get_selector)(struct exporter_memory *, uint32_t domain,
                             uint32_t rate);
    /* Options: the first field is the scope. */
    uint16_t interface_scope;   /* The scope that is an interface. */
    const struct tmpl_field *sampling;  /* What is said of sampling. */
    size_t n_sampling;
    uint8_t *(*put_sampling)(const struct tmpl *, uint8_t *);
};

struct tmpl {
    struct exporter up;
    const struct tmpl_dialect *dialect;
    struct exporter_output *output;     /* Lent. */
    struct exporter_memory *memory;     /* Lent. */
    struct target *target;      /* For 'memory'. */
    uint64_t boot_us;           /* Zero of sysUptime; whole milliseconds. */
    uint64_t latest_us;         /* The next header's instant is not before,
                                 * if it can be said. */
    struct plugin_clock_span span;      /* Of the records in 'data'. */
    uint32_t domain;            /* Source id, or observation domain. */
    uint32_t sequence;          /* Of the next message. */
    uint32_t sampling;          /* 1 in N. */
    bool flags16;               /* 'tcp-flags' of 16 bits. */
    bool is_chosen;             /* By the option 'fields'. */
    unsigned int groups;        /* Of elements: TMPL_GROUP_*. */
    uint64_t selector;          /* The number of 'sampling'. */
    uint32_t overhead;          /* Bytes of the IP and UDP headers. */
    size_t limit;               /* Bytes of a message: what fits the path. */
    /* First by IPv6; then, for biflows, with the way back. */
    struct tmpl_layout layouts[2][2];

    uint64_t interval_us;       /* Between two sendings of the templates. */
    uint64_t templates_us;      /* When they are to be sent next. */
    unsigned int n_since;       /* Messages since they were. */
    bool options_due;           /* At once, and templates with them. */
    struct tmpl_point *points;  /* Interfaces whose names are known. */
    size_t n_points;
    struct tmpl_gone *gone;     /* Those whose names are taken back. */
    size_t n_gone;

    uint64_t deadline_us;       /* Of 'data', if it has records. */
    struct tmpl_message data;   /* Flow records. */
    struct tmpl_message control;        /* Templates and options. */
};

static inline struct tmpl *
tmpl_cast(struct exporter *exporter)
{
    return CONTAINER_OF(exporter, struct tmpl, up);
}

/* netflow9.c and ipfix.c */
extern const struct tmpl_dialect tmpl_netflow9;
extern const struct tmpl_dialect tmpl_ipfix;

/* message.c */
void tmpl_message_init(const struct tmpl *, struct tmpl_message *);
/* The next record begins a set of its own. */
void tmpl_close_set(const struct tmpl *, struct tmpl_message *);
void tmpl_send(struct tmpl *, struct tmpl_message *, uint64_t now_us);
/* Room for a record of 'length' bytes in a set of 'id'; sends the message
 * before if it is full. */
uint8_t *tmpl_reserve(struct tmpl *, struct tmpl_message *, uint16_t id,
                      size_t length, uint64_t now_us);

/* options.c */
/* Writes ids and lengths, as all templates have them, in so many octets. */
size_t tmpl_fields_length(const struct tmpl_field *, size_t n);
void tmpl_put_fields(uint8_t *, const struct tmpl_field *, size_t n);
/* What the collector is told beside records, into 'control'. */
void tmpl_add_options(struct tmpl *, uint64_t now_us);
void tmpl_add_point(struct exporter *, const struct exporter_point *);
void tmpl_remove_point(struct exporter *, const struct exporter_point *);
void tmpl_free_points(struct tmpl *);

/* Big-endian, in 'n' bytes, a constant. */
static inline uint8_t *
tmpl_put(uint8_t *p, uint64_t value, size_t n)
{
    ovs_be64 be = htonll(value << (64 - 8 * n));

    memcpy(p, &be, n);
    return p + n;
}

/* Milliseconds since boot; the field of 32 bits wraps after 49.7 days. */
static inline uint32_t
tmpl_uptime_ms(const struct tmpl *t, uint64_t time_us)
{
    return time_us > t->boot_us ? (time_us - t->boot_us) / 1000 : 0;
}

#endif /* plugin/templates.h */
