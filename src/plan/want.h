/* want.h -- what users want: the captures of the database, in our words.
 *
 * Pure.  The database room fills a want from rows; a wrong value is not an
 * error here: it is kept with its text, and becomes a tap's reason.
 *
 * Ownership: a want owns its captures, they own the rest.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLAN_WANT_H
#define OVSPAN_PLAN_WANT_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/ovs.h"
#include "plan/tap.h"
#include "query/query.h"
#include "target/target.h"

enum want_direction {
    WANT_BOTH,
    WANT_INGRESS,               /* As seen by the selected interface. */
    WANT_EGRESS,
};

enum want_backend {
    WANT_AUTO,
    WANT_OVS,
    WANT_PCAP,
};

struct want_target {
    struct uuid uuid;           /* Of the Target row; zeros in 'explain'. */
    char *text;                 /* "erspan2:10.9.0.2,session=7", as typed. */
    struct target *target;      /* NULL if 'error'. */
    char *error;                /* Why it is a bad target, or NULL. */
};

struct want_capture {
    struct uuid uuid;           /* Of the Capture row; zeros: has none. */
    char *name;
    char *selector;
    struct query *query;        /* NULL if 'selector_error'. */
    char *selector_error;       /* NULL: it parsed and yields nodes. */
    char *filter;               /* pcap-filter(7) text, or NULL. */
    uint32_t snaplen;           /* Bytes; 0: whole frames. */
    enum want_direction direction;
    enum want_backend backend;
    uint32_t sampling;          /* 1 in N; 0: the default. */
    bool enabled;
    bool is_session;            /* It ends with the process that asked. */
    bool any_wrap;              /* Copies of a tunnel port may have its headers
                                 * on. */
    long long int expires;      /* ms since the epoch; 0: never. */
    struct smap options;        /* "ring", "max-pps", ... as given. */
    char *options_error;        /* Why a column is wrong, or NULL. */
    struct want_target *targets;
    size_t n_targets;
};

/* What captures may take of a host; each at least 1. */
struct want_budget {
    uint64_t taps;              /* Taps that run. */
    uint64_t ring_bytes;        /* Kernel memory for packets. */
};

struct want {
    struct want_capture *captures;      /* Sorted by name. */
    size_t n;
    struct want_budget budget;
};

void want_init(struct want *);
void want_uninit(struct want *);

/* Adds a capture.  The caller fills 'name', 'selector' and the rest of the
 * typed members of the returned capture and then calls
 * want_capture_finish(). */
struct want_capture *want_add(struct want *);
/* Adds a target from the columns of its row, checked. */
void want_capture_add_target(struct want_capture *, const struct uuid *,
                             const char *type, const char *address,
                             const struct smap *options);
/* Adds 'target', which is taken, to a capture that is finished. */
void want_capture_give_target(struct want_capture *, struct target *);
/* Parses the selector, checks 'options', sorts the targets by text. */
void want_capture_finish(struct want_capture *);
void want_sort(struct want *);

/* The columns that are words or numbers, from text; for the command line and
 * for 'explain'.  'column' is "filter", "snaplen", "direction", "sampling",
 * "backend", "enabled", "expires" or "options:KEY"; an error text lists what
 * is known. */
char *want_capture_set(struct want_capture *, const char *column,
                       const char *value) OVS_WARN_UNUSED_RESULT;
bool want_is_column(const char *word);
/* The name of the 'i'th of those without "options:KEY"; NULL: no more. */
const char *want_column(size_t i);

/* What an option of a capture says, or 0. */
uint64_t want_option(const struct want_capture *, const char *key);
/* Whether an option of a capture is "true". */
bool want_flag(const struct want_capture *, const char *key);
/* The VLANs that it is confined to, as keys; none: to no VLAN. */
void want_vlans(const struct want_capture *, struct simap *vlans);

/* Adds a capture from the JSON that 'explain' is asked with (see
 * daemon/appctl.h), finished. */
struct jsn;
char *want_from_json(struct want *, const struct jsn *)
    OVS_WARN_UNUSED_RESULT;

#endif /* plan/want.h */
