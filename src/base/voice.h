/* voice.h -- nothing waits without a voice: when a wait is long enough to say
 * for whom it is.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_VOICE_H
#define OVSPAN_BASE_VOICE_H 1

#include <stdbool.h>

struct voice {
    long long int since;        /* time_msec(): of the wait. */
    bool said;
};

void voice_init(struct voice *);
/* True once, when the wait has lasted so long that somebody wonders. */
bool voice_is_due(struct voice *);
/* Seconds of it. */
int voice_seconds(const struct voice *);
/* Wakes poll_block() up when it is due. */
void voice_wait(const struct voice *);

#endif /* base/voice.h */
