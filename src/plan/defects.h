/* defects.h -- what is known to be wrong in Open vSwitch, by version.
 *
 * One table says what, where, and what the planner does about it.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLAN_DEFECTS_H
#define OVSPAN_PLAN_DEFECTS_H 1

#include <stdbool.h>
#include <stddef.h>
#include "plan/have.h"

enum defect_id {
    DEFECT_MIRROR_SET_LATE,
    DEFECT_MIRROR_REMOVAL_LATE,
    DEFECT_TUNNEL_REPLACE,
    DEFECT_SNAPLEN_TUNNEL,
    DEFECT_MIRROR_MODIFIED,
    DEFECT_MIRROR_MODIFIED_TWICE,
    DEFECT_MIRROR_METADATA_TWICE,
    DEFECT_MIRROR_BOND_TWICE,
    DEFECT_MIRROR_ONCE,
    DEFECT_MIRROR_CONTROLLER,
    DEFECT_TUNNEL_PORT_COPY,
    DEFECT_TUNNEL_BYTES,
    DEFECT_TSO_ERSPAN,
    DEFECT_TSO_GRE,
    DEFECT_TSO_SPAN,
    DEFECT_SPAN_CHECKSUM,
    DEFECT_ERSPAN_FIELDS,
    DEFECT_ERSPAN_COS,
    DEFECT_TUNNEL_SEQUENCE,
    DEFECT_PATCH_PORT,
    DEFECT_MIRROR_STATISTICS,
    DEFECT_MIRROR_OUTPUT_COUNTED,
    DEFECT_NETFLOW_WIRE,
    DEFECT_IPFIX_SAMPLING,
    DEFECT_IPFIX_DOMAIN,
    DEFECT_IPFIX_BOTH_WAYS,
    DEFECT_SFLOW_SPEED,
};

/* What loses, repeats or replaces packets is never only told: 'auto' then does
 * without OVS wherever it can. */
enum defect_remedy {
    DEFECT_AVOIDED,             /* By how rows are written, always. */
    DEFECT_REFUSED,             /* By not choosing that backend. */
    DEFECT_OWN,                 /* By own capture, with 'auto', where there is
                                 * a device; else in what differs. */
    DEFECT_TOLD,                /* In what 'explain' says differs: it is of
                                 * header fields and numbers alone. */
};

struct defect {
    enum defect_id id;
    const char *name;           /* For tests. */
    bool userspace_only;        /* Not in the kernel's datapath. */
    bool kernel_only;
    /* Releases before this have it not; zeros: all have it. */
    struct have_version since;
    /* The first release of each branch that has it no more; ends with zeros.
     * Branches later than the last are fixed, those between two that are not
     * named are as the one before.  Empty: not fixed in any known release. */
    struct have_version fixed[6];
    enum defect_remedy remedy;
    const char *what;           /* For a person: a sentence's part. */
    const char *done;           /* What we do about it. */
};

extern const struct defect defects[];
extern const size_t n_defects;

/* True if a switch of that version has it on that kind of bridge.  A version
 * that is not known has every defect. */
bool defect_is_in(enum defect_id, struct have_version, bool userspace);
const struct defect *defect_get(enum defect_id);

#endif /* plan/defects.h */
