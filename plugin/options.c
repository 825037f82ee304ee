/* options.c -- what NetFlow 9 and IPFIX say beside flow records: the rate of
 * sampling, and the names of interfaces.
 *
 * Called by templates.c with each sending of options.  A collector keeps both
 * by our address and the domain, which someone had before and will have after
 * us, so the rate is said when it is 1 too, and a name that no longer holds is
 * taken back: by another name, or by none, some times, as datagrams get lost.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/templates.h"

#include "plugin/elements.h"
#include "plugin/memory.h"

enum { GONE_TELLS = 3 };        /* How often a name is taken back. */

size_t
tmpl_fields_length(const struct tmpl_field *fields, size_t n)
{
    size_t length = 0;

    for (size_t i = 0; i < n; i++) {
        length += fields[i].id & TMPL_REVERSE ? 8 : 4;
    }
    return length;
}

void
tmpl_put_fields(uint8_t *p, const struct tmpl_field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        p = tmpl_put(p, fields[i].id, 2);
        p = tmpl_put(p, fields[i].length, 2);
        if (fields[i].id & TMPL_REVERSE) {
            p = tmpl_put(p, TMPL_REVERSE_PEN, 4);
        }
    }
}

/* The id of an options template in the exporter's protocol. */
static uint16_t
options_id(const struct tmpl *t, uint16_t id)
{
    return id + (t->dialect->version == 9 ? 0 : TMPL_ID_OPTIONS_IPFIX);
}

/* The first of the 'n' fields is the scope. */
static void
add_options_template(struct tmpl *t, uint16_t id,
                     const struct tmpl_field *fields, size_t n,
                     uint64_t now_us)
{
    struct tmpl_message *m = &t->control;

    tmpl_close_set(t, m);
    uint8_t *p = tmpl_reserve(t, m, t->dialect->options_set, 6 + n * 4,
                              now_us);
    p = tmpl_put(p, id, 2);
    if (t->dialect->version == 9) {
        p = tmpl_put(p, 4, 2);          /* Bytes of scopes... */
        p = tmpl_put(p, (n - 1) * 4, 2);        /* ...and of options. */
    } else {
        p = tmpl_put(p, n, 2);          /* Fields... */
        p = tmpl_put(p, 1, 2);          /* ...of which are scopes. */
    }
    tmpl_put_fields(p, fields, n);
    m->n_templates++;
}

static void
add_sampling(struct tmpl *t, uint64_t now_us)
{
    const struct tmpl_dialect *d = t->dialect;
    uint16_t id = options_id(t, TMPL_ID_SAMPLING);
    size_t length = 0;

    add_options_template(t, id, d->sampling, d->n_sampling, now_us);
    for (size_t i = 0; i < d->n_sampling; i++) {
        length += d->sampling[i].length;
    }
    d->put_sampling(t, tmpl_reserve(t, &t->control, id, length, now_us));
    t->control.n_data++;
}

/* ## ------------------- ## */
/* ## Names of interfaces ## */
/* ## ------------------- ## */

/* 'name' may be NULL: no name. */
static void
add_name(struct tmpl *t, uint32_t ifindex, const char *name, uint64_t now_us)
{
    uint8_t *p = tmpl_reserve(t, &t->control,
                              options_id(t, TMPL_ID_INTERFACE),
                              4 + TMPL_NAME_LEN, now_us);

    p = tmpl_put(p, ifindex, 4);
    if (name) {
        memcpy(p, name, TMPL_NAME_LEN);
    } else {
        memset(p, 0, TMPL_NAME_LEN);
    }
    t->control.n_data++;
}

static bool
has_ifindex(const struct tmpl *t, uint32_t ifindex)
{
    for (size_t i = 0; i < t->n_points; i++) {
        if (t->points[i].ifindex == ifindex) {
            return true;
        }
    }
    return false;
}

/* Takes over the names that nobody says in this domain any more, and drops
 * those that were taken back often enough or mean something again. */
static void
update_gone(struct tmpl *t)
{
    uint32_t *ifindexes;
    size_t n = memory_forget_names(t->memory, t->target, t->domain,
                                   &ifindexes);
    size_t kept = 0;

    for (size_t i = 0; i < t->n_gone; i++) {
        const struct tmpl_gone *gone = &t->gone[i];

        if (gone->n && !has_ifindex(t, gone->ifindex)) {
            t->gone[kept++] = *gone;
        }
    }
    t->gone = xrealloc(t->gone, (kept + n) * sizeof *t->gone);
    for (size_t i = 0; i < n; i++) {
        t->gone[kept++] = (struct tmpl_gone) { ifindexes[i], GONE_TELLS };
    }
    t->n_gone = kept;
    free(ifindexes);
}

/* Of two with one ifIndex the later one is what it means now, and comes
 * last. */
static void
add_names(struct tmpl *t, uint64_t now_us)
{
    const struct tmpl_field fields[] = {
        { t->dialect->interface_scope, 4 },
        TMPL_FIELD(interfaceName),
    };

    update_gone(t);
    if (!t->n_points && !t->n_gone) {
        return;
    }
    add_options_template(t, options_id(t, TMPL_ID_INTERFACE), fields,
                         ARRAY_SIZE(fields), now_us);
    for (size_t i = 0; i < t->n_gone; i++) {
        add_name(t, t->gone[i].ifindex, NULL, now_us);
        t->gone[i].n--;
    }
    for (size_t i = 0; i < t->n_points; i++) {
        add_name(t, t->points[i].ifindex, t->points[i].name, now_us);
    }
}

void
tmpl_add_options(struct tmpl *t, uint64_t now_us)
{
    add_sampling(t, now_us);
    add_names(t, now_us);
}

/* ## ------ ## */
/* ## Points ## */
/* ## ------ ## */

static struct tmpl_point *
find_point(const struct tmpl *t, const struct exporter_point *point)
{
    for (size_t i = 0; i < t->n_points; i++) {
        struct tmpl_point *p = &t->points[i];

        if (p->ifindex == point->ifindex
            && !strcmp(p->name, point->name)) {
            return p;
        }
    }
    return NULL;
}

void
tmpl_add_point(struct exporter *exporter, const struct exporter_point *point)
{
    struct tmpl *t = tmpl_cast(exporter);

    if (!point->ifindex || !point->name[0]) {
        return;
    }
    struct tmpl_point *p = find_point(t, point);
    if (!p) {
        t->points = xrealloc(t->points,
                             (t->n_points + 1) * sizeof *t->points);
        p = &t->points[t->n_points++];
        *p = (struct tmpl_point) { .ifindex = point->ifindex };
        ovs_strzcpy(p->name, point->name, sizeof p->name);
        memory_name(t->memory, t->target, t->domain, p->ifindex);
        t->options_due = true;
    }
    p->n++;
}

void
tmpl_remove_point(struct exporter *exporter,
                  const struct exporter_point *point)
{
    struct tmpl *t = tmpl_cast(exporter);

    if (!point->ifindex || !point->name[0]) {
        return;
    }
    struct tmpl_point *p = find_point(t, point);
    ovs_assert(p);
    if (!--p->n) {
        memory_unname(t->memory, t->target, t->domain, p->ifindex);
        size_t after = &t->points[--t->n_points] - p;
        memmove(p, p + 1, after * sizeof *p);
        /* Where no record follows, a name may as well stay. */
        t->options_due = t->options_due || t->n_points;
    }
}

void
tmpl_free_points(struct tmpl *t)
{
    for (size_t i = 0; i < t->n_points; i++) {
        memory_unname(t->memory, t->target, t->domain, t->points[i].ifindex);
    }
    free(t->points);
    free(t->gone);
}
