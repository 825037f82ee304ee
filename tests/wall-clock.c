/* wall-clock.c -- a wall clock that a test can set, for one program.
 *
 * To be preloaded: CLOCK_REALTIME is ahead by as many seconds as the file
 * $WALL_CLOCK says.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long int
ahead(void)
{
    const char *path = getenv("WALL_CLOCK");
    FILE *stream = path ? fopen(path, "re") : NULL;
    long int s = 0;

    if (stream) {
        if (fscanf(stream, "%ld", &s) != 1) {
            s = 0;
        }
        fclose(stream);
    }
    return s;
}

int
clock_gettime(clockid_t id, struct timespec *ts)
{
    int rc = syscall(SYS_clock_gettime, id, ts);

    if (!rc && id == CLOCK_REALTIME) {
        ts->tv_sec += ahead();
    }
    return rc;
}
