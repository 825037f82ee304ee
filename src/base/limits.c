/* limits.c -- what a process may have at once, and how it is told.  See
 * limits.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "base/limits.h"
#include <errno.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>
#include "base/ovs.h"

void
limits_raise(void)
{
    struct rlimit limit;

    if (!getrlimit(RLIMIT_NOFILE, &limit)) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

bool
limits_may_open(void)
{
    int fd = eventfd(0, EFD_CLOEXEC);

    if (fd >= 0) {
        close(fd);
    }
    return fd >= 0;
}

bool
limits_reached(int error)
{
    return (error == EMFILE || error == ENFILE || error == EAGAIN
            || error == ENOMEM || error == ENOBUFS);
}

char *
limits_strerror(int error)
{
    struct rlimit limit;

    switch (error) {
    case EMFILE:
        if (!getrlimit(RLIMIT_NOFILE, &limit)) {
            return xasprintf("%s: this process may have %"PRIuMAX" (raise "
                             "LimitNOFILE= of its unit, or ulimit -n)",
                             ovs_strerror(error), (uintmax_t) limit.rlim_cur);
        }
        break;
    case ENFILE:
        return xasprintf("%s: this host may have no more (raise fs.file-max)",
                         ovs_strerror(error));
    case EAGAIN:
        return xasprintf("%s: there may be no more threads (raise TasksMax= "
                         "of its unit, or ulimit -u)", ovs_strerror(error));
    }
    return xstrdup(ovs_strerror(error));
}
