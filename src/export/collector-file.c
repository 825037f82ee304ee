/* collector-file.c -- a capture file in place of a collector.
 *
 * A kind of collector: collector.c opens it and calls it through its table.
 * Datagrams are copied into a buffer, which is written when it is full and
 * with each flush.
 *
 * A file grows to 'max_bytes', then gets a number and the next one is begun;
 * the lowest numbers go first, so that there are 'max_files' with the current
 * one.  What a run before left behind is numbered too.  A new file is never
 * one that was there before, nor one that a link points to.
 *
 * It has its head from the start, so that whoever looks knows what it is, and
 * goes if nothing came after that.
 *
 * Invariant: a file consists of whole records.  Where there is no space the
 * buffer is lost, counted, and what got to the file of it is cut off again;
 * the next one is tried anew.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/collector-private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/ovs.h"
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(collector_file);

enum {
    BUFFER_SIZE = 1024 * 1024,  /* Bytes; the longest record fits. */
    MAX_HEAD = 24,              /* Of any format; a record is longer. */
};

struct collector_file {
    int dir_fd;
    char *name;                 /* Of the current file. */
    size_t stem_len;            /* Of 'name', without the suffix. */
    uint64_t max_bytes;
    uint64_t max_files;
    bool replace;               /* As in the configuration. */
    int fd;                     /* -1: none is open. */
    uint64_t size;              /* Bytes of whole records in it. */
    uint64_t next;              /* The number that it will get. */
    struct ds head;             /* What every file starts with. */
    uint8_t *buf;               /* BUFFER_SIZE bytes. */
    size_t n;                   /* In use. */
    size_t n_records;           /* In 'buf'. */
};

/* "web.vm1-eth0.3.pcap" */
static char *
numbered_name(const struct collector_file *f, uint64_t number)
{
    return xasprintf("%.*s.%"PRIu64"%s", (int) f->stem_len, f->name, number,
                     f->name + f->stem_len);
}

/* The number in the name of a file, 0 if it is none of ours. */
static uint64_t
number_of(const struct collector_file *f, const char *name)
{
    unsigned long long int number;
    char *end;

    if (strncmp(name, f->name, f->stem_len) || name[f->stem_len] != '.'
        || name[f->stem_len + 1] < '1' || name[f->stem_len + 1] > '9') {
        return 0;
    }
    number = strtoull(&name[f->stem_len + 1], &end, 10);
    return strcmp(end, f->name + f->stem_len) ? 0 : number;
}

/* Removes numbered files that are too many, and finds the next number. */
static int
look_around(struct collector_file *f, bool only_number)
{
    int fd = openat(f->dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    struct dirent *entry;

    if (!dir) {
        int error = errno;

        if (fd >= 0) {
            close(fd);
        }
        return error;
    }
    while ((entry = readdir(dir))) {
        uint64_t number = number_of(f, entry->d_name);

        if (only_number) {
            f->next = MAX(f->next, number + 1);
        } else if (number && number + f->max_files <= f->next) {
            unlinkat(f->dir_fd, entry->d_name, 0);
        }
    }
    closedir(dir);
    return 0;
}

/* Gives the current file, if there is one with records, its number. */
static int
set_aside(struct collector_file *f)
{
    char *name = numbered_name(f, f->next);
    struct stat st;
    int error;

    if (!fstatat(f->dir_fd, f->name, &st, AT_SYMLINK_NOFOLLOW)
        && S_ISREG(st.st_mode) && st.st_size <= MAX_HEAD) {
        unlinkat(f->dir_fd, f->name, 0);
    }
    error = renameat(f->dir_fd, f->name, f->dir_fd, name) ? errno : 0;

    free(name);
    if (!error) {
        f->next++;
    }
    return error == ENOENT ? 0 : error;
}

static int
write_all(struct collector_file *f, const void *data, size_t n)
{
    const uint8_t *p = data;

    while (n) {
        ssize_t written = write(f->fd, p, n);

        if (written < 0 && errno != EINTR) {
            return errno;
        } else if (written > 0) {
            p += written;
            n -= written;
        }
    }
    return 0;
}

static void
close_file(struct collector_file *f)
{
    if (f->fd >= 0) {
        close(f->fd);
    }
    f->fd = -1;
}

static int
begin_file(struct collector_file *f)
{
    close_file(f);
    f->size = 0;
    f->fd = openat(f->dir_fd, f->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
                                       | O_CLOEXEC, 0600);
    return f->fd < 0 ? errno : 0;
}

static int
begin_next_file(struct collector_file *f)
{
    close_file(f);
    int error = set_aside(f);

    if (!error) {
        look_around(f, false);
        error = begin_file(f);
    }
    return error;
}

static bool
has_records(const struct collector_file *f)
{
    return f->size > f->head.length;
}

/* Notes how a write went. */
static void
note_error(struct collector *c, int error, bool checked)
{
    collector_set(c, CC_FILE_CHECKED, checked);
    collector_set(c, CC_FILE_ERROR, error);
}

/* Cuts off what is no whole record; a file that cannot be cut is left. */
static void
cut_off(struct collector_file *f)
{
    if (f->fd >= 0 && (ftruncate(f->fd, f->size)
                       || lseek(f->fd, f->size, SEEK_SET) < 0)) {
        close_file(f);
        set_aside(f);
    }
}

/* Opens the file and writes its head, if that is still to be done. */
static int
write_head(struct collector_file *f)
{
    int error = f->fd < 0 ? begin_file(f) : 0;

    if (!error && !f->size) {
        error = write_all(f, f->head.string, f->head.length);
        f->size = error ? 0 : f->head.length;
    }
    return error;
}

/* Writes the buffer, or loses it. */
static void
write_buffer(struct collector *c)
{
    static struct vlog_rate_limit rl = VLOG_RATE_LIMIT_INIT(1, 5);
    struct collector_file *f = c->file;
    int space = collector_check_space(c);
    int error = space ? space : write_head(f);

    if (!error) {
        error = write_all(f, f->buf, f->n);
    }
    if (!error) {
        f->size += f->n;
        collector_add(c, CC_SENT_DATAGRAMS, f->n_records);
        collector_add(c, CC_SENT_BYTES, f->n);
    } else {
        VLOG_WARN_RL(&rl, "%s: %"PRIuSIZE" records are lost: %s", f->name,
                     f->n_records, ovs_strerror(error));
        collector_add(c, CC_OTHER, f->n_records);
        cut_off(f);
    }
    note_error(c, error, space != 0);
    f->n = f->n_records = 0;
}

/* What every file begins with.  That of the current one is another while
 * nothing follows it. */
static void
set_head(struct collector *c, const void *head, size_t n)
{
    struct collector_file *f = c->file;
    bool anew = !has_records(f) && !f->n;
    int space = collector_check_space(c);

    ds_clear(&f->head);
    ds_put_buffer(&f->head, head, n);
    if (anew) {
        int error;

        f->size = 0;
        cut_off(f);
        error = space ? space : write_head(f);
        cut_off(f);
        note_error(c, error, space != 0);
    }
}

static void
file_flush(struct exporter_output *output)
{
    struct collector *c = CONTAINER_OF(output, struct collector, output);

    if (c->file->n) {
        write_buffer(c);
    }
}

static void
put_record(struct collector *c, const struct exporter_dgram *dgram, size_t n)
{
    struct collector_file *f = c->file;

    if (f->n + n > BUFFER_SIZE) {
        write_buffer(c);
    }
    /* A file has one record at least. */
    if (MAX(f->size, f->head.length) + f->n + n > f->max_bytes) {
        file_flush(&c->output);
        if (has_records(f) && begin_next_file(f)) {
            collector_add(c, CC_OTHER, 1);
            return;
        }
    }
    for (size_t i = 0; i < EXPORTER_MAX_IOV; i++) {
        if (dgram->iov[i].iov_len) {
            memcpy(f->buf + f->n, dgram->iov[i].iov_base,
                   dgram->iov[i].iov_len);
            f->n += dgram->iov[i].iov_len;
        }
    }
    f->n_records++;
}

static void
file_send(struct exporter_output *output, const struct exporter_dgram *dgrams,
          size_t n)
{
    struct collector *c = CONTAINER_OF(output, struct collector, output);

    for (size_t i = 0; i < n; i++) {
        const struct exporter_dgram *dgram = &dgrams[i];
        size_t size = 0;

        for (size_t j = 0; j < EXPORTER_MAX_IOV; j++) {
            size += dgram->iov[j].iov_len;
        }
        if (dgram->head) {
            set_head(c, dgram->iov[0].iov_base, dgram->iov[0].iov_len);
        } else if (size > BUFFER_SIZE) {
            collector_add(c, CC_EMSGSIZE, 1);
        } else {
            put_record(c, dgram, size);
        }
    }
}

/* Removes a file of a user's own that is to be written anew. */
static int
remove_old(const struct collector_file *f)
{
    struct stat st;

    if (fstatat(f->dir_fd, f->name, &st, AT_SYMLINK_NOFOLLOW)) {
        return errno == ENOENT ? 0 : errno;
    } else if (!S_ISREG(st.st_mode)) {
        return EEXIST;
    }
    return unlinkat(f->dir_fd, f->name, 0) ? errno : 0;
}

static int
open_directory(struct collector_file *f,
               const struct collector_file_conf *conf)
{
    if (conf->make_dir && mkdir(conf->dir, 0700) && errno != EEXIST) {
        return errno;
    }
    f->dir_fd = open(conf->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC
                                | (conf->make_dir ? O_NOFOLLOW : 0));
    return f->dir_fd < 0 ? errno : 0;
}

static int
open_file(struct collector *c, const struct collector_file_conf *conf)
{
    struct collector_file *f = c->file;
    int error = open_directory(f, conf);

    c->dir_fd = f->dir_fd;
    c->quota = conf->quota;
    /* Something to poll: of files nothing is ever to be waited for. */
    c->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (!error && c->fd < 0) {
        error = errno;
    }
    if (!error) {
        error = look_around(f, true);
    }
    if (!error) {
        error = conf->replace ? remove_old(f) : set_aside(f);
    }
    if (!error) {
        look_around(f, false);
        error = collector_check_space(c);
        error = error ? error : begin_file(f);
    }
    return error;
}

int
collector_file_open(struct collector *c,
                    const struct collector_file_conf *conf)
{
    struct collector_file *f = c->file = xzalloc(sizeof *f);
    size_t n = strlen(conf->name), n_suffix = strlen(conf->suffix);
    bool has_suffix = (n > n_suffix
                       && !strcmp(conf->name + n - n_suffix,
                                  conf->suffix));

    f->dir_fd = f->fd = -1;
    f->name = xstrdup(conf->name);
    f->stem_len = has_suffix ? n - n_suffix : n;
    f->max_bytes = conf->max_bytes;
    f->max_files = conf->max_files;
    f->replace = conf->replace;
    f->next = 1;
    f->buf = xmalloc(BUFFER_SIZE);
    return open_file(c, conf);
}

static void
file_close(struct collector *c)
{
    struct collector_file *f = c->file;

    if (f->fd >= 0) {
        file_flush(&c->output);
    }
    if (f->fd >= 0 && !f->replace && !has_records(f)) {
        unlinkat(f->dir_fd, f->name, 0);        /* It would say nothing. */
    }
    close_file(f);
    if (f->dir_fd >= 0) {
        close(f->dir_fd);
    }
    ds_destroy(&f->head);
    free(f->buf);
    free(f->name);
    free(f);
}

/* Nothing comes back from a file. */
static void
file_run(struct collector *c OVS_UNUSED, uint64_t now_us OVS_UNUSED)
{
}

const struct collector_kind collector_file_kind = {
    .send = file_send,
    .flush = file_flush,
    .run = file_run,
    .close = file_close,
};
