/* defects.c -- what is known to be wrong in Open vSwitch, by version.
 *
 * The one place that knows versions.  Called by the rules of the planner,
 * which ask by name.  Pure.  Invariant: each entry says what is done about it,
 * and the rules do that.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/defects.h"

#define V(MAJOR, MINOR, PATCH) { MAJOR, MINOR, PATCH }

const struct defect defects[] = {
    { .id = DEFECT_MIRROR_SET_LATE, .since = V(3, 0, 0),
      .fixed = { V(3, 0, 8), V(3, 1, 6), V(3, 2, 4), V(3, 3, 3),
                 V(3, 4, 0) },
      .remedy = DEFECT_AVOIDED,
      .what = "a mirror that is added or changed on an existing output port "
              "does not reach established flows",
      .done = "each mirror is made in one transaction with a port of its "
              "own, and changed by making it anew" },
    { .id = DEFECT_MIRROR_REMOVAL_LATE,
      .remedy = DEFECT_AVOIDED,
      .what = "a mirror that is removed alone keeps copying established "
              "flows",
      .done = "mirror and port are removed in one transaction" },
    { .id = DEFECT_TUNNEL_REPLACE,
      .fixed = { V(3, 1, 5), V(3, 2, 3), V(3, 3, 1), V(3, 4, 0) },
      .remedy = DEFECT_AVOIDED,
      .what = "a tunnel port that is replaced by one with the same address "
              "and key in one transaction fails (File exists)",
      .done = "the old one is removed, the new one is made when the switch "
              "has done that" },
    { .id = DEFECT_SNAPLEN_TUNNEL, .userspace_only = true,
      .remedy = DEFECT_REFUSED,
      .what = "the userspace datapath cuts frames after it has put the "
              "tunnel's header on, which makes packets that nobody can "
              "decode",
      .done = "snaplen is done by own capture there" },
    { .id = DEFECT_MIRROR_MODIFIED,
      .fixed = { V(3, 1, 3), V(3, 2, 0) },
      .remedy = DEFECT_TOLD,
      .what = "a packet that OpenFlow changes on its way is copied once, as "
              "it was at the first of the two ports",
      .done = "it is said" },
    { .id = DEFECT_ERSPAN_FIELDS, .userspace_only = true,
      .remedy = DEFECT_TOLD,
      .what = "VLAN, COS, En and T of the ERSPAN header are always 0, and "
              "the index is the same for both directions",
      .done = "it is said, and 'auto' captures by itself" },
    { .id = DEFECT_ERSPAN_COS, .kernel_only = true,
      .remedy = DEFECT_TOLD,
      .what = "COS of the ERSPAN header is from the packet's IP TOS, not "
              "from its VLAN tag, and the index is the same for both "
              "directions",
      .done = "it is said, and 'auto' captures by itself" },
    { .id = DEFECT_TUNNEL_SEQUENCE, .userspace_only = true,
      .fixed = { V(3, 1, 2), V(3, 2, 0) },
      .remedy = DEFECT_TOLD,
      .what = "the GRE sequence number may repeat when several threads of "
              "the switch send",
      .done = "it is said" },
    { .id = DEFECT_PATCH_PORT,
      .remedy = DEFECT_REFUSED,
      .what = "a mirror takes nothing from a patch port",
      .done = "a patch port is refused, and named where it is part of a "
              "bridge" },
    { .id = DEFECT_MIRROR_STATISTICS,
      .remedy = DEFECT_AVOIDED,
      .what = "a mirror has no error: one that is not programmed has no "
              "statistics",
      .done = "a mirror is active only when it has them" },
    { .id = DEFECT_MIRROR_OUTPUT_COUNTED,
      .remedy = DEFECT_TOLD,
      .what = "the switch counts a mirror's copy as an output of the packet",
      .done = "it is said where the bridge has sFlow or NetFlow" },
    { .id = DEFECT_NETFLOW_WIRE,
      .remedy = DEFECT_TOLD,
      .what = "flow_sequence counts wrongly, First is never advanced, "
              "dOctets are of whole frames, input and output are OpenFlow "
              "port numbers, and IPv6 is left out",
      .done = "it is said, and 'auto' captures by itself" },
    { .id = DEFECT_IPFIX_SAMPLING,
      .fixed = { V(3, 2, 0) },
      .remedy = DEFECT_AVOIDED,
      .what = "enable-input-sampling and enable-output-sampling mean the "
              "opposite",
      .done = "neither is ever written" },
    { .id = DEFECT_IPFIX_DOMAIN,
      .fixed = { V(3, 1, 1), V(3, 2, 0) },
      .remedy = DEFECT_AVOIDED,
      .what = "templates are sent for the first observation domain only",
      .done = "a row has one domain" },
    { .id = DEFECT_IPFIX_BOTH_WAYS,
      .remedy = DEFECT_TOLD,
      .what = "a packet gives a record where it enters and another where it "
              "leaves, and counts are scaled by the sampling rate",
      .done = "it is said" },
    { .id = DEFECT_SFLOW_SPEED, .since = V(3, 2, 0),
      .remedy = DEFECT_TOLD,
      .what = "ifSpeed of counter samples is wrong above 4.3 Gb/s",
      .done = "it is said" },
};
const size_t n_defects = ARRAY_SIZE(defects);

const struct defect *
defect_get(enum defect_id id)
{
    for (size_t i = 0; i < n_defects; i++) {
        if (defects[i].id == id) {
            return &defects[i];
        }
    }
    OVS_NOT_REACHED();
}

static int
compare(struct have_version a, struct have_version b)
{
    return (a.major != b.major ? a.major - b.major
            : a.minor != b.minor ? a.minor - b.minor
            : a.patch - b.patch);
}

static bool
same_branch(struct have_version a, struct have_version b)
{
    return a.major == b.major && a.minor == b.minor;
}

static bool
is_fixed(const struct defect *d, struct have_version v)
{
    const struct have_version *last = NULL;

    for (size_t i = 0; i < ARRAY_SIZE(d->fixed) && d->fixed[i].major; i++) {
        last = &d->fixed[i];
        if (same_branch(*last, v)) {
            return compare(v, *last) >= 0;
        }
    }
    return last && compare(v, *last) >= 0;
}

bool
defect_is_in(enum defect_id id, struct have_version v, bool userspace)
{
    const struct defect *d = defect_get(id);

    if ((d->userspace_only && !userspace) || (d->kernel_only && userspace)) {
        return false;
    }
    return !v.major || (compare(v, d->since) >= 0 && !is_fixed(d, v));
}
