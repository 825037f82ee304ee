/* files.h -- the capture files of this host: no more than their bound, and
 * none of a capture that is gone.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_FILES_H
#define OVSPAN_DAEMON_FILES_H 1

struct db;
struct engine;
struct files;
struct want;

struct files *files_create(void);
void files_destroy(struct files *);

/* Looks, now and then, at what there is: removes what no capture of 'want'
 * writes any more, and the oldest while there is too much; stops the writers
 * when that is not enough. */
void files_run(struct files *, const struct db *, const struct want *,
               struct engine *);
void files_wait(const struct files *);
/* Captures have changed. */
void files_look_soon(struct files *);

#endif /* daemon/files.h */
