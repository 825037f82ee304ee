/* ovs-idl.h -- the private headers of libopenvswitch that speak OVSDB.
 *
 * Only ovsdb/ and the rooms in it may include this; see base/ovs.h for the
 * others.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_OVS_IDL_H
#define OVSPAN_OVSDB_OVS_IDL_H 1

#include "ovsdb-data.h"
#include "ovsdb-idl.h"
#include "ovsdb-idl-provider.h"

#endif /* ovsdb/ovs-idl.h */
