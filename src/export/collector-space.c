/* collector-space.c -- whether there is space for one more piece of a capture
 * file.
 *
 * Called before each write, and by who asks how a file is doing, in whatever
 * thread.  What others need is more important than what we record: of a file
 * system a tenth stays free, and all files of a host have one bound, of which
 * its control thread tells whether it is reached.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/collector-private.h"
#include <errno.h>
#include <sys/statvfs.h>
#include "base/ovs.h"

int
collector_check_space(const struct collector *c)
{
    struct statvfs fs;
    bool full;

    if (!c->quota) {
        return 0;               /* A file of a user's own. */
    }
    atomic_read_relaxed(&CONST_CAST(struct collector_quota *, c->quota)->full,
                        &full);
    return (full ? EDQUOT
            : !fstatvfs(c->dir_fd, &fs)
              && fs.f_bavail < fs.f_blocks / COLLECTOR_FREE_PART ? ENOSPC
            : 0);
}

int
collector_file_error(const struct collector *c)
{
    int error = collector_get(c, CC_FILE_ERROR);
    bool checked = collector_get(c, CC_FILE_CHECKED);

    /* For want of space nothing is tried: that may have come, or be over,
     * since the last write. */
    return error && !checked ? error : collector_check_space(c);
}
