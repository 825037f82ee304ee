/* rows.h -- one row of Open_vSwitch, in the topology's words.
 *
 * Included by ovsdb/db only.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_DB_ROWS_H
#define OVSPAN_OVSDB_DB_ROWS_H 1

#include "base/ovs.h"
#include "ovsdb/vswitch-idl.h"

struct topo;

/* Adds the columns that the others read. */
void db_topo_monitor(struct ovsdb_idl *);

/* What Open_vSwitch says of the host; NULL: nothing. */
void db_put_host(struct topo *, const struct vswrec_open_vswitch *);
void db_put_bridge(struct topo *, const struct vswrec_bridge *,
                   const struct vswrec_open_vswitch *);
void db_put_port(struct topo *, const struct vswrec_port *,
                 const struct uuid *bridge);
void db_put_intf(struct topo *, const struct vswrec_interface *,
                 const struct uuid *port);
/* A mirror of 'br'. */
void db_put_mirror(struct topo *, const struct vswrec_mirror *,
                   const struct vswrec_bridge *br);

#endif /* ovsdb/db/rows.h */
