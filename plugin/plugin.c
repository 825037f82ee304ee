/* plugin.c -- the table of exporter classes.
 *
 * Called when a tap is opened and by `replay`.  The one place that names every
 * class; a class itself lives in its own file, with everything else static.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/plugin.h"

#include <string.h>
#include "base/ovs.h"

static const struct exporter_class *const classes[] = {
    &exporter_netflow5_class,
    &exporter_netflow9_class,
    &exporter_ipfix_class,
    &exporter_erspan1_class,
    &exporter_erspan2_class,
    &exporter_erspan3_class,
    &exporter_gre_class,
    &exporter_sflow_class,
    &exporter_pcap_class,
    &exporter_json_class,
    &exporter_json_tcp_class,
    &exporter_json_file_class,
    &exporter_terminal_class,
};

const struct exporter_class *
plugin_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
        if (!strcmp(classes[i]->name, name)) {
            return classes[i];
        }
    }
    return NULL;
}
