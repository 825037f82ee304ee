/* plugin.h -- the table of exporter classes.
 *
 * To add a protocol: one file here, its line below and in plugin.c, its row in
 * src/target/, its test, its paragraph in the manual.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLUGIN_PLUGIN_H
#define OVSPAN_PLUGIN_PLUGIN_H 1

#include "export/exporter.h"
#include "plugin/memory.h"

extern const struct exporter_class exporter_netflow5_class;
extern const struct exporter_class exporter_netflow9_class;
extern const struct exporter_class exporter_ipfix_class;
extern const struct exporter_class exporter_erspan1_class;
extern const struct exporter_class exporter_erspan2_class;
extern const struct exporter_class exporter_erspan3_class;
extern const struct exporter_class exporter_gre_class;
extern const struct exporter_class exporter_sflow_class;
extern const struct exporter_class exporter_pcap_class;
extern const struct exporter_class exporter_json_class;
extern const struct exporter_class exporter_json_tcp_class;
extern const struct exporter_class exporter_json_file_class;
extern const struct exporter_class exporter_terminal_class;

/* By the name of the target's class; NULL if there is none (yet). */
const struct exporter_class *plugin_find(const char *name);

#endif /* plugin/plugin.h */
