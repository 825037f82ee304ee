/* engine-stream.h -- the control side of a stream: what has one sequence.
 *
 * See engine-stream.c.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_ENGINE_ENGINE_STREAM_H
#define OVSPAN_ENGINE_ENGINE_STREAM_H 1

#include "base/ovs.h"
#include "engine/backoff.h"
#include "engine/names.h"
#include "engine/tries.h"
#include "engine/trouble.h"
#include "engine/worker.h"
#include "export/collector.h"
#include "target/target.h"

struct engine;
struct plan_tap;

/* A stream on its way:
 *
 *   RESOLVE --> OPEN --> OWN --> READY
 *      |         |  (every worker knows its addresses)
 *      +-> FAILED <+  back to RESOLVE when it is time to try again
 */
enum stream_state {
    STREAM_RESOLVE,             /* The collector's name is looked up. */
    STREAM_OWN,                 /* Open; workers are told its addresses. */
    STREAM_READY,
    STREAM_FAILED,
};

struct engine_stream {
    struct hmap_node node;      /* In engine's 'streams', by 'key'. */
    char *key;
    uint64_t number;            /* Of all streams, in order of creation. */
    char *place;                /* Those of one place need instances. */
    uint32_t instance;          /* Distinct among them. */
    char *file;                 /* Of a capture file's name: its tap; NULL. */
    struct target *target;
    uint64_t netns;             /* To send from; 0: the host's own. */
    char *netns_path;           /* Likewise; NULL. */
    uint32_t sampling;          /* Of its taps, if it is of flows. */
    struct worker *worker;
    size_t n_taps;
    size_t n_wanted;            /* Of those, of the plan at hand. */
    bool replaced;              /* By one of the same key: not in 'streams'. */
    enum stream_state state;
    struct trouble trouble;     /* Of STREAM_FAILED. */
    struct backoff backoff;
    struct name *name;          /* Of its collector, or NULL. */
    uint64_t name_seen;         /* Its version. */
    struct tries tries;         /* Of its addresses. */
    struct collector *there;    /* STREAM_READY: will be moved to, or NULL. */
    struct collector_flow there_flow;   /* Its 'flow' then. */
    uint64_t moved;             /* Ticket of the last move. */
    long long int settled;      /* When its source address is one to stay. */
    struct trouble gone;        /* That address is, and there is no other. */
    bool reopen;                /* It cannot move but by starting anew. */
    struct wstream *wstream;    /* From STREAM_OWN on. */
    struct collector *collector;        /* Likewise: its counters. */
    struct exporter *exporter;  /* STREAM_OWN: not handed over yet. */
    struct collector_flow flow; /* Likewise: what is not to be captured. */
    uint64_t own_version;       /* That all workers must know of. */
    uint8_t tos;                /* Of its outer header. */
    struct collector_hop hop;   /* STREAM_READY: as told to its worker. */
    struct trouble comment;     /* What came back: unreachable, a note. */
    bool connecting;            /* For the first time. */
};

/* engine-stream.c */
/* Finds or makes the stream of a tap, and says in '*note' what is worth
 * knowing of it, or NULL. */
struct engine_stream *estream_ref(struct engine *, const struct plan_tap *,
                                  struct worker *preferred,
                                  const char **note);
void estream_unref(struct engine *, struct engine_stream *);
void estream_run(struct engine *, struct engine_stream *, long long int now);
/* Its taps have stopped: starts anew, with 'reopen'. */
void estream_reopen(struct engine *, struct engine_stream *);

/* engine-identity.c: pure. */
/* The value of an option, NULL where the target's type has none of the
 * name. */
const char *estream_option(const struct target *, const char *name);
/* Type, collector and source address. */
char *estream_place(const struct target *);
/* What makes a sequence of its own. */
char *estream_key(const struct plan_tap *);
/* The name of a capture file for a tap. */
char *estream_file(const struct plan_tap *);
/* True if two targets of one stream agree in what it is opened with. */
bool estream_is_opened_alike(const struct target *, const struct target *);
/* The least number that no stream of 'place' among 'streams' has or shows. */
uint32_t estream_choose_instance(const struct hmap *streams,
                                 const char *place);
/* Another stream that shows the collector the same identity, or NULL. */
const struct engine_stream *estream_find_rival(const struct hmap *streams,
                                               const struct engine_stream *);

/* engine-open.c */
/* Opens the collector at 'dst' and the exporter; on failure stores why. */
bool estream_open(struct engine *, struct engine_stream *,
                  const struct in6_addr *dst, struct trouble *why);
/* Opens a second one, 'there'. */
bool estream_open_there(struct engine_stream *, const struct in6_addr *dst,
                        struct trouble *why);

/* False if what it sends from is no address of its namespace any more. */
bool estream_has_address(const struct engine_stream *);

/* engine-address.c */
/* Streams whose source address is gone get a second collector, 'there'. */
void engine_follow_addresses(struct engine *, long long int now);

/* engine-move.c */
/* Of a stream that is ready: goes to 'there', and where its collector's name
 * leads.  Where only a stream that starts anew can, sets 'reopen'. */
void estream_follow(struct engine *, struct engine_stream *,
                    long long int now);

/* engine-own.c: what we send ourselves is never captured. */
/* The workers will be told of what 'stream' sends... */
void estream_hide(struct engine *, struct engine_stream *);
/* ...and have been. */
bool estream_is_hidden(const struct engine *, const struct engine_stream *);
/* The last datagrams may still lie in a ring for a while. */
void engine_linger(struct engine *, const struct collector_flow *);
void engine_tell_own(struct engine *, long long int now);
void engine_forget_lingering(struct engine *);

/* engine-hop.c */
void engine_follow_hops(struct engine *, long long int now);
void engine_wait_hops(struct engine *);
/* Of a stream that has become ready. */
void estream_find_hop(struct engine *, struct engine_stream *);

#endif /* engine/engine-stream.h */
