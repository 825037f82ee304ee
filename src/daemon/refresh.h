/* refresh.h -- who asks for the counters as they are now.
 *
 * The command reads them in the database, where they are some seconds old; so
 * it asks first, and is answered once they are written.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_REFRESH_H
#define OVSPAN_DAEMON_REFRESH_H 1

#include <stdbool.h>

struct unixctl_conn;

/* Answers 'conn' later. */
void refresh_start(struct unixctl_conn *);
/* True if somebody waits: what is there is to be written. */
bool refresh_is_wanted(void);
/* The transaction of now has it, for all who wait by now. */
void refresh_sent(void);
/* That is committed, and they are answered; or it has to be sent again. */
void refresh_concluded(bool committed);
/* Nothing can be written: all are answered. */
void refresh_give_up(void);

#endif /* daemon/refresh.h */
