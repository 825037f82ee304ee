/* replay-private.h -- what the files of replay share.
 *
 * replay.c reads the file and keeps the time, replay-link.c knows what frames
 * it has, replay-target.c opens targets, replay-print.c prints what became of
 * the packets.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CLI_REPLAY_PRIVATE_H
#define OVSPAN_CLI_REPLAY_PRIVATE_H 1

#include "capture/capture.h"
#include "export/collector.h"
#include "meter/meter.h"
#include "ovsdb/ctl/draft.h"

struct jsn;

struct replay_target {
    const char *text;           /* As 'target_to_text()'; lent. */
    struct target *target;
    struct collector *collector;
    uint32_t instance;          /* Distinct towards a collector. */
    struct mstream stream;
    struct mtap tap;
    bool is_open;               /* The last two are valid. */
};

/* A link type of the file. */
struct replay_link {
    int id;                     /* capture_link_id(). */
    enum pkt_link link;
    struct capture_filter *filter;      /* NULL: it passes none of these. */
};

struct replay {
    /* What is asked for. */
    const char *path;
    const struct ctl_draft *draft;

    /* The file. */
    struct capture *capture;
    struct replay_link *links;  /* Each that was met. */
    size_t n_links;
    const struct replay_link *link;     /* Of the burst in work. */
    bool judges;                /* There is a filter. */
    char *error;                /* Why it ended before its time, or NULL. */

    /* The targets. */
    struct meter meter;
    struct pkt_mss mss;         /* Of the connections seen. */
    struct mlimit limit;        /* Of all packet targets. */
    struct exporter_memory *memory;
    struct replay_target *targets;
    size_t n_targets;

    /* The time is that of the packets, and never goes back. */
    bool has_started;           /* There was a packet. */
    uint64_t first_us;          /* Its time. */
    uint64_t now_us;
    uint64_t next_run_us;       /* When timers are run next. */

    /* Counted. */
    uint64_t packets, bytes;    /* Read. */
    uint64_t filtered;          /* Of these, refused by the filter; */
    uint64_t other_way;         /* of the other direction, */
    uint64_t no_way;            /* or of none that is said. */

    /* Scratch. */
    struct pkt_frame frames[METER_BURST];
    struct pkt pkts[METER_BURST];
};

/* Makes 'link' what the capture has now.  Like those that follow, NULL or an
 * error text that the caller frees. */
char *replay_use_link(struct replay *) OVS_WARN_UNUSED_RESULT;
/* Whether the filter passes a frame of this link type. */
bool replay_link_match(const struct replay_link *,
                       const struct capture_frame *);
void replay_free_links(struct replay *);
/* Before the file is read, and behind it: whether its frames say which way
 * they went, if that is asked for. */
char *replay_check_direction(const struct replay *) OVS_WARN_UNUSED_RESULT;
char *replay_check_directions(const struct replay *) OVS_WARN_UNUSED_RESULT;

/* Opens the collectors of all targets, without an exporter.  Returns NULL or
 * an error text that the caller frees. */
char *replay_open_targets(struct replay *) OVS_WARN_UNUSED_RESULT;
/* The first packet is there: opens exporters, with their boot time. */
char *replay_start_targets(struct replay *) OVS_WARN_UNUSED_RESULT;
void replay_run_targets(struct replay *);       /* What is due. */
/* Sends all that is left. */
void replay_end_targets(struct replay *);
void replay_close_targets(struct replay *);
/* Why a collector does not take what is sent, or NULL; the caller frees it. */
char *replay_look_back(struct replay *);

void replay_print_text(const struct replay *, struct ds *);
struct jsn *replay_to_json(const struct replay *);

#endif /* cli/replay-private.h */
