/* test-query.c -- selectors as tables of text.
 *
 * usage: test-query lex | parse | kind | hostile < INPUTS
 *        test-query run | select | json | why GRAPH.json < SELECTORS
 *        test-query points GRAPH.json < PATTERNS
 *        test-query live | why-live < SELECTORS
 *
 * Reads inputs, a line each, and prints "input => output".  Used by query.at.
 * Every selector that parses is printed, parsed and printed again, which must
 * give the same text.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/ovs.h"
#include "query/lex.h"
#include "query/query.h"
#include "topo/format.h"

static void
do_lex(const char *input)
{
    struct query_lexer lexer;

    query_lexer_init(&lexer, input);
    for (;;) {
        struct ds ds = DS_EMPTY_INITIALIZER;

        query_token_describe(&lexer.token, &ds);
        printf(" %"PRIuSIZE":%s", lexer.token.column, ds_cstr(&ds));
        ds_destroy(&ds);
        if (lexer.token.type == LEX_END || lexer.token.type == LEX_BAD) {
            break;
        }
        query_lexer_next(&lexer);
    }
    query_lexer_uninit(&lexer);
}

/* Parses 'input', and prints the error or checks that its canonical text is a
 * fixed point. */
static struct query *
parse(const char *input)
{
    struct query *query, *again;
    char *error = query_parse(input, &query);

    if (error) {
        ovs_assert(!query);
        printf(" %s", error);
        free(error);
        return NULL;
    }

    char *text = query_format(query);
    error = query_parse(text, &again);
    if (error) {
        ovs_fatal(0, "%s: canonical text %s: %s", input, text, error);
    }
    char *text2 = query_format(again);
    if (strcmp(text, text2) || query_kind(query) != query_kind(again)) {
        ovs_fatal(0, "%s: %s became %s", input, text, text2);
    }
    query_destroy(again);
    free(text2);
    free(text);
    return query;
}

static void
do_parse(const char *input)
{
    struct query *query = parse(input);

    if (query) {
        char *text = query_format(query);
        printf(" %s", text);
        free(text);
    }
    query_destroy(query);
}

static void
do_kind(const char *input)
{
    static const char *const names[] = {
        [QUERY_NODES] = "nodes",
        [QUERY_EDGES] = "edges",
        [QUERY_VALUES] = "values",
        [QUERY_COUNT] = "count",
    };
    struct query *query = parse(input);

    if (query) {
        printf(" %s", names[query_kind(query)]);
    }
    query_destroy(query);
}

/* 'input' is a recipe, "TEXT [COUNT TEXT]...", for a text that no table could
 * hold: TEXTs COUNT times in a row.  In TEXT, "~" is a space and "%NN" a byte
 * in hex. */
static char *
cook(const char *input)
{
    struct ds ds = DS_EMPTY_INITIALIZER;
    char *copy = xstrdup(input), *save = NULL;
    int count = 1;

    for (char *word = strtok_r(copy, " ", &save); word;
         word = strtok_r(NULL, " ", &save)) {
        int n;
        if (str_to_int(word, 10, &n)) {
            count = n;
            continue;
        }
        for (; count > 0; count--) {
            for (const char *p = word; *p; p++) {
                bool ok = *p == '%';
                int byte = ok ? hexits_value(p + 1, 2, &ok) : *p;
                ds_put_char(&ds, byte == '~' ? ' ' : byte);
                p += ok ? 2 : 0;
            }
        }
        count = 1;
    }
    free(copy);
    return ds_steal_cstr(&ds);
}

static void
do_hostile(const char *input)
{
    char *text = cook(input);
    struct query *query = parse(text);

    if (query) {
        printf(" accepted");
    }
    query_destroy(query);
    free(text);
}

static void
print_result(const struct query_result *result)
{
    if (result->kind == QUERY_NODES) {
        for (size_t i = 0; i < result->n; i++) {
            printf(" %s", result->nodes[i]->id);
        }
    } else if (result->kind == QUERY_EDGES) {
        for (size_t i = 0; i < result->n; i++) {
            printf(" %s", result->edges[i]->id);
        }
    } else {
        struct jsn *json = query_result_to_json(result);
        char *text = jsn_to_text(json, false);

        printf(" %s", text);
        free(text);
        jsn_destroy(json);
        return;
    }
    if (!result->n) {
        printf(" nothing");
    }
}

enum how { RUN, SELECT, JSON };

static void
do_run(const struct topo *topo, const char *input, enum how how)
{
    struct query *query = parse(input);
    struct query_result result;

    if (!query) {
        return;
    }
    char *error = (how == SELECT ? query_select(query, topo, &result)
                   : query_run(query, topo, &result));
    if (error) {
        printf(" %s", error);
        free(error);
    } else if (how == JSON) {
        struct jsn *json = query_result_to_json(&result);
        char *text = jsn_to_text(json, false);

        printf(" %s", text);
        free(text);
        jsn_destroy(json);
    } else {
        print_result(&result);
    }
    query_result_uninit(&result);
    query_destroy(query);
}

static void
do_why(const struct topo *topo, const char *input)
{
    struct query *query = parse(input);
    char *why = query ? query_why_nothing(query, topo) : NULL;

    printf(" %s", why ? why : "something");
    free(why);
    query_destroy(query);
}

static void
do_points(const struct topo *topo, const char *input)
{
    struct jsn *points = query_points_to_json(topo, input[0] ? input : NULL);

    for (size_t i = 0; i < jsn_size(points); i++) {
        const struct jsn *point = jsn_at(points, i);

        printf(" %s:%s:%s", jsn_get_string(point, "point", ""),
               jsn_get_string(point, "type", ""),
               jsn_get_string(point, "address", ""));
    }
    jsn_destroy(points);
}

static void
load(struct topo *topo, const char *file_name)
{
    FILE *file = fopen(file_name, "r");
    struct ds text = DS_EMPTY_INITIALIZER;
    struct ds line = DS_EMPTY_INITIALIZER;
    struct jsn *json;

    if (!file) {
        ovs_fatal(errno, "%s", file_name);
    }
    while (!ds_get_line(&line, file)) {
        ds_put_format(&text, "%s\n", ds_cstr(&line));
    }
    fclose(file);

    char *error = jsn_parse(ds_cstr(&text), &json);
    if (error) {
        ovs_fatal(0, "%s: %s", file_name, error);
    }
    topo_from_json(topo, json);
    topo_run(topo);
    jsn_destroy(json);
    ds_destroy(&line);
    ds_destroy(&text);
}

static void
put_link(struct topo *topo, topo_cookie netns, int ifindex, const char *name,
         const char *kind, int peer)
{
    struct topo_map meta = TOPO_MAP_INITIALIZER;
    struct topo_link_in link = {
        .netns = netns, .ifindex = ifindex, .name = name, .kind = kind,
        .up = true, .mtu = 1500,
        .peer_netns = peer ? (netns == 1 ? 2 : 1) : 0, .peer = peer,
    };

    topo_map_put_integer(&meta, "MTU", 1500);
    topo_put_link(topo, &link, &meta);
}

/* The kernel's and OVS's own words: a namespace vm1 whose eth0 is the peer of
 * the port vm1-eth0 of br0, and an eth0 of the host. */
static void
put_live(struct topo *topo)
{
    struct topo_map meta = TOPO_MAP_INITIALIZER;
    struct topo_map bridge_meta = TOPO_MAP_INITIALIZER;
    struct topo_map port_meta = TOPO_MAP_INITIALIZER;
    struct topo_map intf_meta = TOPO_MAP_INITIALIZER;
    struct topo_bridge_in bridge = { .uuid = { { 1, 0, 0, 0 } },
                                     .name = "br0" };
    struct topo_port_in port = { .uuid = { { 2, 0, 0, 0 } },
                                 .bridge = bridge.uuid,
                                 .name = "vm1-eth0" };
    struct topo_intf_in intf = { .uuid = { { 3, 0, 0, 0 } },
                                 .port = port.uuid, .name = "vm1-eth0",
                                 .type = "", .ifindex = 3 };

    topo_set_host_netns(topo, 1);
    topo_put_netns(topo, 2, "vm1", "/var/run/netns/vm1", &meta);
    put_link(topo, 1, 2, "eth0", "device", 0);
    put_link(topo, 1, 3, "vm1-eth0", "veth", 2);
    put_link(topo, 2, 2, "eth0", "veth", 3);
    put_link(topo, 2, 5, "only-in-vm1", "dummy", 0);
    topo_put_bridge(topo, &bridge, &bridge_meta);
    topo_put_port(topo, &port, &port_meta);
    topo_put_intf(topo, &intf, &intf_meta);
    topo_run(topo);
}

/* As do_run(), but ids are hashes here: prints types and names. */
static void
do_live(const struct topo *topo, const char *input)
{
    struct query *query = parse(input);
    struct query_result result;
    char *error = query ? query_select(query, topo, &result) : NULL;

    if (error) {
        printf(" %s", error);
        free(error);
    } else if (query) {
        for (size_t i = 0; i < result.n; i++) {
            const struct topo_node *node = result.nodes[i];
            printf(" %s:%s%s%s", node->type,
                   node->link && node->link->netns_name
                   ? node->link->netns_name : "",
                   node->link && node->link->netns_name ? "/" : "",
                   node->name);
        }
        printf("%s", result.n ? "" : " nothing");
        query_result_uninit(&result);
    }
    query_destroy(query);
}

int
main(int argc, char *argv[])
{
    const char *command = argc > 1 ? argv[1] : "";
    struct ds line = DS_EMPTY_INITIALIZER;
    struct topo *topo = topo_create("h1");

    if (argc > 2) {
        load(topo, argv[2]);
    } else if (strstr(command, "live")) {
        put_live(topo);
    }
    while (!ds_get_line(&line, stdin)) {
        const char *input = ds_cstr(&line);

        printf("%s =>", input);
        if (!strcmp(command, "lex")) {
            do_lex(input);
        } else if (!strcmp(command, "parse")) {
            do_parse(input);
        } else if (!strcmp(command, "kind")) {
            do_kind(input);
        } else if (!strcmp(command, "hostile")) {
            do_hostile(input);
        } else if (!strcmp(command, "run")) {
            do_run(topo, input, RUN);
        } else if (!strcmp(command, "select")) {
            do_run(topo, input, SELECT);
        } else if (!strcmp(command, "points")) {
            do_points(topo, input);
        } else if (!strncmp(command, "why", 3)) {
            do_why(topo, input);
        } else if (!strcmp(command, "json")) {
            do_run(topo, input, JSON);
        } else if (!strcmp(command, "live")) {
            do_live(topo, input);
        } else {
            ovs_fatal(0, "unknown command '%s'", command);
        }
        putchar('\n');
    }
    ds_destroy(&line);
    topo_destroy(topo);
    return 0;
}
