/* extra.h -- what few ask for of a flow: TTLs, labels, priorities, TCP's
 * window and options.
 *
 * Private to the room.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_FLOW_EXTRA_H
#define OVSPAN_FLOW_EXTRA_H 1

#include "flow/record.h"

/* Of the first packet, if 'start', and of each that follows. */
void ftab_extra_update(struct frec_extra *, const struct pkt *, bool start);

#endif /* flow/extra.h */
