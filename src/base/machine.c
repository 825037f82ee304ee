/* machine.c -- this machine by a stamp that stays, and who runs on it.
 *
 * Called by the daemon, which tells the stamp, and by the command, which
 * compares it.  See machine.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "base/machine.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/dirs.h"
#include "base/ovs.h"

/* Puts the first line of a file.  False: it has none. */
static bool
put_line(struct ds *ds, const char *path)
{
    FILE *stream = fopen(path, "r");
    bool ok = stream && !ds_get_line(ds, stream) && ds->length;

    if (stream) {
        fclose(stream);
    }
    return ok;
}

char *
machine_stamp(void)
{
    struct ds text = DS_EMPTY_INITIALIZER;
    uint8_t digest[SHA1_DIGEST_SIZE];
    char hex[SHA1_HEX_DIGEST_LEN + 1];

    if (!put_line(&text, "/etc/machine-id")) {
        put_line(&text, "/proc/sys/kernel/random/boot_id");
    }
    ds_put_format(&text, "\n%s", dirs_ovs_run());
    sha1_bytes(text.string, text.length, digest);
    sha1_to_hex(digest, hex);
    ds_destroy(&text);
    return xmemdup0(hex, 16);
}

bool
machine_is_daemon_gone(const char *pidfile)
{
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    int fd = open(pidfile, O_RDONLY | O_CLOEXEC);
    bool gone;

    if (fd < 0) {
        return errno == ENOENT;
    }
    gone = !fcntl(fd, F_GETLK, &lock) && lock.l_type == F_UNLCK;
    close(fd);
    return gone;
}
