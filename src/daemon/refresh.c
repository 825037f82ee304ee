/* refresh.c -- who asks for the counters as they are now.  See refresh.h.
 *
 * Called by reconcile.c around its transaction.  Who asks while one is on its
 * way waits for the next.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/refresh.h"
#include <stdlib.h>
#include "base/ovs-daemon.h"
#include "base/ovs.h"

struct refresh {
    struct ovs_list node;       /* In 'waiting'. */
    struct unixctl_conn *conn;
    bool sent;
};

static struct ovs_list waiting = OVS_LIST_INITIALIZER(&waiting);

void
refresh_start(struct unixctl_conn *conn)
{
    struct refresh *r = xzalloc(sizeof *r);

    r->conn = conn;
    ovs_list_push_back(&waiting, &r->node);
    poll_immediate_wake();
}

bool
refresh_is_wanted(void)
{
    const struct refresh *r;

    LIST_FOR_EACH (r, node, &waiting) {
        if (!r->sent) {
            return true;
        }
    }
    return false;
}

static void
mark(bool sent)
{
    struct refresh *r;

    LIST_FOR_EACH (r, node, &waiting) {
        r->sent = sent;
    }
}

static void
answer(bool all)
{
    struct refresh *r;

    LIST_FOR_EACH_SAFE (r, node, &waiting) {
        if (all || r->sent) {
            unixctl_command_reply(r->conn, "{}");
            ovs_list_remove(&r->node);
            free(r);
        }
    }
}

void
refresh_sent(void)
{
    mark(true);
}

void
refresh_concluded(bool committed)
{
    if (committed) {
        answer(false);
    } else {
        mark(false);
    }
}

void
refresh_give_up(void)
{
    answer(true);
}
