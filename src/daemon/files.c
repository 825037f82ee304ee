/* files.c -- the capture files of this host.  See files.h.
 *
 * A file is NAME.TAP.pcap, or NAME.TAP.N.pcap once it is full: NAME is what a
 * target says, and files of a name that no target says any more go, unless
 * they are to be kept (OVSpan_Global's options:captures-keep).  What has
 * another form is somebody else's, and is not touched.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/files.h"
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "base/dirs.h"
#include "base/ovs.h"
#include "engine/engine.h"
#include "openvswitch/vlog.h"
#include "ovsdb/db/db.h"

VLOG_DEFINE_THIS_MODULE(files);

enum {
    LOOK_MS = 5000,
    DEFAULT_PART = 10,          /* One part in so many of the file system. */
    HASH_LEN = 8,               /* Digits at the end of TAP. */
};

struct file {
    char *name;
    time_t mtime;
    uint64_t size;
    bool numbered;              /* Nobody writes it any more. */
};

struct files {
    long long int next_look;    /* time_msec(). */
    bool full;
};

struct files *
files_create(void)
{
    return xzalloc(sizeof(struct files));
}

void
files_destroy(struct files *files)
{
    free(files);
}

/* ## Names. ## */

/* Cuts the last part, behind a dot, off 'name', and returns it or NULL. */
static char *
cut_part(char *name)
{
    char *dot = strrchr(name, '.');

    if (!dot || dot == name) {
        return NULL;
    }
    *dot = '\0';
    return dot + 1;
}

static bool
is_number(const char *s)
{
    return s[0] >= '1' && s[0] <= '9' && !s[strspn(s, "0123456789")];
}

/* True for what a tap is called in a name: it ends in a dash and a hash. */
static bool
is_tap(const char *s)
{
    size_t len = strlen(s);
    const char *hash = s + len - HASH_LEN;

    return (len > HASH_LEN && hash[-1] == '-'
            && strspn(hash, "0123456789abcdef") == HASH_LEN);
}

/* The NAME of a file of ours, which the caller frees, or NULL. */
static char *
target_name(const char *file, bool *numbered)
{
    char *name = xstrdup(file);
    char *suffix = cut_part(name);
    char *part = (suffix && (!strcmp(suffix, "pcap")
                             || !strcmp(suffix, "json"))
                  ? cut_part(name) : NULL);

    *numbered = part && is_number(part);
    if (*numbered) {
        part = cut_part(name);
    }
    if (!part || !is_tap(part)) {
        free(name);
        name = NULL;
    }
    return name;
}

/* The addresses of all targets, of a wrong one too: somebody may be about to
 * correct it. */
static void
put_names(struct sset *names, const struct want *want)
{
    for (size_t i = 0; i < want->n; i++) {
        for (size_t j = 0; j < want->captures[i].n_targets; j++) {
            const char *text = want->captures[i].targets[j].text;
            const char *address = text + strcspn(text, ":");
            char *name;

            address += *address == ':';
            name = xmemdup0(address, strcspn(address, ","));
            sset_add(names, name);
            free(name);
        }
    }
}

/* ## Looking. ## */

static int
compare_age(const void *a_, const void *b_)
{
    const struct file *a = a_;
    const struct file *b = b_;

    return (a->mtime != b->mtime ? (a->mtime < b->mtime ? -1 : 1)
            : strcmp(a->name, b->name));
}

/* The files of ours in 'dir' that belong to 'names', or to anybody if that is
 * NULL; others of ours go.  The caller frees them. */
static struct file *
read_files(DIR *dir, const struct sset *names, size_t *n)
{
    struct file *files = NULL;
    size_t allocated = 0;
    struct dirent *entry;

    *n = 0;
    while ((entry = readdir(dir))) {
        bool numbered;
        char *name = target_name(entry->d_name, &numbered);
        struct stat st;

        if (name && !fstatat(dirfd(dir), entry->d_name, &st,
                             AT_SYMLINK_NOFOLLOW) && S_ISREG(st.st_mode)) {
            if (names && !sset_contains(names, name)) {
                VLOG_INFO("%s: removed with its capture", entry->d_name);
                unlinkat(dirfd(dir), entry->d_name, 0);
            } else {
                if (*n >= allocated) {
                    files = x2nrealloc(files, &allocated, sizeof *files);
                }
                files[(*n)++] = (struct file) {
                    xstrdup(entry->d_name), st.st_mtime, st.st_size, numbered
                };
            }
        }
        free(name);
    }
    return files;
}

static uint64_t
find_bound(const struct db *db, int dir_fd)
{
    const char *text = db_option(db, "captures-max-bytes");
    struct statvfs fs;
    long long int bound;

    if (text && str_to_llong(text, 10, &bound) && bound > 0) {
        return bound;
    }
    return (fstatvfs(dir_fd, &fs) ? UINT64_MAX
            : (uint64_t) fs.f_blocks * fs.f_frsize / DEFAULT_PART);
}

/* Removes what is oldest while there is more than 'bound'.  True: there still
 * is. */
static bool
make_room(int dir_fd, struct file *files, size_t n, uint64_t bound)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < n; i++) {
        sum += files[i].size;
    }
    if (n) {
        qsort(files, n, sizeof *files, compare_age);
    }
    for (size_t i = 0; i < n && sum > bound; i++) {
        if (files[i].numbered && !unlinkat(dir_fd, files[i].name, 0)) {
            VLOG_INFO("%s: removed, as all capture files have a bound of "
                      "%"PRIu64" bytes", files[i].name, bound);
            sum -= files[i].size;
        }
    }
    return sum > bound;
}

static bool
look(DIR *dir, const struct db *db, const struct want *want)
{
    const char *keep = db_option(db, "captures-keep");
    struct sset names = SSET_INITIALIZER(&names);
    struct file *files;
    bool full;
    size_t n;

    put_names(&names, want);
    files = read_files(dir, keep && !strcmp(keep, "true") ? NULL : &names,
                       &n);
    full = make_room(dirfd(dir), files, n, find_bound(db, dirfd(dir)));
    for (size_t i = 0; i < n; i++) {
        free(files[i].name);
    }
    free(files);
    sset_destroy(&names);
    return full;
}

void
files_run(struct files *files, const struct db *db, const struct want *want,
          struct engine *engine)
{
    char *path;
    DIR *dir;
    bool full;

    if (time_msec() < files->next_look) {
        return;
    }
    files->next_look = time_msec() + LOOK_MS;
    path = xasprintf("%s/captures", dirs_db());
    dir = opendir(path);
    free(path);
    full = dir && look(dir, db, want);
    if (dir) {
        closedir(dir);
    }
    if (full != files->full) {
        files->full = full;
        engine_set_files_full(engine, full);
    }
}

void
files_wait(const struct files *files)
{
    poll_timer_wait_until(files->next_look);
}

void
files_look_soon(struct files *files)
{
    files->next_look = 0;
}
