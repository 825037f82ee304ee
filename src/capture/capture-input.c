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
    uint32_t magic;             /* The first octets of what is read... */
    size_t n_ahead;             /* ...of which so many were taken from 'gz'
                                 * and not read yet. */
    gzFile gz;
    char *error;                /* What zlib said, or NULL. */
};

static ssize_t
read_gz(void *input_, char *buf, size_t size)
{
    struct capture_input *input = input_;

    if (input->n_ahead) {
        size_t ahead = MIN(size, input->n_ahead);

        memcpy(buf, (uint8_t *) &input->magic + sizeof input->magic
                    - input->n_ahead, ahead);
        input->n_ahead -= ahead;
        return ahead;
    }

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

/* Of less than a whole magic number nothing is kept but that it is there. */
static void
look_ahead(struct capture_input *input)
{
    uint8_t first[sizeof input->magic];
    int n = gzread(input->gz, first, sizeof first);

    if (n > 0) {
        memcpy((uint8_t *) &input->magic + sizeof first - n, first, n);
        input->n_ahead = n;
    }
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
    look_ahead(input);
    file = fopencookie(input, "r", functions);
    if (!file) {
        close_gz(input);
    }
    return file;
}

/* Opens 'fd' as what it is: compressed, or to be read as it stands. */
static FILE *
open_fd(int fd, bool is_stdin, struct capture_input *input)
{
    uint8_t *magic = (uint8_t *) &input->magic;

    if (is_stdin
        || pread(fd, magic, sizeof input->magic, 0) != sizeof input->magic
        || (magic[0] == 0x1f && magic[1] == 0x8b)) {
        input->magic = 0;
        return open_gz(fd, input);
    }
    return fdopen(fd, "r");
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
        input->file = open_fd(fd, is_stdin, input);
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

uint32_t
capture_input_magic(const struct capture_input *input)
{
    return input->magic;
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
