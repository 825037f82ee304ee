/* inside.h -- what the files of the planner share; for src/plan/ alone.
 *
 * A case is one point towards one target of a capture.  Each backend has a
 * rule: may it carry this case, and if so, with which rows; else why not.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLAN_INSIDE_H
#define OVSPAN_PLAN_INSIDE_H 1

#include "plan/defects.h"
#include "plan/plan.h"
#include "plan/points.h"

struct plan_case;

/* What has been given away, see budget.c. */
struct plan_budget {
    const struct want_budget *want;
    const struct want_capture *capture; /* That 'n_of_capture' is of. */
    uint64_t n_of_capture;
    uint64_t n_taps;
    uint64_t ring_bytes;
    struct sset rings;          /* By what taps share one. */
    bool small;                 /* Rings of default size are small. */
    bool again;                 /* More fits if they are. */
};
/* Why another tap of the case's capture is one too many, or NULL. */
char *plan_budget_over(struct plan_budget *, const struct plan_case *);
/* Gives a tap that runs what it takes; or says why not. */
char *plan_budget_take(struct plan_budget *, struct plan_tap *);
/* What a tap's detail says of it, or NULL. */
const char *plan_budget_note(const struct plan_budget *,
                             const struct plan_tap *);

struct planner {
    struct plan_budget budget;
    const struct topo *topo;
    const struct have *have;    /* Never NULL. */
    const struct plan_caps *caps;
    long long int now;
    struct plan *plan;
    size_t allocated;           /* Taps that 'plan' has room for. */
    /* tunnel.c: ports of others that are tunnels; looked for once, for there
     * may be many ports. */
    bool tunnels_known;
    const struct topo_node **tunnels;
    size_t n_tunnels;
};

struct plan_case {
    struct planner *p;
    const struct want_capture *c;
    const struct plan_point *point;
    const struct plan_point *whole;     /* The bridge or bond that 'point' is
                                         * a part of; NULL: none. */
    const struct target *target;
    enum want_direction direction;      /* As meant at the point. */
    const struct have_bridge *bridge;   /* That it is on; NULL: none known. */
};

/* Returns NULL if the backend can carry the case, with its rows in 'draft'; or
 * a sentence that the caller frees, and why in one word. */
typedef char *plan_rule(const struct plan_case *, struct native *draft,
                        enum tap_reason *);

plan_rule plan_rule_pcap;               /* rules-own.c */
plan_rule plan_rule_mirror_pcap;
plan_rule plan_rule_mirror;             /* rules-mirror.c */
plan_rule plan_rule_sflow;              /* rules-flow.c */
plan_rule plan_rule_ipfix;
plan_rule plan_rule_netflow;

/* ## rules.c: what rules have in common. ## */

bool plan_is_class(const struct plan_case *, const char *name);
bool plan_is_flows(const struct plan_case *);   /* Flow records? */
/* Whether the case is at OVS; whether what OVS has is known. */
char *plan_check_port(const struct plan_case *, enum tap_reason *);
char *plan_check_known(const struct plan_case *, enum tap_reason *);
/* Stores the namespace that the target is to be sent from, unless NULL, where
 * it says one; the caller frees the path.  False if it is not there. */
bool plan_find_netns(const struct plan_case *, topo_cookie *, char **path);
/* Columns of a capture that OVS has nothing for. */
char *plan_check_plain(const struct plan_case *, const char *who,
                       enum tap_reason *);
/* Returns 'reason' in '*reason' and 'why'. */
char *plan_no(enum tap_reason *reason, enum tap_reason, char *why);
/* Did the bridge's datapath say (Datapath.capabilities) that it cannot? */
bool plan_datapath_lacks(const struct plan_case *, const char *feature);
/* Is it confined to VLANs of the switch? */
bool plan_has_vlans(const struct plan_case *);
/* And so, even at a device, to be captured behind a mirror? */
bool plan_needs_mirror(const struct plan_case *);
/* Begins a draft on the bridge of the case. */
void plan_draft(const struct plan_case *, const char *name, struct native *);
bool plan_has_defect(const struct plan_case *, enum defect_id);

/* ## rules-mirror.c ## */

/* Fills who is selected, and checks that a mirror can be. */
char *plan_select(const struct plan_case *, struct native *,
                  enum tap_reason *);
/* Whether there is room for one more mirror. */
char *plan_check_limit(const struct plan_case *, const struct native *,
                       enum tap_reason *);
/* A name for a mirror and its port: 15 characters, the same for the same
 * texts. */
char *plan_mirror_name(const char *a, const char *b, const char *c);

/* ## cut-off.c ## */

/* The names of the ports that carry 'vlan' at the case's bridge, or NULL; the
 * caller frees it. */
char *plan_vlan_ports(const struct plan_case *, int vlan);
/* Whether copies may be flooded in the case's bridge. */
char *plan_check_rspan(const struct plan_case *, int vlan, enum tap_reason *);
/* Says whom the mirror's output takes away. */
void plan_tell_cut_off(const struct plan_case *, const struct native *,
                       struct svec *interferes);

/* ## tunnel.c ## */

/* Fills the port of a mirror to a tunnel, and checks that OVS can. */
char *plan_tunnel(const struct plan_case *, struct native *,
                  enum tap_reason *);

/* Tells the plan which ports of others wait for tunnels of ours to go. */
void plan_find_blocked(struct planner *);

/* ## natives.c ## */

/* The native of the plan that is the same thing as 'draft', or NULL. */
struct native *plan_find_native(const struct plan *, const struct native *);
/* How many of 'kind' run at 'bridge', of those that were put so far. */
size_t plan_count_natives(const struct plan *, enum native_kind kind,
                          const struct have_bridge *bridge);
/* Adds the draft, or adds it to the one that is the same thing; 'draft' is
 * uninitialized then.  'run' is of its capture. */
struct plan_native *plan_put_native(struct plan *, struct native *draft,
                                    bool run);
void plan_sort_natives(struct plan *);

/* ## differs.c ## */

/* What a native tap is like: fills 'differs', 'costs', 'interferes'. */
void plan_describe(const struct plan_case *, struct plan_tap *);
/* Adds "; more" to the detail of a tap. */
void plan_add_detail(struct plan_tap *, const char *more);

/* ## exact.c ## */

/* Stores what makes a mirror lose, repeat or replace packets of the case,
 * which is at a bridge that is known, and returns how many those are.
 * 'shared': it is one mirror for all that the capture selects of the
 * bridge. */
enum { PLAN_MAX_INEXACT = 7 };
size_t plan_inexact(const struct plan_case *, bool shared,
                    const struct defect *[PLAN_MAX_INEXACT]);

/* ## wrapped.c ## */

/* Whether OVS copies what leaves by the port, of the case's bridge, with a
 * tunnel's headers on. */
bool plan_is_wrapped(const struct plan_case *, const struct topo_node *port);
/* What is known of these; false: they cannot be taken off. */
bool plan_wrap(const struct topo_node *port, struct wrap *);
/* Whether a mirror would copy them. */
char *plan_check_wrapped(const struct plan_case *, enum tap_reason *);
/* The names of such ports of the case's bridge, or NULL; the caller frees
 * it. */
char *plan_wrapped_ports(const struct plan_case *);

/* ## headers.c ## */

/* Says of each tap whose bytes have tunnels' headers in them, once all is
 * planned. */
void plan_tell_headers(const struct planner *);

/* ## choose.c ## */

/* Gives 'tap' its backend, or why it has none.  False: a bridge or bond that
 * its parts have to be captured for. */
bool plan_choose(const struct plan_case *, struct plan_tap *, bool run);

#endif /* plan/inside.h */
