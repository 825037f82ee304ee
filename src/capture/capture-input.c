/* capture-input.c -- the bytes of a capture file, compressed or not.
 *
 * Called by capture-file.c.  A file that starts with gzip's magic, and
 * standard input, which cannot be looked at twice, are read through zlib,
 * which passes through what is not compressed.
 *
 * Invariant: a stream that was torn or is damaged ends with an error, not as
 * if it had ended.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-private.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include "base/ovs.h"

enum {
    GZIP_BUFFER = 256 * 1024,
    STDIO_BUFFER = 64 * 1024,
};

struct capture_input {
    gzFile gz;
    char *error;                /* What zlib said, or NULL. */
};

static ssize_t
read_gz(void *input_, char *buf, size_t size)
{
    struct capture_input *input = input_;
    int n = gzread(input->gz, buf, MIN(size, INT_MAX));
    const char *message;
    int error = 0;

    if (n > 0) {
        return n;
    }
    message = gzerror(input->gz, &error);
    if (n == 0 && (error == Z_OK || error == Z_STREAM_END)) {
        return 0;
    }
    if (error == Z_ERRNO) {
        return -1;
    }
    free(input->error);
    input->error = (error == Z_BUF_ERROR
                    ? xstrdup("the compressed data ends too early")
                    : xasprintf("the compressed data is damaged (%s)",
                                message));
    errno = EIO;
    return -1;
}

static int
close_gz(void *input_)
{
    struct capture_input *input = input_;

    gzclose_r(input->gz);
    input->gz = NULL;
    return 0;
}

static FILE *
open_gz(int fd, struct capture_input *input)
{
    static const cookie_io_functions_t functions = {
        .read = read_gz, .close = close_gz,
    };
    FILE *file;

    input->gz = gzdopen(fd, "rb");
    if (!input->gz) {
        close(fd);
        errno = ENOMEM;
        return NULL;
    }
    gzbuffer(input->gz, GZIP_BUFFER);
    file = fopencookie(input, "r", functions);
    if (!file) {
        close_gz(input);
    }
    return file;
}

/* True if 'fd' can be read from the start again and has gzip's magic. */
static bool
is_gzip(int fd)
{
    uint8_t magic[2];

    return pread(fd, magic, sizeof magic, 0) == sizeof magic
           && magic[0] == 0x1f && magic[1] == 0x8b;
}

FILE *
capture_input_open(const char *path, struct capture_input **inputp)
{
    bool is_stdin = !strcmp(path, "-");
    int fd = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    struct capture_input *input;
    FILE *file;

    *inputp = NULL;
    if (fd < 0) {
        return NULL;
    }
    input = xzalloc(sizeof *input);
    file = (is_stdin || lseek(fd, 0, SEEK_CUR) < 0 || is_gzip(fd)
            ? open_gz(fd, input) : fdopen(fd, "r"));
    if (file) {
        setvbuf(file, NULL, _IOFBF, STDIO_BUFFER);
        *inputp = input;
    } else {
        free(input);
    }
    return file;
}

const char *
capture_input_error(const struct capture_input *input)
{
    return input ? input->error : NULL;
}

void
capture_input_destroy(struct capture_input *input)
{
    if (input) {
        free(input->error);
        free(input);
    }
}
