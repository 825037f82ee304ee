/* test-base.c -- addresses and JSON, from lines to lines.
 *
 * test-base addr: HOST[:PORT], where the default port is 2055.
 * test-base host: HOST, where a port is not expected.
 * test-base json: a JSON value, printed again or refused.
 * test-base bytes: bytes in hexadecimal, as a string in JSON.
 * test-base words: bytes in hexadecimal, as text for people, cut at 12 octets,
 * and as a word for a shell.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/addr.h"
#include "base/json.h"
#include "base/ovs.h"
#include "base/words.h"

static void
print_addr(const char *line, bool with_port)
{
    struct addr addr;
    char *error = addr_parse(line, with_port, 2055, &addr);

    if (error) {
        printf("error: %s\n", error);
        free(error);
        return;
    }

    struct ds ds = DS_EMPTY_INITIALIZER;
    char ip[INET6_ADDRSTRLEN];

    addr_format(&addr, &ds);
    inet_ntop(AF_INET6, &addr.ip, ip, sizeof ip);
    printf("%s %s\n", ds_cstr(&ds), addr.is_name ? "name" : ip);
    ds_destroy(&ds);
    addr_uninit(&addr);
}

static void
print_json(const char *line)
{
    struct jsn *json;
    char *error = jsn_parse(line, &json);
    char *text = error ? xasprintf("error: %s", error)
                 : jsn_to_text(json, false);

    puts(text);
    free(text);
    free(error);
    jsn_destroy(json);
}

enum { MAX_BYTES = 64 };

static void
parse_bytes(const char *line, char bytes[MAX_BYTES])
{
    size_t n = 0;
    unsigned int byte;

    for (const char *p = line;
         n < MAX_BYTES - 1 && sscanf(p, "%2x", &byte) == 1; p += 2) {
        bytes[n++] = byte;
    }
    bytes[n] = '\0';
}

static void
print_words(const char *line)
{
    char bytes[MAX_BYTES];

    parse_bytes(line, bytes);
    char *clean = words_clean(bytes);
    char *cut = words_cut(bytes, 12);
    char *word = words_shell(bytes);

    printf("%s %s %s\n", clean, strcmp(cut, clean) ? cut : "=", word);
    free(clean);
    free(cut);
    free(word);
}

static void
print_bytes(const char *line)
{
    char bytes[MAX_BYTES];

    parse_bytes(line, bytes);

    struct jsn *json = jsn_string(bytes);
    char *text = jsn_to_text(json, false);

    puts(text);
    free(text);
    jsn_destroy(json);
}

int
main(int argc, char *argv[])
{
    const char *what = argc == 2 ? argv[1] : "";
    struct ds line = DS_EMPTY_INITIALIZER;

    while (!ds_get_line(&line, stdin)) {
        printf("%s => ", ds_cstr(&line));
        if (!strcmp(what, "addr") || !strcmp(what, "host")) {
            print_addr(ds_cstr(&line), !strcmp(what, "addr"));
        } else if (!strcmp(what, "json")) {
            print_json(ds_cstr(&line));
        } else if (!strcmp(what, "bytes")) {
            print_bytes(ds_cstr(&line));
        } else if (!strcmp(what, "words")) {
            print_words(ds_cstr(&line));
        } else {
            fprintf(stderr,
                    "usage: test-base addr | host | json | bytes | words\n");
            return 1;
        }
    }
    ds_destroy(&line);
    return 0;
}
