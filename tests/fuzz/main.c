/* main.c -- feeds files to a fuzz target, without libFuzzer.
 *
 * usage: fuzz --target=NAME FILE...
 *
 * Each FILE is given to the target once; a folder is all the files in it.
 * Used by fuzz.at, and to see what a reproducer of 'make fuzz' does in any
 * build.  Prints how many files there were.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/ovs.h"
#include "tests/fuzz/libfuzzer.h"

static int
feed_file(const char *path)
{
    FILE *file = fopen(path, "r");
    struct stat st;

    if (!file || fstat(fileno(file), &st)) {
        ovs_fatal(errno, "%s", path);
    }
    /* Of just that size, so that a read past the end is seen. */
    uint8_t *data = xmalloc(st.st_size);
    size_t n = fread(data, 1, st.st_size, file);
    fclose(file);

    /* Seen if it is the last words. */
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(data, n);
    free(data);
    return 1;
}

static int
feed_folder(const char *path, DIR *dir)
{
    struct dirent *entry;
    int n = 0;

    while ((entry = readdir(dir))) {
        if (entry->d_name[0] != '.') {
            char *name = xasprintf("%s/%s", path, entry->d_name);
            n += feed_file(name);
            free(name);
        }
    }
    return n;
}

int
main(int argc, char *argv[])
{
    int n = 0;

    LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--", 2)) {
            DIR *dir = opendir(argv[i]);

            n += dir ? feed_folder(argv[i], dir) : feed_file(argv[i]);
            if (dir) {
                closedir(dir);
            }
        }
    }
    printf("%d files\n", n);
    return 0;
}
