/* steps.c -- the table of steps.
 *
 * A new step is a row here and a function in one of the eval-*.c.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/steps.h"
#include <string.h>
#include "base/ovs.h"
#include "query/eval.h"

static const struct query_step_class classes[] = {
    { "V", ARGS_ID, HAND_GRAPH, HAND_NODES, query_run_v },
    { "E", ARGS_ID, HAND_GRAPH, HAND_EDGES, query_run_e },
    { "G", ARGS_BARE, HAND_ELEMENTS, HAND_GRAPH, query_run_g },
    { "Has", ARGS_FILTER, HAND_ELEMENTS, HAND_SAME, query_run_has },
    { "HasKey", ARGS_KEY, HAND_ELEMENTS, HAND_SAME, query_run_has_key },
    { "HasNot", ARGS_KEY, HAND_ELEMENTS, HAND_SAME, query_run_has_not },
    { "HasEither", ARGS_FILTER, HAND_ELEMENTS, HAND_SAME,
      query_run_has_either },
    { "Or", ARGS_CHAINS, HAND_ELEMENTS, HAND_SAME, query_run_or },
    { "Out", ARGS_ANY_FILTER, HAND_NODES, HAND_NODES, query_run_out },
    { "In", ARGS_ANY_FILTER, HAND_NODES, HAND_NODES, query_run_in },
    { "Both", ARGS_ANY_FILTER, HAND_NODES, HAND_NODES, query_run_both },
    { "OutE", ARGS_ANY_FILTER, HAND_NODES, HAND_EDGES, query_run_out_e },
    { "InE", ARGS_ANY_FILTER, HAND_NODES, HAND_EDGES, query_run_in_e },
    { "BothE", ARGS_ANY_FILTER, HAND_NODES, HAND_EDGES, query_run_both_e },
    { "OutV", ARGS_ANY_FILTER, HAND_EDGES, HAND_NODES, query_run_out_v },
    { "InV", ARGS_ANY_FILTER, HAND_EDGES, HAND_NODES, query_run_in_v },
    { "BothV", ARGS_ANY_FILTER, HAND_EDGES, HAND_NODES, query_run_both_v },
    { "Descendants", ARGS_WALK, HAND_NODES, HAND_NODES,
      query_run_descendants },
    { "Ascendants", ARGS_WALK, HAND_NODES, HAND_NODES, query_run_ascendants },
    { "Neighbors", ARGS_WALK, HAND_NODES, HAND_NODES, query_run_neighbors },
    { "ShortestPathTo", ARGS_PATH, HAND_NODES, HAND_NODES,
      query_run_shortest_path_to },
    { "SubGraph", ARGS_NONE, HAND_ELEMENTS, HAND_GRAPH, query_run_sub_graph },
    { "Dedup", ARGS_ANY_KEYS, HAND_ELEMENTS | HAND_VALUES, HAND_SAME,
      query_run_dedup },
    { "Limit", ARGS_NUMBER, HAND_ELEMENTS | HAND_VALUES, HAND_SAME,
      query_run_limit },
    { "Range", ARGS_RANGE, HAND_ELEMENTS | HAND_VALUES, HAND_SAME,
      query_run_range },
    { "Sort", ARGS_SORT, HAND_ELEMENTS, HAND_SAME, query_run_sort },
    { "Count", ARGS_NONE, HAND_ELEMENTS | HAND_VALUES, HAND_NUMBER,
      query_run_count },
    { "Values", ARGS_KEY, HAND_ELEMENTS, HAND_VALUES, query_run_values },
    { "ValueMap", ARGS_ANY_KEYS, HAND_ELEMENTS, HAND_VALUES,
      query_run_value_map },
    { "Keys", ARGS_NONE, HAND_ELEMENTS, HAND_VALUES, query_run_keys },
    { "Sum", ARGS_KEY, HAND_ELEMENTS, HAND_NUMBER, query_run_sum },
    { "As", ARGS_NAME, HAND_NODES, HAND_NODES, query_run_as },
    { "Select", ARGS_NAMES, HAND_NODES, HAND_NODES, query_run_select },
};

const struct query_step_class *
query_step_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
        if (!strcasecmp(classes[i].name, name)) {
            return &classes[i];
        }
    }
    return NULL;
}

const char *
query_step_instead(const char *name)
{
    static const char flows[] = "flows are sent to a collector, as by "
                                "'ovspan add-capture NAME SELECTOR "
                                "ipfix:HOST'";
    static const char now[] = "the topology is that of now; 'ovspan watch' "
                              "prints its changes";
    static const char show[] = "'ovspan show' has what a capture counts";
    static const struct {
        const char *name;
        const char *instead;
    } aliens[] = {
        { "Aggregates", flows }, { "At", now }, { "BPF", flows },
        { "CaptureNode", flows }, { "Context", now }, { "Flows", flows },
        { "Group", flows }, { "Hops", flows }, { "Metrics", show },
        { "NextHop", now }, { "Nodes", flows }, { "RawPackets", flows },
        { "Sockets", flows },
    };

    for (size_t i = 0; i < ARRAY_SIZE(aliens); i++) {
        if (!strcasecmp(aliens[i].name, name)) {
            return aliens[i].instead;
        }
    }
    return NULL;
}

void
query_step_list(struct ds *ds)
{
    for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
        ds_put_format(ds, "%s%s", i ? ", " : "", classes[i].name);
    }
}

void
query_hand_describe(unsigned int hands, struct ds *ds)
{
    static const struct {
        enum query_hand hand;
        const char *name;
    } names[] = {
        { HAND_GRAPH, "the graph" },
        { HAND_NODES, "nodes" },
        { HAND_EDGES, "edges" },
        { HAND_VALUES, "values" },
        { HAND_NUMBER, "a number" },
    };
    const char *separator = "";

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        if (hands & names[i].hand) {
            ds_put_format(ds, "%s%s", separator, names[i].name);
            separator = " or ";
        }
    }
}
