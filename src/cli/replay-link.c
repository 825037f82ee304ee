/* replay-link.c -- what frames a file has, and what is wanted of them.
 *
 * Called by replay.c.  A file may have frames of several link types, by
 * bursts: each is parsed and filtered as what it is.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/replay-private.h"

static const struct replay_link *
find_link(const struct replay *r, int id)
{
    for (size_t i = 0; i < r->n_links; i++) {
        if (r->links[i].id == id) {
            return &r->links[i];
        }
    }
    return NULL;
}

/* A filter that means something for the first link type and nothing for this
 * one ("ether src ..." of raw IP) refuses all frames of this one. */
static char *
add_link(struct replay *r, int id)
{
    const char *name = capture_link_name(r->capture);
    const char *filter = r->draft->capture->filter;
    struct replay_link link = { .id = id, .filter = NULL };
    char *error = NULL;

    if (!pkt_link_from_name(name, &link.link)) {
        return xasprintf("%s: frames of link type %s are not understood",
                         r->path, name);
    }
    if (filter && capture_filter_create(r->capture, filter, &link.filter,
                                        &error)) {
        if (!r->n_links) {
            return error;
        }
        free(error);
    }
    r->judges = filter != NULL;
    r->links = xrealloc(r->links, (r->n_links + 1) * sizeof *r->links);
    r->links[r->n_links++] = link;
    return NULL;
}

char *
replay_use_link(struct replay *r)
{
    int id = capture_link_id(r->capture);

    if (!r->link || r->link->id != id) {
        char *error = find_link(r, id) ? NULL : add_link(r, id);

        if (error) {
            return error;
        }
        r->link = find_link(r, id);
    }
    return NULL;
}

bool
replay_link_match(const struct replay_link *link,
                  const struct capture_frame *frame)
{
    return link->filter && capture_filter_match(link->filter, frame);
}

void
replay_free_links(struct replay *r)
{
    for (size_t i = 0; i < r->n_links; i++) {
        capture_filter_destroy(r->links[i].filter);
    }
    free(r->links);
}

/* ## Directions. ## */

static char *
refuse_direction(const struct replay *r)
{
    return xasprintf("direction: the frames of %s (%s) do not say which way "
                     "they went", r->path, capture_link_name(r->capture));
}

char *
replay_check_direction(const struct replay *r)
{
    return (r->draft->capture->direction == WANT_BOTH
            || capture_says_direction(r->capture)
            ? NULL : refuse_direction(r));
}

char *
replay_check_directions(const struct replay *r)
{
    return (r->packets && r->no_way == r->packets ? refuse_direction(r)
            : NULL);
}
