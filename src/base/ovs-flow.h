/* ovs-flow.h -- the private headers of libopenvswitch that parse packets.
 *
 * Used by tests only, which compare what we parse with what OVS parses; see
 * base/ovs.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_OVS_FLOW_H
#define OVSPAN_BASE_OVS_FLOW_H 1

#include "dp-packet.h"
#include "flow.h"

#endif /* base/ovs-flow.h */
