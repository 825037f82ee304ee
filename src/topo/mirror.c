/* mirror.c -- mirrors, and the ports that they select.
 *
 * A mirror may select all of ten thousand ports, of which one comes or goes at
 * a time.  So it is the port that holds an edge for each mirror of it: a port
 * is touched when a mirror starts or stops to select it, and all of a mirror's
 * ports when the mirror itself is another.
 *
 * Called with what the database room says, and by renderers of ports.
 * Invariant: 'selections' has each port that each mirror selects, whether or
 * not there is one.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

struct selection {
    struct hmap_node node;      /* In 'topo''s 'selections', by 'port'. */
    struct uuid port;
    struct topo_ent *mirror;
};

static struct selection *
find_selection(const struct topo *topo, const struct uuid *port,
               const struct topo_ent *mirror)
{
    struct selection *s;

    HMAP_FOR_EACH_WITH_HASH (s, node, uuid_hash(port), &topo->selections) {
        if (s->mirror == mirror && uuid_equals(&s->port, port)) {
            return s;
        }
    }
    return NULL;
}

static void
touch_port(struct topo *topo, const struct uuid *port)
{
    struct topo_key key = topo_key_row(port);
    struct topo_ent *ent = topo_ent_lookup(topo, &key);

    if (ent) {
        topo_ent_touch(topo, ent);
    }
}

static void
unselect(struct topo *topo, struct topo_ent *mirror, const struct uuid *port)
{
    struct selection *s = find_selection(topo, port, mirror);

    hmap_remove(&topo->selections, &s->node);
    free(s);
    touch_port(topo, port);
}

static void
select_port(struct topo *topo, struct topo_ent *mirror,
            const struct uuid *port)
{
    struct selection *s = xmalloc(sizeof *s);

    s->mirror = mirror;
    s->port = *port;
    hmap_insert(&topo->selections, &s->node, uuid_hash(port));
    touch_port(topo, port);
}

static int
compare_uuids(const void *a, const void *b)
{
    return uuid_compare_3way(a, b);
}

/* A copy of the 'n' ports, in order. */
static struct uuid *
sorted_copy(const struct uuid *ports, size_t n)
{
    struct uuid *copy = n ? xmemdup(ports, n * sizeof *ports) : NULL;

    for (size_t i = 1; i < n; i++) {
        if (uuid_compare_3way(&copy[i - 1], &copy[i]) > 0) {
            qsort(copy, n, sizeof *copy, compare_uuids);
            break;
        }
    }
    return copy;
}

/* Makes 'mirror' select those ports; takes 'ports', which are sorted. */
static void
set_selected(struct topo *topo, struct topo_ent *mirror, struct uuid *ports,
             size_t n)
{
    struct topo_ent_mirror *m = &mirror->mirror;
    size_t i = 0, j = 0;

    while (i < m->n_selected || j < n) {
        int cmp = (i >= m->n_selected ? 1 : j >= n ? -1
                   : uuid_compare_3way(&m->selected[i], &ports[j]));

        if (cmp < 0) {
            unselect(topo, mirror, &m->selected[i++]);
        } else if (cmp > 0) {
            select_port(topo, mirror, &ports[j++]);
        } else {
            i++;
            j++;
        }
    }
    free(m->selected);
    m->selected = ports;
    m->n_selected = n;
}

/* The metadata of the edges of 'mirror'; takes 'meta'.  True if it is new. */
static bool
set_edge_meta(struct topo_ent *mirror, struct topo_map *meta)
{
    struct uuid uuid = topo_key_uuid(&mirror->key);
    char text[UUID_LEN + 1];
    bool changed;

    snprintf(text, sizeof text, UUID_FMT, UUID_ARGS(&uuid));
    topo_map_put_string(meta, "UUID", text);
    topo_map_put_string(meta, "RelationType", "mirroring");
    topo_map_put_string(meta, "Type", "mirroring");
    changed = !topo_map_equal(&mirror->meta, meta);
    if (changed) {
        topo_map_uninit(&mirror->meta);
        topo_map_clone(&mirror->meta, meta);
    }
    topo_map_uninit(meta);
    return changed;
}

void
topo_put_mirror(struct topo *topo, const struct uuid *uuid,
                const struct uuid *selected_ports, size_t n_selected,
                const struct uuid *output, struct topo_map *meta)
{
    struct topo_ent *ent = topo_obtain_row(topo, TOPO_ENT_MIRROR, uuid);
    struct uuid new_output = output ? *output : UUID_ZERO;

    if (!ent) {
        topo_map_uninit(meta);
        return;
    }

    struct topo_ent_mirror *m = &ent->mirror;
    bool changed = topo_set_present(ent);

    changed |= set_edge_meta(ent, meta);
    changed |= !uuid_equals(&m->output, &new_output);
    m->output = new_output;
    set_selected(topo, ent, sorted_copy(selected_ports, n_selected),
                 n_selected);
    for (size_t i = 0; changed && i < m->n_selected; i++) {
        touch_port(topo, &m->selected[i]);
    }
}

void
topo_mirror_uninit(struct topo *topo, struct topo_ent *mirror)
{
    set_selected(topo, mirror, NULL, 0);
}

void
topo_hold_mirrors_of(struct topo *topo, struct topo_ent *port)
{
    struct uuid uuid = topo_key_uuid(&port->key);
    const struct selection *s;

    HMAP_FOR_EACH_WITH_HASH (s, node, uuid_hash(&uuid), &topo->selections) {
        if (s->mirror->present && uuid_equals(&s->port, &uuid)) {
            struct topo_key key = topo_key_row(&s->mirror->mirror.output);
            struct topo_node *output = topo_node_of(topo, port, &key);

            if (output && output != port->node) {
                topo_edge_hold(topo, port, port->node, output, "mirroring",
                               "mirroring", &s->mirror->meta);
            }
        }
    }
}
