/* capture-input.c -- the bytes of a capture file, compressed or not.
 *
 * Opened by capture.c, read by the kinds for files.  A file that starts with
 * gzip's magic, and standard input, which cannot be looked at twice, are read
 * through zlib, which passes through what is not compressed.
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
    char *name;                 /* For messages. */
    FILE *file;                 /* NULL: it was taken. */
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

struct capture_input *
capture_input_open(const char *path, char **detail)
{
    bool is_stdin = !strcmp(path, "-");
    int fd = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    struct capture_input *input = xzalloc(sizeof *input);

    *detail = NULL;
    input->name = xstrdup(is_stdin ? "standard input" : path);
    if (fd >= 0) {
        input->file = (is_stdin || lseek(fd, 0, SEEK_CUR) < 0 || is_gzip(fd)
                       ? open_gz(fd, input) : fdopen(fd, "r"));
    }
    if (!input->file) {
        *detail = xasprintf("%s: %s", input->name, ovs_strerror(errno));
        capture_input_destroy(input);
        return NULL;
    }
    setvbuf(input->file, NULL, _IOFBF, STDIO_BUFFER);
    return input;
}

const char *
capture_input_name(const struct capture_input *input)
{
    return input->name;
}

FILE *
capture_input_file(struct capture_input *input)
{
    return input->file;
}

FILE *
capture_input_take_file(struct capture_input *input)
{
    FILE *file = input->file;

    input->file = NULL;
    return file;
}

const char *
capture_input_error(const struct capture_input *input)
{
    return input->error;
}

void
capture_input_destroy(struct capture_input *input)
{
    if (input) {
        if (input->file) {
            fclose(input->file);
        }
        free(input->name);
        free(input->error);
        free(input);
    }
}
