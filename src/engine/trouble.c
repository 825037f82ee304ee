/* trouble.c -- why a part of the engine does not work.  See trouble.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/trouble.h"
#include <errno.h>
#include <stdlib.h>
#include "base/limits.h"
#include "base/words.h"

void
trouble_set(struct trouble *t, enum tap_reason reason, char *detail)
{
    t->reason = reason;
    free(t->detail);
    t->detail = detail ? words_cut(detail, WORDS_DETAIL) : NULL;
    free(detail);
}

void
trouble_clear(struct trouble *t)
{
    trouble_set(t, TAP_R_OK, NULL);
}

enum tap_reason
trouble_of_capture(enum capture_error error)
{
    switch (error) {
    case CAPTURE_OK:
        return TAP_R_OK;
    case CAPTURE_NO_PERMISSION:
        return TAP_R_NO_PERMISSION;
    case CAPTURE_NO_DEVICE:
    case CAPTURE_DOWN:
        return TAP_R_NODE_DOWN;
    case CAPTURE_BAD_FILTER:
        return TAP_R_BAD_FILTER;
    case CAPTURE_BAD_LINK:
        return TAP_R_NOT_TAPPABLE;
    case CAPTURE_BAD_FILE:
    case CAPTURE_EOF:
    case CAPTURE_OTHER:
        break;
    }
    return TAP_R_INTERNAL_ERROR;
}

enum tap_reason
trouble_of_errno(int error, enum tap_reason otherwise)
{
    return (error == EPERM || error == EACCES ? TAP_R_NO_PERMISSION
            : limits_reached(error) ? TAP_R_INTERNAL_ERROR
            : otherwise);
}

enum tap_reason
trouble_of_file(int error)
{
    return (error == ENOSPC || error == EDQUOT || error == EFBIG
            ? TAP_R_NO_SPACE : trouble_of_errno(error, TAP_R_INTERNAL_ERROR));
}
