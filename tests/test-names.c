/* test-names.c -- which addresses of collectors' names are tried, and when
 * names are looked up, at times that the test says.
 *
 * test-names tries: reads lines from standard input and prints what comes:
 *
 *   name ADDRESS...     the name has these addresses
 *   use ADDRESS T       at T ms the stream opened or was told of new ones
 *   fail T              it does not work: prints the address to try, or when
 *                       the next turn begins, if there is another
 *
 * test-names times HOST...: looks HOSTs up, one after the other, and prints
 * when the next look-up is due in each of the cases.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "engine/names.h"
#include "base/task.h"
#include "engine/tries.h"
#include "engine/wake.h"
#include "openvswitch/vlog.h"

/* ## Tries. ## */

static struct in6_addr
parse_address(const char *text)
{
    struct in6_addr addr;
    ovs_be32 ip;

    if (inet_pton(AF_INET, text, &ip) == 1) {
        return in6_addr_mapped_ipv4(ip);
    } else if (inet_pton(AF_INET6, text, &addr) == 1) {
        return addr;
    }
    ovs_fatal(0, "%s: not an address", text);
}

static void
print_failed(struct tries *tries, const struct resolved *known,
             long long int now)
{
    char text[INET6_ADDRSTRLEN];

    if (tries_failed(tries, known, now)) {
        ipv6_string_mapped(text, &tries->addr);
        printf("%lld: try %s\n", now, text);
    } else if (tries->backoff.next > now) {
        printf("%lld: wait until %lld\n", now, tries->backoff.next);
    } else {
        printf("%lld: stay\n", now);
    }
}

static void
run_tries(void)
{
    struct resolved known = { .n = 0 };
    struct tries tries;
    char line[1024];

    while (fgets(line, sizeof line, stdin)) {
        char *save, *word = strtok_r(line, " \n", &save);

        if (!strcmp(word, "name")) {
            known.n = 0;
            while ((word = strtok_r(NULL, " \n", &save))) {
                known.addrs[known.n++] = parse_address(word);
            }
        } else if (!strcmp(word, "use")) {
            struct in6_addr addr = parse_address(strtok_r(NULL, " ", &save));

            tries_restart(&tries, &addr, &known,
                          atoll(strtok_r(NULL, "\n", &save)));
        } else {
            print_failed(&tries, &known, atoll(strtok_r(NULL, "\n", &save)));
        }
    }
}

/* ## Times. ## */

/* Waits until what is under way at 'now' is there. */
static void
run_at(struct names *names, struct wake *wake, const struct name *name,
       long long int now, const char *what)
{
    names_run(names, now);
    printf("%s at %lld: ", what, now);
    if (!name->lookup) {
        printf("nothing");
    }
    while (name->lookup) {
        uint64_t seen = seq_read(wake->reports);

        names_run(names, now);
        if (name->lookup) {
            seq_wait(wake->reports, seen);
            poll_block();
        } else {
            printf("looked up");
        }
    }
    printf(", next at %lld\n", name->next);
}

static void
run_times(const char *host)
{
    struct wake wake;

    wake_init(&wake);
    struct names *names = names_create(&wake);
    struct name *name = names_ref(names, host, 0);
    struct name *other = names_ref(names, host, 0);

    printf("%s\n", name == other ? "one look-up for both" : "two look-ups");
    run_at(names, &wake, name, 0, "start");
    printf("%s\n", name->known.n ? "found" : name->known.error);
    run_at(names, &wake, name, 900, "soon");
    run_at(names, &wake, name, 60000, "later");
    name_doubt(names, name, 70000);
    run_at(names, &wake, name, 70000, "doubted");
    name_doubt(names, name, 70500);
    run_at(names, &wake, name, 70500, "doubted");
    run_at(names, &wake, name, 71000, "then");
    run_at(names, &wake, name, 131000, "calm");
    name_doubt(names, name, 131001);
    run_at(names, &wake, name, 131001, "doubted");
    names_hurry(names, 132000);
    run_at(names, &wake, name, 132000, "hurried");
    names_unref(names, other);
    names_unref(names, name);
    names_destroy(names);
    wake_uninit(&wake);
}

int
main(int argc, char *argv[])
{
    set_program_name(argv[0]);
    vlog_set_levels(NULL, VLF_ANY_DESTINATION, VLL_OFF);
    if (argc == 2 && !strcmp(argv[1], "tries")) {
        run_tries();
    } else if (argc > 2 && !strcmp(argv[1], "times")) {
        for (int i = 2; i < argc; i++) {
            run_times(argv[i]);
        }
    } else {
        ovs_fatal(0, "see the source");
    }
    return 0;
}
