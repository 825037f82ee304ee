/* memory.c -- what collectors may remember of us.  See memory.h.
 *
 * Two tables under a lock: numbers, and names of interfaces, of which only
 * those are kept that some exporter says or that are still to be taken back.
 *
 * Invariant: a number that was given is never given to another value of its
 * list and domain.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/memory.h"

#include "base/ovs.h"
#include "target/target.h"

/* So many names to be taken back: where nobody opens a domain again, they
 * would be more and more. */
enum { MAX_GONE = 10000 };

struct exporter_memory {
    struct ovs_mutex mutex;     /* Of all that follows. */
    struct hmap numbers;        /* struct number. */
    struct hmap names;          /* struct name. */
    size_t n_gone;              /* Of these, those that nobody says. */
};

struct number {
    struct hmap_node node;      /* By list and domain. */
    enum memory_list list;
    uint32_t domain;
    uint32_t value;
    uint32_t number;
};

struct name {
    struct hmap_node node;      /* By 'place'. */
    char *place;                /* Protocol, collector, domain. */
    uint32_t ifindex;
    unsigned int n;             /* Exporters that say it; 0: to be told. */
};

struct exporter_memory *
exporter_memory_create(void)
{
    struct exporter_memory *m = xzalloc(sizeof *m);

    ovs_mutex_init(&m->mutex);
    hmap_init(&m->numbers);
    hmap_init(&m->names);
    return m;
}

static void
remove_name(struct exporter_memory *m, struct name *name)
{
    hmap_remove(&m->names, &name->node);
    free(name->place);
    free(name);
}

void
exporter_memory_destroy(struct exporter_memory *m)
{
    struct number *number;
    struct name *name;

    if (m) {
        HMAP_FOR_EACH_POP (number, node, &m->numbers) {
            free(number);
        }
        HMAP_FOR_EACH_SAFE (name, node, &m->names) {
            remove_name(m, name);
        }
        hmap_destroy(&m->numbers);
        hmap_destroy(&m->names);
        ovs_mutex_destroy(&m->mutex);
        free(m);
    }
}

static uint32_t
find_number(struct exporter_memory *m, enum memory_list list,
            uint32_t domain, uint32_t value)
{
    uint32_t hash = hash_2words(list, domain);
    struct number *number;
    uint32_t n = 0;

    HMAP_FOR_EACH_WITH_HASH (number, node, hash, &m->numbers) {
        if (number->list == list && number->domain == domain) {
            if (number->value == value) {
                return number->number;
            }
            n++;
        }
    }
    number = xmalloc(sizeof *number);
    *number = (struct number) {
        .list = list, .domain = domain, .value = value, .number = n,
    };
    hmap_insert(&m->numbers, &number->node, hash);
    return n;
}

uint32_t
memory_number(struct exporter_memory *m, enum memory_list list,
              uint32_t domain, uint32_t value)
{
    ovs_mutex_lock(&m->mutex);
    uint32_t number = find_number(m, list, domain, value);
    ovs_mutex_unlock(&m->mutex);
    return number;
}

/* ## ----- ## */
/* ## Names ## */
/* ## ----- ## */

static char *
place_of(const struct target *target, uint32_t domain)
{
    struct ds s = DS_EMPTY_INITIALIZER;

    ds_put_format(&s, "%s %"PRIu32" ", target->class->name, domain);
    addr_format(&target->addr, &s);
    return ds_steal_cstr(&s);
}

static struct name *
find_name(const struct exporter_memory *m, const char *place,
          uint32_t ifindex)
{
    struct name *name;

    HMAP_FOR_EACH_WITH_HASH (name, node, hash_string(place, 0), &m->names) {
        if (name->ifindex == ifindex && !strcmp(name->place, place)) {
            return name;
        }
    }
    return NULL;
}

void
memory_name(struct exporter_memory *m, const struct target *target,
            uint32_t domain, uint32_t ifindex)
{
    char *place = place_of(target, domain);

    ovs_mutex_lock(&m->mutex);
    struct name *name = find_name(m, place, ifindex);
    if (!name) {
        name = xzalloc(sizeof *name);
        name->place = xstrdup(place);
        name->ifindex = ifindex;
        hmap_insert(&m->names, &name->node, hash_string(place, 0));
    } else if (!name->n) {
        m->n_gone--;
    }
    name->n++;
    ovs_mutex_unlock(&m->mutex);
    free(place);
}

void
memory_unname(struct exporter_memory *m, const struct target *target,
              uint32_t domain, uint32_t ifindex)
{
    char *place = place_of(target, domain);

    ovs_mutex_lock(&m->mutex);
    struct name *name = find_name(m, place, ifindex);
    if (!--name->n) {
        if (m->n_gone < MAX_GONE) {
            m->n_gone++;
        } else {
            remove_name(m, name);
        }
    }
    ovs_mutex_unlock(&m->mutex);
    free(place);
}

/* One that no exporter says, or NULL. */
static struct name *
find_gone(const struct exporter_memory *m, const char *place)
{
    struct name *name;

    HMAP_FOR_EACH_WITH_HASH (name, node, hash_string(place, 0), &m->names) {
        if (!name->n && !strcmp(name->place, place)) {
            return name;
        }
    }
    return NULL;
}

size_t
memory_forget_names(struct exporter_memory *m, const struct target *target,
                    uint32_t domain, uint32_t **ifindexes)
{
    char *place = place_of(target, domain);
    size_t n = 0, allocated = 0;
    struct name *name;

    *ifindexes = NULL;
    ovs_mutex_lock(&m->mutex);
    while ((name = find_gone(m, place))) {
        if (n == allocated) {
            *ifindexes = x2nrealloc(*ifindexes, &allocated,
                                    sizeof **ifindexes);
        }
        (*ifindexes)[n++] = name->ifindex;
        remove_name(m, name);
        m->n_gone--;
    }
    ovs_mutex_unlock(&m->mutex);
    free(place);
    return n;
}
