/* fate.h -- what has become of a transaction when the command is interrupted.
 *
 * Internal to this room.  Who presses Ctrl-C, or gave a --timeout, is told
 * whether what was typed is written.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_CTL_FATE_H
#define OVSPAN_OVSDB_CTL_FATE_H 1

enum ctl_fate_stage {
    CTL_FATE_NOTHING,           /* Nothing is written yet. */
    CTL_FATE_SENT,              /* It is on its way. */
    CTL_FATE_WRITTEN,
};

struct ctl_fate;

/* For a command that may write.  Lives until the program ends. */
struct ctl_fate *ctl_fate_create(void);
/* NULL is fine for both. */
void ctl_fate_set(struct ctl_fate *, enum ctl_fate_stage);
/* Who has not confirmed what is written: "host lab, host h2". */
void ctl_fate_waits_for(struct ctl_fate *, const char *hosts);

#endif /* ovsdb/ctl/fate.h */
