/* ovs-daemon.h -- the private headers of libopenvswitch that only programs
 * need: daemonising, control sockets, command lines, SSL options.
 *
 * Used by src/daemon and src/cli, and by ovs-ctl.h; see base/ovs.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_OVS_DAEMON_H
#define OVSPAN_BASE_OVS_DAEMON_H 1

#include "command-line.h"
#include "daemon.h"
#include "dirs.h"
#include "fatal-signal.h"
#include "jsonrpc.h"
#include "memory.h"
#include "process.h"
#include "stream-ssl.h"
#include "stream.h"
#include "table.h"
#include "unixctl.h"

#endif /* base/ovs-daemon.h */
