/* layers.h -- how the layers of pkt_parse() call each other.
 *
 * Each takes the cursor at the start of its header, fills in what it finds,
 * and returns the verdict of itself and what is above it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PACKET_LAYERS_H
#define OVSPAN_PACKET_LAYERS_H 1

#include "packet/cursor.h"

/* ip.c */
enum pkt_verdict pkt_parse_ipv4(struct pkt_cursor *, struct pkt *);
enum pkt_verdict pkt_parse_ipv6(struct pkt_cursor *, struct pkt *);

/* transport.c: the header of pkt->protocol; not for later fragments. */
enum pkt_verdict pkt_parse_transport(struct pkt_cursor *, struct pkt *);

#endif /* packet/layers.h */
