/* engine-private.h -- what all that the engine runs hangs from.
 *
 * The floors of the engine's control side, each of which calls those below it
 * only:
 *
 *   engine.c           joins plans with what runs
 *   engine-tap.c       starts and judges taps
 *   engine-poll.c      reads counters of interfaces for their exporters
 *   engine-stream.c    brings streams up: engine-open.c opens them,
 *                      engine-move.c follows their collectors,
 *                      engine-address.c their own addresses, engine-hop.c
 *                      tells them the way out, engine-own.c hides what they
 *                      send, engine-identity.c tells them apart
 *   engine-source.c    has captures, which engine-opening.c opens
 *   engine-view.c      says what is wanted of them
 *   worker.h           the threads that carry it out
 *   names.h, tries.h, lookup.h
 *                      what the names of collectors mean
 *   wake.h, backoff.h, trouble.h, task.h
 *
 * All of it runs in the control thread, but for tasks.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_ENGINE_ENGINE_PRIVATE_H
#define OVSPAN_ENGINE_ENGINE_PRIVATE_H 1

#include "base/ovs.h"
#include "engine/engine.h"
#include "base/task.h"
#include "engine/wake.h"
#include "engine/worker.h"

struct kern_paths;
struct names;

struct engine {
    struct worker **workers;
    size_t n_workers;
    size_t *load;               /* Taps on each. */
    struct wake wake;
    struct task_pool *tasks;
    struct names *names;        /* Of collectors. */
    struct hmap taps;           /* struct engine_tap, by key. */
    struct hmap streams;        /* struct engine_stream, by key. */
    uint64_t n_streams;         /* That there were. */
    struct exporter_memory *memory;     /* Of all exporters. */
    struct hmap sources;        /* struct engine_source, by place. */
    struct ovs_list lingering;  /* See engine-own.c. */
    bool own_changed;           /* Workers are to be told. */
    uint64_t own_version;       /* Increases with each telling. */
    uint64_t *own_tickets;      /* Of the last one, for each worker. */
    struct collector_quota quota;       /* Of capture files. */
    uint64_t boot_us;           /* Zero of every exporter's clock. */
    struct kern_paths *paths;   /* NULL: there is no netlink. */
    uint64_t paths_seen;        /* Its sequence number. */
    long long int next_look;    /* time_msec(): not to look before. */
    uint64_t addresses_seen;    /* As 'paths_seen', of engine-address.c; */
    long long int next_address, next_far_address;   /* as 'next_look'. */
    uint64_t seqno;
};

#endif /* engine/engine-private.h */
