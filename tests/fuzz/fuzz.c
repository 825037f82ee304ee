/* fuzz.c -- the list of fuzz targets.
 *
 * Called by main.c or by libFuzzer, which is told the target by --target=NAME.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include "base/ovs.h"
#include "openvswitch/vlog.h"
#include "tests/fuzz/libfuzzer.h"

static const struct fuzz_target targets[] = {
    { "export", fuzz_export },
    { "file", fuzz_file },
    { "filter", fuzz_filter },
    { "flow", fuzz_flow },
    { "json", fuzz_json },
    { "kernel", fuzz_kernel },
    { "ovs", fuzz_ovs },
    { "own", fuzz_own },
    { "packet", fuzz_packet },
    { "query", fuzz_query },
    { "record", fuzz_record },
    { "segments", fuzz_segments },
    { "target", fuzz_target },
};
static const struct fuzz_target *target;        /* Of this process. */

const struct fuzz_target *
fuzz_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
        if (!strcmp(targets[i].name, name)) {
            return &targets[i];
        }
    }
    return NULL;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const char option[] = "--target=";

    for (int i = 1; i < *argc; i++) {
        if (!strncmp((*argv)[i], option, strlen(option))) {
            target = fuzz_find((*argv)[i] + strlen(option));
        }
    }
    if (!target) {
        ovs_fatal(0, "--target=NAME is needed; the names are the folders of "
                  "tests/fuzz/corpus");
    }
    vlog_set_levels(NULL, VLF_ANY_DESTINATION, VLL_OFF);
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    target->run(data, size);
    return 0;
}
