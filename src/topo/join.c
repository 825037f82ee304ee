/* join.c -- which kernel link an OVS interface is.
 *
 * By the ifindex that OVS tells, in the switch's namespace; by the moves that
 * the kernel told, from where it was last; else among the devices in other
 * namespaces that the switch is known to hold (held.c): by leaving over, by
 * name, and where that says too much or nothing, by a MAC address.  What is
 * not proved, or stays ambiguous, is not joined.
 *
 * Called by render.c for each interface that is dirty.  Invariant: 'intf' of a
 * link and 'link' of an interface always point to each other; of two
 * interfaces that claim one link the surer gets it, whatever came first.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

/* What an interface claims. */
struct claim {
    struct topo_ent *link;      /* NULL: none. */
    enum topo_join_how how;
    bool ambiguous;             /* More than one was possible. */
    bool unproved;              /* One was possible, and not proved. */
};

/* A bound for chains of moves that hostile input might close to a circle. */
enum { MAX_MOVES = 64 };

/* So many moves are remembered, even of links that are gone. */
enum { MANY_MOVES = 1024 };

topo_cookie
topo_switch_netns(const struct topo *topo)
{
    return topo->switch_netns ? topo->switch_netns : topo->host_netns;
}

static struct topo_move *
find_move(const struct topo *topo, const struct topo_key *from)
{
    struct topo_move *move;

    HMAP_FOR_EACH_WITH_HASH (move, node, topo_key_hash(from), &topo->moves) {
        if (topo_key_equal(&move->from, from)) {
            return move;
        }
    }
    return NULL;
}

static void
forget_move(struct topo *topo, struct topo_move *move)
{
    topo_announce_key(topo, &move->from);
    hmap_remove(&topo->moves, &move->node);
    free(move);
}

/* Forgets what led to 'to', and what leads nowhere any more if there is too
 * much to remember.  A link that is gone is not yet proof: the kernel may tell
 * later where it went. */
static void
forget_moves(struct topo *topo, const struct topo_key *to)
{
    bool many = hmap_count(&topo->moves) >= MANY_MOVES;
    struct topo_move *move;

    HMAP_FOR_EACH_SAFE (move, node, &topo->moves) {
        if (topo_key_equal(&move->to, to)
            || (many && !topo_ent_find(topo, &move->to)
                && !find_move(topo, &move->to))) {
            forget_move(topo, move);
        }
    }
}

void
topo_move_link(struct topo *topo, topo_cookie old_netns, int old_ifindex,
               topo_cookie new_netns, int new_ifindex)
{
    struct topo_key from = topo_key_link(old_netns, old_ifindex);
    struct topo_key to = topo_key_link(new_netns, new_ifindex);
    struct topo_move *back = find_move(topo, &to);
    struct topo_move *move;

    if (topo_key_equal(&from, &to)) {
        return;
    }
    if (back) {
        /* It is there again, so it did not move away from there. */
        forget_move(topo, back);
    }
    forget_moves(topo, &to);
    move = find_move(topo, &from);
    if (!move) {
        move = xmalloc(sizeof *move);
        move->from = from;
        hmap_insert(&topo->moves, &move->node, topo_key_hash(&from));
    }
    move->to = to;
    topo_announce_key(topo, &from);
}

/* True if the claim of 'a' on a link is better than that of 'b'. */
static bool
is_surer(enum topo_join_how a_how, const struct topo_ent *a,
         enum topo_join_how b_how, const struct topo_ent *b)
{
    struct uuid a_uuid = topo_key_uuid(&a->key);
    struct uuid b_uuid = topo_key_uuid(&b->key);

    if (a_how != b_how) {
        return a_how > b_how;
    }
    if (!a->intf.ifindex != !b->intf.ifindex) {
        return a->intf.ifindex;
    }
    return uuid_compare_3way(&a_uuid, &b_uuid) < 0;
}

static bool
may_claim(const struct topo_ent *intf, enum topo_join_how how,
          const struct topo_ent *link)
{
    const struct topo_ent *other = link->link.intf;

    return (!other || other == intf
            || is_surer(how, intf, other->intf.how, other));
}

static bool
is_internal(const struct topo_ent *intf)
{
    return !strcmp(intf->intf.type, "internal");
}

/* Whether 'link' may be a device that OVS made. */
static bool
is_made_by_ovs(const struct topo_ent *link)
{
    const char *kind = link->link.in.kind;

    return (!strcmp(kind, "openvswitch") || !strcmp(kind, "tuntap")
            || !strcmp(kind, "tun"));
}

static struct claim
claim_by_ifindex(struct topo *topo, struct topo_ent *intf)
{
    struct claim claim = { .how = TOPO_JOIN_IFINDEX };
    struct topo_key key = topo_key_link(topo_switch_netns(topo),
                                        intf->intf.last_ifindex);

    for (int i = 0; intf->intf.last_ifindex && i < MAX_MOVES; i++) {
        struct topo_ent *link = topo_ent_find(topo, &key);
        struct topo_move *move = find_move(topo, &key);

        topo_follow_key(topo, intf, &key);
        if (link) {
            /* A foreign device may have the name of one that is gone. */
            if ((!is_internal(intf) || is_made_by_ovs(link))
                && may_claim(intf, claim.how, link)) {
                claim.link = link;
            }
            break;
        } else if (!move || !is_internal(intf)) {
            /* The switch lets go of other devices that leave. */
            break;
        }
        key = move->to;
        claim.how = TOPO_JOIN_MOVE;
    }
    return claim;
}

/* Whether 'link' may be 'intf', which was moved away, as far as one can tell
 * from outside. */
static bool
is_candidate(const struct topo *topo, const struct topo_ent *intf,
             const struct topo_ent *link)
{
    return (link->present && topo_is_known_netns(topo, link->link.netns)
            && link->link.in.netns != topo_switch_netns(topo)
            && is_made_by_ovs(link) && may_claim(intf, TOPO_JOIN_HELD, link));
}

static bool
mac_fits(const struct topo_ent *intf, const struct topo_ent *link)
{
    const char *mac = topo_map_find_string(&link->meta, "MAC");
    const char *attached = topo_map_find_string(&intf->meta,
                                                "ExtID.attached-mac");
    const char *in_use = topo_map_find_string(&intf->meta, "MAC");

    return mac && ((attached && !strcasecmp(mac, attached))
                   || (in_use && !strcasecmp(mac, in_use)));
}

/* What was found among the devices that the switch holds. */
struct search {
    struct topo_ent *named;     /* Of the interface's name, the last. */
    struct topo_ent *fitting;   /* Of its MAC, too. */
    size_t n_named;
    size_t n_fitting;
    bool unproved;              /* One of its name is not known to be held. */
};

static void
search_by_name(struct topo *topo, struct topo_ent *intf, struct search *s)
{
    struct topo_ent *link;

    topo_follow(topo, intf, topo_topic_name(intf->name));
    HMAP_FOR_EACH_WITH_HASH (link, link.name_node, hash_string(intf->name, 0),
                             &topo->links_by_name) {
        topo_follow_key(topo, intf, &link->key);
        if (strcmp(link->name, intf->name)
            || !is_candidate(topo, intf, link)) {
            continue;
        }
        if (!topo_is_held(topo, link)) {
            s->unproved = true;
            continue;
        }
        s->named = link;
        s->n_named++;
        if (mac_fits(intf, link)) {
            s->fitting = link;
            s->n_fitting++;
        }
    }
}

static struct claim
claim_held(struct topo *topo, struct topo_ent *intf)
{
    struct topo_ent *link = topo_find_left_over(topo, intf);
    struct search s = { .n_named = 0 };

    topo_follow(topo, intf, topo_topic_name(TOPO_NAME_HELD));
    if (link) {
        topo_follow_key(topo, intf, &link->key);
        if (is_candidate(topo, intf, link)) {
            return (struct claim) { .link = link, .how = TOPO_JOIN_HELD };
        }
    }
    search_by_name(topo, intf, &s);
    return (struct claim) {
        .link = (s.n_named == 1 ? s.named
                 : s.n_fitting == 1 ? s.fitting : NULL),
        .how = TOPO_JOIN_HELD,
        .ambiguous = s.n_named > 1 && s.n_fitting != 1,
        .unproved = s.unproved && !s.n_named,
    };
}

void
topo_part(struct topo *topo, struct topo_ent *intf)
{
    struct topo_ent *link = intf->intf.link;

    if (link) {
        intf->intf.link = NULL;
        intf->intf.how = TOPO_JOIN_NONE;
        link->link.intf = NULL;
        topo_ent_touch(topo, link);
        topo_ent_touch(topo, intf);
        /* Another may have waited for either. */
        topo_announce_key(topo, &link->key);
        topo_announce_key(topo, &intf->key);
    }
}

/* Only these are devices of the kernel under their own name.  (A tunnel's
 * ifindex is that of a device that all tunnels of its type share.) */
static bool
is_joinable(const struct topo_ent *intf)
{
    static const char *const types[] = {
        "", "system", "internal", "tap", "afxdp", "afxdp-nonpmd",
    };

    for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
        if (!strcmp(intf->intf.type, types[i])) {
            return true;
        }
    }
    return false;
}

void
topo_join(struct topo *topo, struct topo_ent *intf)
{
    struct claim claim = { .how = TOPO_JOIN_NONE };

    if (intf->present && is_joinable(intf) && topo_switch_netns(topo)) {
        claim = claim_by_ifindex(topo, intf);
        /* The switch lets go of other devices that leave. */
        if (!claim.link && is_internal(intf)) {
            claim = claim_held(topo, intf);
        }
    }
    if (claim.link != intf->intf.link) {
        topo_part(topo, intf);
        if (claim.link) {
            if (claim.link->link.intf) {
                topo_part(topo, claim.link->link.intf);
            }
            claim.link->link.intf = intf;
            intf->intf.link = claim.link;
            topo_announce_key(topo, &claim.link->key);
            topo_announce_key(topo, &intf->key);
        }
    }
    if (claim.link && intf->intf.how != claim.how) {
        /* Another's claim may be surer now. */
        intf->intf.how = claim.how;
        topo_announce_key(topo, &claim.link->key);
    }
    intf->intf.ambiguous = claim.ambiguous;
    intf->intf.unproved = claim.unproved;
    topo_note_lacking(topo, intf, intf->present && is_internal(intf)
                                  && !claim.link);
    if (claim.link) {
        /* What the interface says shows on the link's node. */
        topo_ent_touch(topo, claim.link);
    }
}
