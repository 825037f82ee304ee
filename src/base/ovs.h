/* ovs.h -- the one list of libopenvswitch's private headers that any room may
 * use: data structures, time, logging.
 *
 * OVS promises no stable API for these (its lib/ is private), so what we use
 * is named here and nowhere else; a port to another OVS starts with this
 * file, ovs-daemon.h and ovsdb/ovs-idl.h.  "openvswitch/..." headers are
 * public and are included directly where they are needed.
 *
 * What differs from one OVS to the next is made the same here and in
 * ovs-daemon.h, by what configure has found in the one we are built with.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_OVS_H
#define OVSPAN_BASE_OVS_H 1

#include "bitmap.h"
#include "compiler.h"
#include "coverage.h"
#include "csum.h"
#include "hash.h"
#include "latch.h"
#include "openvswitch/dynamic-string.h"
#include "openvswitch/hmap.h"
#include "openvswitch/list.h"
#include "openvswitch/poll-loop.h"
#include "openvswitch/shash.h"
#include "openvswitch/util.h"
#include "openvswitch/uuid.h"
#include "ovs-atomic.h"
#include "ovs-thread.h"
/* The parameter of a function there (4.0) has the name of a macro of
 * <netinet/ip_icmp.h>, whichever is included first. */
#pragma push_macro("icmp_id")
#undef icmp_id
#include "packets.h"
#pragma pop_macro("icmp_id")
#include "seq.h"
#include "sha1.h"
#include "simap.h"
#include "smap.h"
#include "socket-util.h"
#include "sset.h"
#include "svec.h"
#include "timeval.h"
#include "unicode.h"
#include "util.h"
#include "uuid.h"

#ifdef OVS_IGNORE_IS_OVS_IGNORE
#define ignore(RESULT) ovs_ignore(RESULT)
#endif

#endif /* base/ovs.h */
