/* fuzz-json.c -- JSON: any text, and the topology that it may describe.
 *
 * What parses prints as a text that parses to the same.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/ovs.h"
#include "topo/format.h"

static void
load(const struct jsn *json)
{
    struct topo *topo = topo_create("h1");

    topo_from_json(topo, json);
    topo_run(topo);
    jsn_destroy(topo_to_json(topo, NULL, 0));
    topo_destroy(topo);
}

void
fuzz_json(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    char *text = fuzz_string(&in, size);
    struct jsn *json, *again;
    char *error = jsn_parse(text, &json);

    if (!error) {
        char *printed = jsn_to_text(json, false);

        ovs_assert(!jsn_parse(printed, &again));
        char *printed2 = jsn_to_text(again, false);
        ovs_assert(!strcmp(printed, printed2));
        load(json);
        free(printed2);
        free(printed);
        jsn_destroy(again);
    } else {
        ovs_assert(!json);
    }
    jsn_destroy(json);
    free(error);
    free(text);
}
