/* switch.h -- whether Open vSwitch is there, and does what its database says.
 *
 * What it did once it may not do any more: rows stay as they are when
 * ovs-vswitchd is dead.  This tells when that is so, in a sentence, and when
 * what was proved has to be proved again.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_SWITCH_H
#define OVSPAN_DAEMON_SWITCH_H 1

#include <stdint.h>
#include <sys/types.h>

struct db;
struct smap;
struct switch_watch;

/* 'ovs_remote' as in struct db_conf. */
struct switch_watch *switch_watch_create(const char *ovs_remote);
void switch_watch_destroy(struct switch_watch *);

void switch_watch_run(struct switch_watch *, const struct db *);
void switch_watch_wait(const struct switch_watch *);

/* Why the switch cannot do anything for us now, or NULL.  Lent, and the same
 * until the next number changes. */
const char *switch_watch_trouble(const struct switch_watch *);
/* Increases when what this says, or the next, is something else. */
uint64_t switch_watch_seqno(const struct switch_watch *);
/* Adds what Host.status has of it. */
void switch_watch_put_status(const struct switch_watch *, struct smap *);

/* Increases when another ovs-vswitchd has to prove what was proved, or the
 * same after something was amiss. */
uint64_t switch_watch_asks(const struct switch_watch *);

/* Of ovs-vswitchd, whose namespace is the switch's; 0: not known. */
pid_t switch_watch_pid(const struct switch_watch *);

#endif /* daemon/switch.h */
