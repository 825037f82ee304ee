/* flows.h -- what the files of 'ovspan flows' share.
 *
 * flows.c asks the daemon and reads records, flows-record.c takes them apart
 * and prints them, flows-table.c adds them up and prints the screen,
 * flows-names.c knows whose addresses are whose.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CLI_FLOWS_H
#define OVSPAN_CLI_FLOWS_H 1

#include <stdbool.h>
#include <stdint.h>
#include "base/ovs.h"

struct jsn;

/* ## flows-names.c: the addresses that the topology knows. ## */

struct flow_names;
/* Nobody's until the first flow_names_load(). */
struct flow_names *flow_names_create(void);
void flow_names_destroy(struct flow_names *);
/* From what the daemon answers to "topology". */
void flow_names_load(struct flow_names *, const struct jsn *topology);
/* Lent until the next load; NULL: nobody's, or of several. */
const char *flow_names_find(const struct flow_names *, const char *address);

/* ## flows-record.c ## */

/* A record, whose texts are lent by its JSON and by the names. */
struct flow_record {
    const char *point;          /* "" if it is not said. */
    const char *start, *end;    /* As in the record. */
    const char *src, *dst;      /* Names, or addresses. */
    const char *src_name, *dst_name;    /* NULL: have none. */
    bool ipv6;
    int64_t protocol;
    int64_t src_port, dst_port; /* -1: have none. */
    int64_t icmp;               /* Type and code; -1: is none. */
    int64_t vlan[2];            /* 0: none. */
    int64_t tcp_flags;          /* -1: is none. */
    int64_t end_reason;
    uint64_t packets, octets;
};

/* 'names' may be NULL. */
void flow_record_parse(struct flow_record *, const struct jsn *,
                       const struct flow_names *);
void flow_protocol_format(int64_t protocol, struct ds *);
/* "TCP 10.1.0.1:41070 -> vm2:5201" */
void flow_key_format(const struct flow_record *, struct ds *);
/* Appends a text of JSON as a line. */
void flow_line_put(struct ds *, const char *json);
/* A line of all. */
void flow_record_format(const struct flow_record *, struct ds *);

/* ## flows-table.c ## */

enum flow_by {
    FLOW_BY_FLOW,
    FLOW_BY_HOST,
    FLOW_BY_PORT,
    FLOW_BY_PROTO,
    FLOW_BY_VLAN,
    FLOW_BY_POINT,
};

struct flow_table;
struct flow_table *flow_table_create(enum flow_by, bool by_packets);
void flow_table_destroy(struct flow_table *);
void flow_table_add(struct flow_table *, const struct flow_record *);
/* What passed in the last 'ms': a heading, and 'rows' rows at most; or, as
 * JSON, an object a line of each.  Begins the next interval. */
void flow_table_print(struct flow_table *, long long int ms, size_t rows,
                      struct ds *);
void flow_table_print_json(struct flow_table *, long long int ms,
                           struct ds *);

#endif /* cli/flows.h */
