/* connect.c -- the connection to the OVSpan database, and what ends a run.
 *
 * Called by ctl.c, wait.c and watch.c.  ctl_fatal() ends the program, with
 * exit status 1, wherever nothing was committed.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/connect.h"
#include <ctype.h>
#include <errno.h>
#include "base/dirs.h"
#include "base/json.h"
#include "base/ovs.h"
#include "base/voice.h"
#include "base/words.h"
#include "ovsdb/ovspan-idl.h"

struct ovsdb_idl *
ctl_connect(const struct db_ctl_conf *conf, bool retry)
{
    struct ovsdb_idl *idl = ovsdb_idl_create_unconnected(&spanrec_idl_class,
                                                         false);

    /* A follower or a relay serves as well as the leader. */
    ovsdb_idl_set_leader_only(idl, false);
    ovsdb_idl_set_remote(idl, conf->db, retry);
    return idl;
}

void
ctl_say_silent(const struct db_ctl_conf *conf, struct voice *voice)
{
    if (voice_is_due(voice)) {
        ovs_error(0, "waiting for the database: the server at %s does not "
                  "answer (%d s)", conf->db, voice_seconds(voice));
    }
    voice_wait(voice);
}

void
ctl_fail_refused(const struct ovsdb_idl_txn *txn)
{
    const char *text = ovsdb_idl_txn_get_error(txn);
    struct jsn *json;
    char *error = jsn_parse(text, &json);

    /* {"error":..., "details":...}; the details are for people. */
    free(error);
    ctl_fatal("the database refused this: %s",
              words_clean(jsn_get_string(json, "details",
                                         jsn_get_string(json, "error",
                                                        text))));
}

void
ctl_fail_to_connect(const struct db_ctl_conf *conf,
                    const struct ovsdb_idl *idl)
{
    int error = ovsdb_idl_get_last_error(idl);

    if (ovsdb_idl_has_ever_connected(idl)) {
        ctl_fatal("lost the connection to %s (%s)", conf->db,
                  ovs_retval_to_string(error));
    } else if (!error || ovsdb_idl_is_connected(idl)) {
        ctl_fatal("the server at %s has no database %s", conf->db,
                  spanrec_idl_class.database);
    }
    if (error == EAFNOSUPPORT) {
        const char *scheme = (conf->db[0] == '/' ? "unix:"
                              : isdigit((unsigned char) conf->db[0]) ? "tcp:"
                              : NULL);

        ctl_fatal("--db=%s: expected unix:FILE, tcp:IP:PORT or ssl:IP:PORT"
                  "%s%s%s", conf->db, scheme ? ", as in --db=" : "",
                  scheme ? scheme : "", scheme ? conf->db : "");
    }
    ctl_fatal("cannot connect to %s (%s)%s", conf->db,
              ovs_retval_to_string(error), dirs_advice(error, conf->is_local));
}
