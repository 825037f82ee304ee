/* native.c -- the daemon's hand in Open vSwitch.  See native.h.
 *
 *     absent --made--> there --proved--> active
 *        ^               |                 |
 *        +---- somebody else removed or changed it: said, and made again
 *              after a while that doubles each time; never fought for
 *
 * Called by reconcile.c each round.  A transaction that the database refuses
 * is tried again step by step, so that one wrong native does not stop the
 * others.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/native.h"

#include <errno.h>
#include <stdlib.h>
#include "base/ovs.h"
#include "base/words.h"
#include "kernel/kernel.h"
#include "openvswitch/vlog.h"
#include "ovsdb/db/db.h"

VLOG_DEFINE_THIS_MODULE(native);

enum {
    LOST_MIN_MS = 5 * 1000,     /* Before a lost row is made again. */
    LOST_MAX_MS = 60 * 60 * 1000,
    LOST_FORGET_MS = 10 * 60 * 1000,    /* So long it stayed: all is well. */
    ERROR_MIN_MS = 1000,        /* After a refusal. */
    ERROR_MAX_MS = 30 * 1000,
    QUIET_RETRY_MS = 1000,
};

/* What is remembered of one native of the plan. */
struct record {
    struct hmap_node node;      /* In the hand's 'records', by its key. */
    struct native spec;         /* As it was when it was there last. */
    bool wanted;                /* By the plan of now. */
    bool there;                 /* Its rows are as they should be... */
    long long int since;        /* ...since then. */
    bool proved;                /* Was active since then. */
    bool again;                 /* It was once, and is asked for again. */
    unsigned int n_lost;        /* Times that others took it away. */
    unsigned int n_errors;      /* Refusals in a row. */
    long long int retry_at;     /* Not before; LLONG_MIN: now. */
    char *trouble;              /* Why it waits; NULL: it does not. */
    struct plan_proof proof;    /* As of the last round. */
};

struct native_hand {
    struct hmap records;        /* Contains 'struct record's. */
    uint64_t seqno;
    bool one_by_one;            /* After a refusal. */
    struct sset blocked;        /* As in struct plan, as long as ours are
                                 * there, and until the switch was told. */
    unsigned int n_errors;      /* Refusals to remove, in a row. */
    long long int remove_at;    /* Not before; LLONG_MIN: now. */
    struct record *trying;      /* The one that a refusal would be of. */
    bool settled;
    long long int next_wake;    /* LLONG_MAX: never. */
    const char *trouble;        /* Of the switch; lent; NULL: none. */
    bool ask;                   /* The switch is to say that it acts. */
};

struct native_hand *
native_hand_create(void)
{
    struct native_hand *hand = xzalloc(sizeof *hand);

    hmap_init(&hand->records);
    sset_init(&hand->blocked);
    hand->settled = true;
    hand->remove_at = LLONG_MIN;
    hand->next_wake = LLONG_MAX;
    return hand;
}

static void
record_destroy(struct native_hand *hand, struct record *r)
{
    if (hand->trying == r) {
        hand->trying = NULL;
    }
    hmap_remove(&hand->records, &r->node);
    native_uninit(&r->spec);
    free(r->trouble);
    free(r->proof.detail);
    free(r);
}

void
native_hand_destroy(struct native_hand *hand)
{
    struct record *r;

    if (hand) {
        HMAP_FOR_EACH_SAFE (r, node, &hand->records) {
            record_destroy(hand, r);
        }
        hmap_destroy(&hand->records);
        sset_destroy(&hand->blocked);
        free(hand);
    }
}

/* ## Records. ## */

static uint32_t
hash_native(const struct native *n)
{
    return hash_string(n->name, hash_int(n->kind, uuid_hash(&n->bridge)));
}

static struct record *
record_find(const struct native_hand *hand, const struct native *n)
{
    struct record *r;

    HMAP_FOR_EACH_WITH_HASH (r, node, hash_native(n), &hand->records) {
        if (!native_compare(&r->spec, n)) {
            return r;
        }
    }
    return NULL;
}

static struct record *
record_get(struct native_hand *hand, const struct native *n)
{
    struct record *r = record_find(hand, n);

    if (!r) {
        r = xzalloc(sizeof *r);
        native_clone(&r->spec, n);
        r->retry_at = LLONG_MIN;
        r->proof.state = TAP_PENDING;
        hmap_insert(&hand->records, &r->node, hash_native(n));
    }
    return r;
}

static void
set_trouble(struct record *r, long long int delay, char *trouble)
{
    free(r->trouble);
    r->trouble = words_cut(trouble, WORDS_DETAIL);
    free(trouble);
    r->retry_at = time_msec() + delay;
}

static void
clear_trouble(struct record *r)
{
    free(r->trouble);
    r->trouble = NULL;
    r->retry_at = LLONG_MIN;
}

static long long int
double_delay(long long int min, long long int max, unsigned int n)
{
    return MIN(min << MIN(n, 16), max);
}

/* Somebody else's hand was at rows that were as we wanted, and still want,
 * them. */
static void
lost(struct record *r, const struct native *want, bool gone)
{
    long long int delay;

    if (time_msec() - r->since >= LOST_FORGET_MS) {
        r->n_lost = 0;
    }
    delay = double_delay(LOST_MIN_MS, LOST_MAX_MS, r->n_lost++);
    set_trouble(r, delay,
                xasprintf("somebody else %s the %s row%s%s of bridge %s; "
                          "it is made again after %lld s, and later each "
                          "time that this happens",
                          gone ? "removed" : "changed",
                          native_table(want->kind),
                          want->name[0] ? " " : "", want->name,
                          want->bridge_name, delay / 1000));
    VLOG_WARN("%s", r->trouble);
}

static void
update_record(struct record *r, const struct native *want,
              const struct have *have)
{
    const struct have_native *hn = have_find_native(have, want);
    bool there = hn && hn->whole && native_equal(want, &hn->native);

    if (there) {
        if (!r->there || !native_equal(&r->spec, want)) {
            r->since = time_msec();
            r->proved = false;
            native_uninit(&r->spec);
            native_clone(&r->spec, want);
            clear_trouble(r);
            r->n_errors = 0;
        }
    } else if (r->there && native_equal(&r->spec, want)
               && have_find_bridge(have, &want->bridge)) {
        lost(r, want, !hn);
    }
    r->there = there;
}

/* ## Steps. ## */

static bool
must_wait(const struct record *r)
{
    return r && r->retry_at > time_msec();
}

/* Leaves out what has to wait.  Returns the number that is left. */
static size_t
filter_steps(const struct native_hand *hand, struct plan_steps *steps)
{
    size_t n = 0;

    for (size_t i = 0; i < steps->n; i++) {
        const struct native *want = steps->steps[i].want;
        bool wait = (want ? must_wait(record_find(hand, want))
                     : hand->remove_at > time_msec());

        if (!wait) {
            steps->steps[n++] = steps->steps[i];
        }
    }
    return steps->n = n;
}

static void
refused(struct native_hand *hand, const char *error)
{
    struct record *r = hand->trying;
    unsigned int *n_errors = r ? &r->n_errors : &hand->n_errors;

    if (!hand->one_by_one) {
        VLOG_WARN("Open vSwitch's database refused a change (%s); trying "
                  "step by step", error);
        hand->one_by_one = true;
        return;
    }

    long long int delay = double_delay(ERROR_MIN_MS, ERROR_MAX_MS,
                                       (*n_errors)++);
    if (r) {
        set_trouble(r, delay,
                    xasprintf("Open vSwitch's database refused the %s row of "
                              "bridge %s (%s)", native_table(r->spec.kind),
                              r->spec.bridge_name, error));
        VLOG_WARN("%s; trying again in %lld s", r->trouble, delay / 1000);
    } else {
        hand->remove_at = time_msec() + delay;
        VLOG_ERR("Open vSwitch's database refused to remove what is ours "
                 "(%s); trying again in %lld s", error, delay / 1000);
    }
}

/* Returns true if there was one: what is known is of before it then. */
static bool
finish_transaction(struct native_hand *hand, struct db *db)
{
    char *error;
    enum db_verdict verdict = db_apply_run(db, &error);

    if (verdict == DB_FAILED) {
        char *clean = words_cut(error, WORDS_DETAIL);

        refused(hand, clean);
        free(clean);
    } else if (verdict == DB_DONE) {
        hand->n_errors = 0;
    }
    if (verdict != DB_BUSY) {
        hand->trying = NULL;
    }
    free(error);
    return verdict != DB_IDLE;
}

static void
take_steps(struct native_hand *hand, struct db *db, struct plan_steps *steps)
{
    size_t n = filter_steps(hand, steps);

    if (!n) {
        hand->one_by_one = false;
    } else if (db_can_apply(db)) {
        const struct native *want = steps->steps[0].want;

        hand->trying = want ? record_find(hand, want) : NULL;
        db_apply(db, steps->steps, hand->one_by_one ? 1 : n);
        finish_transaction(hand, db);
    }
}

/* ## The switch itself. ## */

void
native_hand_set_trouble(struct native_hand *hand, const char *trouble)
{
    if (hand->trouble != trouble) {
        hand->trouble = trouble;
        hand->seqno++;
    }
}

void
native_hand_ask_again(struct native_hand *hand)
{
    hand->ask = true;
}

/* What was proved was another's proof, or is of before; asks the switch, which
 * answers by cur_cfg.  Returns true if nothing can be told before. */
static bool
ask_again(struct native_hand *hand, struct db *db)
{
    struct record *r;

    if (!hand->ask || hmap_is_empty(&hand->records)) {
        return false;
    }
    HMAP_FOR_EACH (r, node, &hand->records) {
        hand->seqno += r->proof.state != TAP_PENDING;
        r->again |= r->proved;
        r->proved = false;
        r->since = time_msec();
        r->proof.state = TAP_PENDING;
    }
    if (db_can_apply(db)) {
        hand->ask = false;
        db_ask_switch(db);
        finish_transaction(hand, db);
    }
    return true;
}

/* Open vSwitch tries a port that it could not make again only when its
 * database changes: once ours has gone, it is told. */
static void
free_blocked(struct native_hand *hand, struct db *db, const struct plan *plan,
             const struct have *have)
{
    for (size_t i = 0; i < plan->blocked.n; i++) {
        sset_add(&hand->blocked, plan->blocked.names[i]);
    }
    if (!plan->blocked.n && !sset_is_empty(&hand->blocked)
        && have->settled && db_can_apply(db)) {
        char *ports = sset_join(&hand->blocked, ", ", "");
        char *why = xasprintf("nothing of ours is in the way of %s any more",
                              ports);

        db_nudge(db, why);
        sset_clear(&hand->blocked);
        finish_transaction(hand, db);
        free(ports);
        free(why);
    }
}

/* ## Proofs. ## */

static void
log_proof(const struct record *r, const struct native *want)
{
    const char *detail = r->proof.detail ? r->proof.detail : "";
    char *text = xasprintf("%s%s%s of bridge %s: %s %s%s%s",
                           native_table(want->kind), want->name[0] ? " " : "",
                           want->name, want->bridge_name,
                           tap_state_to_string(r->proof.state),
                           tap_reason_to_string(r->proof.reason),
                           *detail ? ": " : "", detail);
    char *clean = words_clean(text);

    VLOG_DBG("%s", clean);
    free(clean);
    free(text);
}

static void
prove(struct native_hand *hand, struct record *r, const struct native *want,
      const struct have *have)
{
    long long int waited = r->there ? time_msec() - r->since : 0;
    struct plan_proof old = r->proof;

    plan_prove(want, have, waited, r->proved, &r->proof);
    r->proved |= r->proof.state == TAP_ACTIVE;
    r->again &= !r->proved;
    if (r->trouble) {
        free(r->proof.detail);
        r->proof.state = TAP_FAILED;
        r->proof.reason = TAP_R_OVS_ERROR;
        r->proof.detail = xstrdup(r->trouble);
    }
    if (old.state != r->proof.state || old.reason != r->proof.reason) {
        log_proof(r, want);
        hand->seqno++;
    }
    free(old.detail);
    if (r->there && waited < PLAN_PROOF_MS) {
        hand->next_wake = MIN(hand->next_wake, r->since + PLAN_PROOF_MS);
    }
    if (r->retry_at > time_msec()) {
        hand->next_wake = MIN(hand->next_wake, r->retry_at);
    }
}

/* A port that somebody waits at has to be up. */
static void
set_device_up(struct native_hand *hand, const struct plan_native *pn)
{
    static struct vlog_rate_limit rl = VLOG_RATE_LIMIT_INIT(1, 5);

    if (pn->run && pn->ifindex && !pn->up) {
        int error = kern_quiet_up(pn->netns_path, pn->netns, pn->ifindex);

        /* One that is gone by now is made again, or its row goes, too. */
        if (error && error != ENODEV) {
            VLOG_WARN_RL(&rl, "%s cannot be set up (%s)",
                         pn->native.port_name, ovs_strerror(error));
        }
        hand->next_wake = MIN(hand->next_wake, time_msec() + QUIET_RETRY_MS);
    }
}

static void
update_records(struct native_hand *hand, const struct plan *plan,
               const struct have *have)
{
    struct record *r;

    HMAP_FOR_EACH (r, node, &hand->records) {
        r->wanted = false;
    }
    for (size_t i = 0; i < plan->n_natives; i++) {
        if (plan->natives[i]->run) {
            r = record_get(hand, &plan->natives[i]->native);
            r->wanted = true;
            update_record(r, &plan->natives[i]->native, have);
        }
    }
    HMAP_FOR_EACH_SAFE (r, node, &hand->records) {
        if (!r->wanted) {
            record_destroy(hand, r);
        }
    }
}

/* True if steps take something away that somebody asked to be gone: who waits
 * for that cannot be told that it is while the switch is not there. */
static bool
take_away(const struct plan_steps *steps)
{
    for (size_t i = 0; i < steps->n; i++) {
        const struct plan_step *step = &steps->steps[i];

        if (step->op == PLAN_DELETE) {
            return true;
        }
        for (size_t j = 0; step->op == PLAN_UPDATE
                           && j < step->have->native.targets.n; j++) {
            if (!svec_contains(&step->want->targets,
                               step->have->native.targets.names[j])) {
                return true;
            }
        }
    }
    return false;
}

/* Likewise, as far as is known, while the database cannot be asked. */
static bool
must_take_away(const struct plan *plan, const struct have *have)
{
    struct plan_steps steps;

    plan_diff(plan, have, &steps);
    bool must = take_away(&steps);
    plan_steps_uninit(&steps);
    return must;
}

/* Nothing that a round could change is open: what waits for others (a proof,
 * somebody else's row, a switch that does not answer) is no reason to wait. */
static bool
is_settled(const struct native_hand *hand, const struct plan_steps *steps,
           const struct have *have)
{
    const struct record *r;

    if (steps->n || (steps->more && have->settled)) {
        return false;
    }
    HMAP_FOR_EACH (r, node, &hand->records) {
        if (!have->settled && !r->proved && r->there
            && time_msec() - r->since < PLAN_PROOF_MS) {
            return false;
        }
    }
    return true;
}

void
native_hand_run(struct native_hand *hand, struct db *db,
                const struct plan *plan, const struct have *have)
{
    struct plan_steps steps;

    hand->next_wake = LLONG_MAX;
    if (finish_transaction(hand, db) || !db_ovs_is_current(db)
        || !have->known) {
        /* Nothing can be done then. */
        hand->settled = (!have->known
                         || (hand->trouble && !must_take_away(plan, have)));
        return;
    }
    update_records(hand, plan, have);
    if (ask_again(hand, db)) {
        hand->settled = false;
        return;
    }
    for (size_t i = 0; i < plan->n_natives; i++) {
        if (plan->natives[i]->run) {
            const struct native *want = &plan->natives[i]->native;

            prove(hand, record_find(hand, want), want, have);
            set_device_up(hand, plan->natives[i]);
        }
    }
    plan_diff(plan, have, &steps);
    take_steps(hand, db, &steps);
    free_blocked(hand, db, plan, have);
    if (hand->remove_at > time_msec()) {
        hand->next_wake = MIN(hand->next_wake, hand->remove_at);
    }
    hand->settled = (hand->trouble ? !take_away(&steps)
                     : is_settled(hand, &steps, have));
    plan_steps_uninit(&steps);
}

void
native_hand_wait(const struct native_hand *hand)
{
    if (hand->next_wake != LLONG_MAX) {
        poll_timer_wait_until(hand->next_wake);
    }
}

uint64_t
native_hand_seqno(const struct native_hand *hand)
{
    return hand->seqno;
}

bool
native_hand_is_settled(const struct native_hand *hand)
{
    return hand->settled;
}

void
native_hand_get_status(const struct native_hand *hand,
                       const struct plan_native *pn,
                       struct engine_status *status)
{
    const struct record *r = record_find(hand, &pn->native);

    memset(status, 0, sizeof *status);
    status->state = r ? r->proof.state : TAP_PENDING;
    status->reason = r ? r->proof.reason : TAP_R_OK;
    status->detail = r ? r->proof.detail : NULL;
    if (r && r->proof.has_stats) {
        status->counted = TAP_COUNTED_SEEN;
        status->stats.packets = r->proof.packets;
        status->stats.bytes = r->proof.bytes;
    }
    if (hand->trouble) {
        status->state = TAP_FAILED;
        status->reason = TAP_R_OVS_ERROR;
        status->detail = hand->trouble;
    } else if (r && r->again && status->state == TAP_PENDING) {
        status->reason = TAP_R_OVS_ERROR;
        status->detail = "Open vSwitch was away: it is asked again whether "
                         "it does this";
    }
}

bool
native_hand_is_made(const struct native_hand *hand,
                    const struct plan_native *pn)
{
    const struct record *r = record_find(hand, &pn->native);

    return r && r->proof.is_made;
}
