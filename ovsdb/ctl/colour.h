/* colour.h -- states in colour, on a terminal.
 *
 * Internal to this room.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_CTL_COLOUR_H
#define OVSPAN_OVSDB_CTL_COLOUR_H 1

struct ds;

/* Colours the words of states in 'output', which is clean, that stand where
 * 'show' puts them. */
void ctl_colour_states(struct ds *output);

#endif /* ovsdb/ctl/colour.h */
