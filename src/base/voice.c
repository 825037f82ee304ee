/* voice.c -- when a wait is long enough to say for whom it is.  See voice.h.
 *
 * Called by whoever waits in the command; what is said is theirs.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "base/voice.h"
#include "base/ovs.h"

enum { VOICE_MS = 3000 };

void
voice_init(struct voice *voice)
{
    voice->since = time_msec();
    voice->said = false;
}

bool
voice_is_due(struct voice *voice)
{
    if (voice->said || time_msec() - voice->since < VOICE_MS) {
        return false;
    }
    voice->said = true;
    return true;
}

int
voice_seconds(const struct voice *voice)
{
    return (time_msec() - voice->since) / 1000;
}

void
voice_wait(const struct voice *voice)
{
    if (!voice->said) {
        poll_timer_wait_until(voice->since + VOICE_MS);
    }
}
