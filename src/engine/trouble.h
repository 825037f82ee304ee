/* trouble.h -- why a part of the engine does not work: a reason as users read
 * it, and a sentence.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_ENGINE_TROUBLE_H
#define OVSPAN_ENGINE_TROUBLE_H 1

#include "capture/capture.h"
#include "plan/tap.h"

/* A failure, or none. */
struct trouble {
    enum tap_reason reason;     /* TAP_R_OK: none. */
    char *detail;               /* A sentence, or NULL. */
};
/* Takes 'detail'. */
void trouble_set(struct trouble *, enum tap_reason, char *detail);
void trouble_clear(struct trouble *);

enum tap_reason trouble_of_capture(enum capture_error);
/* Of what was to be opened, or the namespace that it was to be opened in. */
enum tap_reason trouble_of_errno(int error, enum tap_reason otherwise);
/* Of a file that was to be written. */
enum tap_reason trouble_of_file(int error);

#endif /* engine/trouble.h */
