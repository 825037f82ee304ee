/* names.c -- the names of collectors, and when each is looked up.  See
 * names.h.
 *
 * Look-ups have a pool of threads of their own, as they may wait for half a
 * minute: what opens sockets does not wait behind them.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/names.h"
#include <stdlib.h>
#include "base/task.h"
#include "engine/wake.h"
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(names);

enum {
    MAX_THREADS = 16,
    LIFE_MS = 60 * 1000,        /* Of what was found. */
};

struct names {
    struct hmap names;          /* struct name, by 'host'. */
    struct task_pool *tasks;
    struct wake *wake;
};

struct names *
names_create(struct wake *wake)
{
    struct names *names = xzalloc(sizeof *names);

    hmap_init(&names->names);
    names->tasks = task_pool_create(wake->reports, MAX_THREADS);
    names->wake = wake;
    return names;
}

void
names_destroy(struct names *names)
{
    ovs_assert(hmap_is_empty(&names->names));
    task_pool_abandon(names->tasks);
    hmap_destroy(&names->names);
    free(names);
}

static struct name *
names_find(const struct names *names, const char *host)
{
    struct name *name;

    HMAP_FOR_EACH_WITH_HASH (name, node, hash_string(host, 0),
                             &names->names) {
        if (!strcmp(name->host, host)) {
            return name;
        }
    }
    return NULL;
}

struct name *
names_ref(struct names *names, const char *host, long long int now)
{
    struct name *name = names_find(names, host);

    if (!name) {
        name = xzalloc(sizeof *name);
        name->host = xstrdup(host);
        name->next = now;
        backoff_init(&name->backoff);
        hmap_insert(&names->names, &name->node, hash_string(host, 0));
        wake_at(names->wake, now);
    }
    name->n_refs++;
    return name;
}

void
names_unref(struct names *names, struct name *name)
{
    if (name && !--name->n_refs) {
        lookup_abandon(names->tasks, name->lookup);
        hmap_remove(&names->names, &name->node);
        free(name->known.error);
        free(name->host);
        free(name);
    }
}

/* In whatever order: servers turn it with each answer. */
static bool
is_known(const struct name *name, const struct resolved *found)
{
    if (found->n != name->known.n
        || !nullable_string_is_equal(found->error, name->known.error)) {
        return false;
    }
    for (size_t i = 0; i < found->n; i++) {
        if (!resolved_has(&name->known, &found->addrs[i])) {
            return false;
        }
    }
    return true;
}

static void
log_addresses(const struct name *name)
{
    struct ds s = DS_EMPTY_INITIALIZER;

    for (size_t i = 0; i < name->known.n; i++) {
        ds_put_char(&s, ' ');
        ipv6_format_mapped(&name->known.addrs[i], &s);
    }
    VLOG_INFO("collector %s:%s", name->host, ds_cstr(&s));
    ds_destroy(&s);
}

/* Takes what was found. */
static void
take(struct name *name, struct resolved *found, long long int now)
{
    if (found->n && !name->doubted) {
        backoff_init(&name->backoff);
    } else {
        backoff_failed(&name->backoff, now, true);
    }
    name->next = found->n ? now + LIFE_MS : name->backoff.next;
    name->doubted = false;
    /* Rather an address of some time ago than none. */
    if ((found->n || !name->known.n) && !is_known(name, found)) {
        free(name->known.error);
        name->known = *found;
        name->version++;
        if (found->n) {
            log_addresses(name);
        }
    } else {
        free(found->error);
    }
}

static void
start(struct names *names, struct name *name, long long int now)
{
    name->lookup = lookup_start(names->tasks, name->host);
    if (!name->lookup) {
        struct resolved none = {
            .error = xasprintf("cannot resolve the collector's name \"%s\": "
                               "no thread can be had for it", name->host),
        };

        take(name, &none, now);
    }
}

void
names_run(struct names *names, long long int now)
{
    struct resolved found;
    struct name *name;

    HMAP_FOR_EACH (name, node, &names->names) {
        if (name->lookup
            && lookup_finish(names->tasks, name->lookup, &found)) {
            name->lookup = NULL;
            take(name, &found, now);
        }
        if (!name->lookup && now >= name->next) {
            start(names, name, now);
        }
        if (!name->lookup) {
            wake_at(names->wake, name->next);
        }
    }
}

void
names_hurry(struct names *names, long long int now)
{
    struct name *name;

    HMAP_FOR_EACH (name, node, &names->names) {
        if (!name->known.n) {
            backoff_hurry(&name->backoff, now);
            name->next = MIN(name->next, MAX(name->backoff.next, now));
        }
    }
}

void
name_doubt(struct names *names, struct name *name, long long int now)
{
    if (!name->lookup && !name->doubted) {
        name->doubted = true;
        name->next = MIN(name->next, MAX(now, name->backoff.next));
        wake_at(names->wake, name->next);
    }
}
