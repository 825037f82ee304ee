/* topo-script.h -- a topology from lines of text, for tests.
 *
 * One input a line, as the kernel or OVS would say it:
 *
 *   host-netns COOKIE            switch-netns COOKIE
 *   netns COOKIE NAME            del-netns COOKIE
 *   link COOKIE:IFINDEX NAME KIND [down] [mac=MAC] [peer=COOKIE:IFINDEX]
 *        [parent=COOKIE:IFINDEX] [master=IFINDEX] [mtu=MTU]
 *   del-link COOKIE:IFINDEX      move COOKIE:IFINDEX COOKIE:IFINDEX
 *   bridge ROW NAME [controller=TARGET] [managed=BY]
 *   port ROW BRIDGE-ROW NAME [bond=MODE] [tag=VLAN] [trunks=VLAN,...]
 *   (each of these and intf: ext.KEY=VALUE, its external ids; intf:
 *   opt.KEY=VALUE, its options)
 *   intf ROW PORT-ROW NAME TYPE [ifindex=N] [mac=MAC] [attached=MAC]
 *        [peer=NAME]
 *   mirror ROW OUTPUT-ROW SELECTED-ROW...       del ROW
 *   begin-netns COOKIE   end-netns COOKIE   begin-ovs   end-ovs
 *
 * ROW is a small number.  Used by test-topo, test-plan and others.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_TESTS_TOPO_SCRIPT_H
#define OVSPAN_TESTS_TOPO_SCRIPT_H 1

#include "topo/topo.h"

/* Exits with a message on a line that is not understood. */
void topo_script_line(struct topo *, const char *line);
/* Nodes, then edges, a line each, in stable order. */
void topo_script_print(const struct topo *, struct ds *);

#endif /* tests/topo-script.h */
