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
#define ID(NAME) .id = DEFECT_##NAME, .name = #NAME

const struct defect defects[] = {
    { ID(MIRROR_SET_LATE), .since = V(3, 0, 0),
      .fixed = { V(3, 0, 8), V(3, 1, 6), V(3, 2, 4), V(3, 3, 3),
                 V(3, 4, 0) },
      .remedy = DEFECT_AVOIDED,
      .what = "a mirror that is added or changed on an existing output port "
              "does not reach established flows",
      .done = "each mirror is made in one transaction with a port of its "
              "own, and changed by making it anew" },
    { ID(MIRROR_REMOVAL_LATE),
      .remedy = DEFECT_AVOIDED,
      .what = "a mirror that is removed alone keeps copying established "
              "flows",
      .done = "mirror and port are removed in one transaction" },
    { ID(TUNNEL_REPLACE),
      .fixed = { V(3, 1, 5), V(3, 2, 3), V(3, 3, 1), V(3, 4, 0) },
      .remedy = DEFECT_AVOIDED,
      .what = "a tunnel port that is replaced by one with the same address "
              "and key in one transaction fails (File exists)",
      .done = "the old one is removed, the new one is made when the switch "
              "has done that" },
    { ID(SNAPLEN_TUNNEL), .userspace_only = true,
      .remedy = DEFECT_REFUSED,
      .what = "the userspace datapath cuts frames after it has put the "
              "tunnel's header on, which makes packets that nobody can "
              "decode",
      .done = "snaplen is done by own capture there" },
    { ID(MIRROR_MODIFIED),
      .fixed = { V(3, 1, 3), V(3, 2, 0) },
      .remedy = DEFECT_OWN,
      .what = "a packet that OpenFlow changes on its way is copied once, as "
              "it was at the first of the two ports, and what the switch "
              "answers by itself (ARP, DHCP, ping of a router by OVN) is "
              "missing",
      .done = "'auto' captures by itself" },
    { ID(MIRROR_MODIFIED_TWICE), .since = V(3, 1, 3),
      .remedy = DEFECT_OWN,
      .what = "a packet that OpenFlow changes on its way is copied at each "
              "of the two ports, as it was there",
      .done = "'auto' captures by itself" },
    { ID(MIRROR_METADATA_TWICE), .since = V(3, 1, 3),
      .fixed = { V(3, 1, 6), V(3, 2, 4), V(3, 3, 3), V(3, 4, 1) },
      .remedy = DEFECT_OWN,
      .what = "a packet is copied twice if OpenFlow writes so much as a "
              "register or a tunnel's option on its way, as every pipeline "
              "of OVN and neutron does",
      .done = "'auto' captures by itself" },
    { ID(MIRROR_BOND_TWICE),
      .fixed = { V(3, 3, 8), V(3, 4, 5), V(3, 5, 3), V(3, 6, 2),
                 V(3, 7, 0) },
      .remedy = DEFECT_OWN,
      .what = "a packet that leaves by a bond of mode balance-tcp is copied "
              "twice, and once if it is dropped there",
      .done = "'auto' captures by itself" },
    { ID(MIRROR_ONCE),
      .remedy = DEFECT_OWN,
      .what = "a packet that passes several of the ports is copied once",
      .done = "'auto' captures by itself" },
    { ID(MIRROR_CONTROLLER),
      .remedy = DEFECT_OWN,
      .what = "a packet that goes to the bridge's controller and comes back "
              "is copied each time, so that the first packets of a "
              "conversation are there twice or three times",
      .done = "'auto' captures by itself" },
    { ID(TUNNEL_PORT_COPY), .since = V(3, 0, 0), .userspace_only = true,
      .remedy = DEFECT_OWN,
      .what = "the userspace datapath copies what leaves by a tunnel port "
              "with the tunnel's headers on",
      .done = "own capture behind a mirror takes them off; a mirror that "
              "would end elsewhere is refused" },
    { ID(TUNNEL_BYTES), .userspace_only = true,
      .remedy = DEFECT_TOLD,
      .what = "bytes are counted by the switch with the headers of the "
              "tunnels that copies leave by",
      .done = "it is said, and whose numbers are disturbed" },
    { ID(TSO_ERSPAN), .userspace_only = true,
      .remedy = DEFECT_REFUSED,
      .what = "with other_config:userspace-tso-enable=true of Open_vSwitch "
              "the userspace datapath drops super-frames instead of sending "
              "them by ERSPAN",
      .done = "it is refused while that is set" },
    { ID(TSO_GRE), .userspace_only = true,
      .fixed = { V(3, 5, 0) },
      .remedy = DEFECT_REFUSED,
      .what = "with other_config:userspace-tso-enable=true of Open_vSwitch "
              "the userspace datapath drops super-frames instead of sending "
              "them by GRE",
      .done = "it is refused while that is set" },
    { ID(TSO_SPAN), .userspace_only = true,
      .remedy = DEFECT_TOLD,
      .what = "with other_config:userspace-tso-enable=true of Open_vSwitch "
              "copies are super-frames, as the sender made them, and their "
              "checksums are not finished",
      .done = "it is said while that is set" },
    { ID(SPAN_CHECKSUM), .since = V(3, 2, 0), .userspace_only = true,
      .remedy = DEFECT_TOLD,
      .what = "copies of what the host itself sends have unfinished "
              "transport checksums on a port that OVS makes",
      .done = "it is said; own capture behind a mirror finishes them" },
    { ID(ERSPAN_FIELDS), .userspace_only = true,
      .remedy = DEFECT_TOLD,
      .what = "VLAN, COS, En and T of the ERSPAN header are always 0, and "
              "the index is the same for both directions",
      .done = "it is said, and 'auto' captures by itself" },
    { ID(ERSPAN_COS), .kernel_only = true,
      .remedy = DEFECT_TOLD,
      .what = "COS of the ERSPAN header is from the packet's IP TOS, not "
              "from its VLAN tag, and the index is the same for both "
              "directions",
      .done = "it is said, and 'auto' captures by itself" },
    { ID(TUNNEL_SEQUENCE), .userspace_only = true,
      .fixed = { V(3, 1, 2), V(3, 2, 0) },
      .remedy = DEFECT_TOLD,
      .what = "the GRE sequence number may repeat when several threads of "
              "the switch send",
      .done = "it is said" },
    { ID(PATCH_PORT),
      .remedy = DEFECT_REFUSED,
      .what = "a mirror takes nothing from a patch port",
      .done = "a patch port is refused, and named where it is part of a "
              "bridge" },
    { ID(MIRROR_STATISTICS),
      .remedy = DEFECT_AVOIDED,
      .what = "a mirror has no error: one that is not programmed has no "
              "statistics",
      .done = "a mirror is active only when it has them" },
    { ID(MIRROR_OUTPUT_COUNTED),
      .remedy = DEFECT_TOLD,
      .what = "the switch counts a mirror's copy as an output of the packet",
      .done = "it is said where the bridge has sFlow or NetFlow" },
    { ID(NETFLOW_WIRE),
      .remedy = DEFECT_TOLD,
      .what = "flow_sequence counts wrongly, First is never advanced, "
              "dOctets are of whole frames, input and output are OpenFlow "
              "port numbers, and IPv6 is left out",
      .done = "it is said, and 'auto' captures by itself" },
    { ID(IPFIX_SAMPLING),
      .fixed = { V(3, 2, 0) },
      .remedy = DEFECT_AVOIDED,
      .what = "enable-input-sampling and enable-output-sampling mean the "
              "opposite",
      .done = "neither is ever written" },
    { ID(IPFIX_DOMAIN),
      .fixed = { V(3, 1, 1), V(3, 2, 0) },
      .remedy = DEFECT_AVOIDED,
      .what = "templates are sent for the first observation domain only",
      .done = "a row has one domain" },
    { ID(IPFIX_BOTH_WAYS),
      .remedy = DEFECT_TOLD,
      .what = "a packet gives a record where it enters and another where it "
              "leaves, and counts are scaled by the sampling rate",
      .done = "it is said" },
    { ID(SFLOW_SPEED), .since = V(3, 2, 0),
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
