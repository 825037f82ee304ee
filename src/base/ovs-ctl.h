/* ovs-ctl.h -- the private headers of libopenvswitch that a command built on
 * db-ctl-base needs.
 *
 * Apart from ovs-daemon.h because db-ctl-base.h turns ovs_fatal() into an
 * error at link time: who includes it is to say ctl_fatal().
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_OVS_CTL_H
#define OVSPAN_BASE_OVS_CTL_H 1

#include "base/ovs-daemon.h"
#include "db-ctl-base.h"

#endif /* base/ovs-ctl.h */
