/* tap.h -- what a tap is to the packet half: where its packets go and what
 * became of them.
 *
 * A tap belongs to one thread; its counters may be read by others at any time.
 * Streams and taps are made by those who run a meter (a worker, `replay`),
 * which also decides when what is due is run.
 *
 * Pure: no sockets, no clock, no thread.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_METER_TAP_H
#define OVSPAN_METER_TAP_H 1

#include "base/ovs.h"
#include "base/tap-counters.h"
#include "export/exporter.h"
#include "meter/limit.h"

#define TAP_COUNTER(NAME) MTAP_##NAME,
enum mtap_counter { TAP_COUNTERS MTAP_N_COUNTERS };
#undef TAP_COUNTER

/* An exporter with its output, shared by taps.
 *
 * Whose is a datagram?  With packets it is clear: what was sent while a tap's
 * packets were handed over.  A datagram of flows may hold records of several
 * taps and leaves later; it is credited to the tap whose record went in last.
 * So the counters of a stream's taps always add up to the stream's. */
struct mstream {
    const struct exporter_class *class;
    struct exporter *exporter;  /* NULL once it is closed. */
    struct exporter_output *output;     /* Lent. */
    struct ovs_list taps;       /* struct mtap, by 'stream_node'. */
    uint64_t next_run_us;       /* When the exporter wants to be run. */

    struct mtap *last_tap;      /* Whose went in last; NULL: the first's. */
    struct exporter_stats exporter_credited;
    struct exporter_sent sent_credited;
};

void mstream_init(struct mstream *, const struct exporter_class *,
                  struct exporter *, struct exporter_output *);
/* Runs the exporter if it is due; credits. */
void mstream_run(struct mstream *, uint64_t now_us);
/* Adds what happened since the last call to the tap that it belongs to. */
void mstream_credit(struct mstream *);
/* The exporter sends the rest and is gone; the output stays. */
void mstream_close(struct mstream *, uint64_t now_us);

/* Chooses one packet of every N, at random which (the random 1-out-of-N of RFC
 * 5475, section 5.2.1), so that it meets no pattern of the traffic. */
struct msampler {
    uint32_t position;          /* In the N packets that it is in. */
    uint32_t target;            /* The one that is chosen, of these. */
    uint64_t random;            /* See base/xorshift.h; 0: at the start. */
};

struct mtap_conf {
    struct exporter_point point;
    uint32_t sampling;          /* 1 in N. */
    uint32_t seed;              /* Of the table's hash. */
    /* Flow targets. */
    uint64_t active_us, inactive_us;    /* Timeouts. */
    size_t max_flows;
    unsigned int decap;         /* Tunnels that are looked into. */
    /* Packet targets. */
    uint32_t snaplen;           /* Bytes of a frame; 0: all that there are. */
    struct mlimit *limit;       /* Lent, shared; NULL: none. */
};

struct mtap {
    struct ovs_list node;       /* In its meter's or its table's list. */
    struct ovs_list stream_node;        /* In its stream's 'taps'. */
    struct mstream *stream;
    struct mtap_conf conf;
    struct mtable *table;       /* Flow targets, in a meter; else NULL. */
    struct msampler sampler;    /* Packet targets. */

    /* Beside what is published, so that all packets add up. */
    uint64_t metered;           /* Went into flows or datagrams. */
    uint64_t unsampled;         /* Were passed over. */
    ATOMIC(uint64_t) counters[MTAP_N_COUNTERS];     /* One writer. */
};

void mtap_init(struct mtap *, struct mstream *, const struct mtap_conf *);

/* Only the thread that a tap belongs to writes, so that no locked instruction
 * is needed and a reader sees each counter whole and never going back. */
static inline void
mtap_set(struct mtap *tap, enum mtap_counter which, uint64_t value)
{
    atomic_store_relaxed(&tap->counters[which], value);
}

static inline uint64_t
mtap_get(const struct mtap *tap, enum mtap_counter which)
{
    uint64_t value;

    atomic_read_relaxed(&CONST_CAST(struct mtap *, tap)->counters[which],
                        &value);
    return value;
}

static inline void
mtap_count(struct mtap *tap, enum mtap_counter which, uint64_t n)
{
    mtap_set(tap, which, mtap_get(tap, which) + n);
}

void mtap_get_stats(const struct mtap *, struct tap_stats *);

#endif /* meter/tap.h */
