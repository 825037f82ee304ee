/* netns.c -- which network namespace this is, and how to go to another.  See
 * netns.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "base/netns.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

int
netns_cookie(uint64_t *cookie)
{
    socklen_t len = sizeof *cookie;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0) {
        return errno;
    }
    int error = getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, cookie, &len)
                ? errno : 0;
    close(fd);
    return error;
}

int
netns_enter(int fd, uint64_t cookie)
{
    uint64_t here = 0;

    if (fd >= 0 && setns(fd, CLONE_NEWNET)) {
        return errno;
    }
    int error = cookie ? netns_cookie(&here) : 0;
    return error ? error : here == cookie ? 0 : ESTALE;
}

int
netns_enter_path(const char *path, uint64_t cookie)
{
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

    if (path && fd < 0) {
        return errno;
    }
    int error = netns_enter(fd, cookie);
    if (fd >= 0) {
        close(fd);
    }
    return error;
}
