/* flows-table.c -- who talks most: records added up, and the screen of it.
 *
 * Called by flows.c.  Rows are told apart by point and by what the user asked
 * for; they have what passed since the table was made, and what of it in the
 * interval that is printed next.
 *
 * Invariant: there are MAX_ROWS rows at most, and every record is in one, or
 * in the sum of the others.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/flows.h"
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/words.h"

enum { MAX_ROWS = 100000 };

struct row {
    struct hmap_node node;      /* In a table's 'rows', by the next two. */
    char *point;
    char *key;
    uint64_t packets, octets;   /* Since it is there. */
    uint64_t new_packets, new_octets;   /* Of this interval. */
};

struct flow_table {
    enum flow_by by;
    bool by_packets;            /* What is first; else octets. */
    struct hmap rows;
    struct row others;          /* What had no room. */
};

static const char *const by_names[] = {
    [FLOW_BY_FLOW] = "flow",
    [FLOW_BY_HOST] = "host",
    [FLOW_BY_PORT] = "port",
    [FLOW_BY_PROTO] = "proto",
    [FLOW_BY_VLAN] = "vlan",
    [FLOW_BY_POINT] = "point",
};

struct flow_table *
flow_table_create(enum flow_by by, bool by_packets)
{
    struct flow_table *t = xzalloc(sizeof *t);

    t->by = by;
    t->by_packets = by_packets;
    hmap_init(&t->rows);
    return t;
}

static void
remove_row(struct flow_table *t, struct row *row)
{
    hmap_remove(&t->rows, &row->node);
    free(row->point);
    free(row->key);
    free(row);
}

void
flow_table_destroy(struct flow_table *t)
{
    if (t) {
        struct row *row;

        HMAP_FOR_EACH_SAFE (row, node, &t->rows) {
            remove_row(t, row);
        }
        hmap_destroy(&t->rows);
        free(t);
    }
}

/* ## Adding up. ## */

static struct row *
find_row(struct flow_table *t, const char *point, const char *key)
{
    uint32_t hash = hash_string(key, hash_string(point, 0));
    struct row *row;

    HMAP_FOR_EACH_WITH_HASH (row, node, hash, &t->rows) {
        if (!strcmp(row->key, key) && !strcmp(row->point, point)) {
            return row;
        }
    }
    if (hmap_count(&t->rows) >= MAX_ROWS) {
        return &t->others;
    }
    row = xzalloc(sizeof *row);
    row->point = xstrdup(point);
    row->key = xstrdup(key);
    hmap_insert(&t->rows, &row->node, hash);
    return row;
}

static void
add(struct flow_table *t, const struct flow_record *r, const char *key)
{
    struct row *row = find_row(t, r->point, key);

    row->packets += r->packets;
    row->octets += r->octets;
    row->new_packets += r->packets;
    row->new_octets += r->octets;
}

/* The lower of the two is mostly that of the service. */
static void
format_port(const struct flow_record *r, struct ds *ds)
{
    flow_protocol_format(r->protocol, ds);
    if (r->src_port >= 0) {
        ds_put_format(ds, " %"PRId64, MIN(r->src_port, r->dst_port));
    }
}

static void
format_vlan(const struct flow_record *r, struct ds *ds)
{
    if (r->vlan[0]) {
        ds_put_format(ds, "%"PRId64, r->vlan[0]);
    } else {
        ds_put_cstr(ds, "none");
    }
    if (r->vlan[1]) {
        ds_put_format(ds, ".%"PRId64, r->vlan[1]);
    }
}

void
flow_table_add(struct flow_table *t, const struct flow_record *r)
{
    struct ds key = DS_EMPTY_INITIALIZER;

    switch (t->by) {
    case FLOW_BY_FLOW:
        flow_key_format(r, &key);
        break;
    case FLOW_BY_HOST:
        add(t, r, r->src);
        if (strcmp(r->src, r->dst)) {
            add(t, r, r->dst);
        }
        return;
    case FLOW_BY_PORT:
        format_port(r, &key);
        break;
    case FLOW_BY_PROTO:
        flow_protocol_format(r->protocol, &key);
        break;
    case FLOW_BY_VLAN:
        format_vlan(r, &key);
        break;
    case FLOW_BY_POINT:
        break;
    }
    add(t, r, ds_cstr(&key));
    ds_destroy(&key);
}

/* ## Printing. ## */

static int
compare_numbers(uint64_t a, uint64_t b)
{
    return a > b ? -1 : a < b;
}

/* What passed just now first, then what passed most. */
static int
compare_rows(const struct row *a, const struct row *b, bool by_packets)
{
    int cmp = (by_packets ? compare_numbers(a->new_packets, b->new_packets)
               : compare_numbers(a->new_octets, b->new_octets));

    cmp = cmp ? cmp : (by_packets ? compare_numbers(a->packets, b->packets)
                       : compare_numbers(a->octets, b->octets));
    cmp = cmp ? cmp : strcmp(a->point, b->point);
    return cmp ? cmp : strcmp(a->key, b->key);
}

static int
compare_by_packets(const void *a, const void *b)
{
    return compare_rows(*(struct row *const *) a, *(struct row *const *) b,
                        true);
}

static int
compare_by_octets(const void *a, const void *b)
{
    return compare_rows(*(struct row *const *) a, *(struct row *const *) b,
                        false);
}

/* In their order; the caller frees the array. */
static struct row **
sort_rows(struct flow_table *t)
{
    struct row **rows = xmalloc(MAX(hmap_count(&t->rows), 1) * sizeof *rows);
    struct row *row;
    size_t n = 0;

    HMAP_FOR_EACH (row, node, &t->rows) {
        rows[n++] = row;
    }
    qsort(rows, n, sizeof *rows,
          t->by_packets ? compare_by_packets : compare_by_octets);
    return rows;
}

/* Where there are many, those that were silent make room. */
static void
begin_interval(struct flow_table *t)
{
    bool full = hmap_count(&t->rows) >= MAX_ROWS;
    struct row *row;

    HMAP_FOR_EACH_SAFE (row, node, &t->rows) {
        if (full && !row->new_packets) {
            t->others.packets += row->packets;
            t->others.octets += row->octets;
            remove_row(t, row);
        } else {
            row->new_packets = row->new_octets = 0;
        }
    }
    t->others.new_packets = t->others.new_octets = 0;
}

static uint64_t
per_second(uint64_t n, long long int ms)
{
    return n * 1000 / MAX(ms, 1);
}

static void
print_row(const char *name, const struct row *row, int width,
          long long int ms, struct ds *ds)
{
    ds_put_format(ds, "%-*s %10"PRIu64" %13"PRIu64" %9"PRIu64" %13"PRIu64"\n",
                  width, name, row->packets, row->octets,
                  per_second(row->new_packets, ms),
                  per_second(row->new_octets * 8, ms));
}

static char *
row_name(const struct row *row)
{
    struct ds name = DS_EMPTY_INITIALIZER;

    words_put(&name, row->point);
    ds_put_cstr(&name, row->point[0] && row->key[0] ? "  " : "");
    words_put(&name, row->key);
    return ds_steal_cstr(&name);
}

void
flow_table_print(struct flow_table *t, long long int ms, size_t max_rows,
                 struct ds *ds)
{
    struct row **rows = sort_rows(t);
    size_t n = MIN(hmap_count(&t->rows), max_rows);
    char **names = xmalloc(MAX(n, 1) * sizeof *names);
    int width = 20;

    for (size_t i = 0; i < n; i++) {
        names[i] = row_name(rows[i]);
        width = MAX(width, strlen(names[i]));
    }
    ds_put_format(ds, "%-*s %10s %13s %9s %13s\n", width, by_names[t->by],
                  "packets", "octets", "packet/s", "bit/s");
    for (size_t i = 0; i < n; i++) {
        print_row(names[i], rows[i], width, ms, ds);
        free(names[i]);
    }
    if (t->others.packets) {
        print_row("others", &t->others, width, ms, ds);
    }
    if (n < hmap_count(&t->rows)) {
        ds_put_format(ds, "and %"PRIuSIZE" more\n",
                      hmap_count(&t->rows) - n);
    }
    free(names);
    free(rows);
    begin_interval(t);
}

static void
print_row_json(const struct flow_table *t, const struct row *row,
               long long int ms, struct ds *ds)
{
    struct jsn *object = jsn_object();

    if (row->point) {
        jsn_put_string(object, "point", row->point);
        if (t->by != FLOW_BY_POINT) {
            jsn_put_string(object, by_names[t->by], row->key);
        }
    } else {
        jsn_put_bool(object, "others", true);
    }
    jsn_put_integer(object, "packets", row->packets);
    jsn_put_integer(object, "octets", row->octets);
    jsn_put_integer(object, "packets_per_s",
                    per_second(row->new_packets, ms));
    jsn_put_integer(object, "bits_per_s",
                    per_second(row->new_octets * 8, ms));

    char *text = jsn_to_text(object, false);
    flow_line_put(ds, text);
    free(text);
    jsn_destroy(object);
}

void
flow_table_print_json(struct flow_table *t, long long int ms, struct ds *ds)
{
    struct row **rows = sort_rows(t);

    for (size_t i = 0; i < hmap_count(&t->rows); i++) {
        print_row_json(t, rows[i], ms, ds);
    }
    if (t->others.packets) {
        print_row_json(t, &t->others, ms, ds);
    }
    free(rows);
    begin_interval(t);
}
