/* ovs-daemon.h -- the private headers of libopenvswitch that only programs
 * need: daemonising, control sockets, command lines, SSL options.
 *
 * Used by src/daemon and src/cli, and by ovs-ctl.h; see base/ovs.h.  Calls
 * whose arguments differ from one OVS to the next are ovs_...() here.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_OVS_DAEMON_H
#define OVSPAN_BASE_OVS_DAEMON_H 1

#include "command-line.h"
#include "daemon.h"
#include "dirs.h"
#include "fatal-signal.h"
#include "jsonrpc.h"
#include "memory.h"
#include "openvswitch/json.h"
#include "openvswitch/shash.h"
#include "process.h"
#include "stream-ssl.h"
#include "stream.h"
#include "table.h"
#include "unixctl.h"

/* daemonize_start() of a daemon that keeps what it needs for datapaths, and
 * that has no ports of hardware. */
static inline void
ovs_daemonize_start(void)
{
#ifdef OVS_DAEMONIZE_KEEPS_HARDWARE
    daemonize_start(true, false);
#else
    daemonize_start(true);
#endif
}

/* What --help says of the SSL options that only newer libraries have. */
#ifdef OVS_SSL_HAS_CIPHERSUITES
#define OVS_SSL_CIPHERSUITES_HELP \
    "  --ssl-ciphersuites=SUITES   list of TLS 1.3 ciphersuites to enable\n"
#else
#define OVS_SSL_CIPHERSUITES_HELP ""
#endif
#ifdef OVS_SSL_HAS_SERVER_NAME
#define OVS_SSL_SERVER_NAME_HELP \
    "  --ssl-server-name=NAME      server name for SNI\n"
#else
#define OVS_SSL_SERVER_NAME_HELP ""
#endif
#define OVS_SSL_NEWER_HELP \
    OVS_SSL_CIPHERSUITES_HELP OVS_SSL_SERVER_NAME_HELP

/* The text that a control socket answered with, or NULL where it did not. */
static inline char *
ovs_unixctl_text(const struct json *json)
{
    return (!json || json->type == JSON_NULL ? NULL
            : json->type == JSON_STRING ? xstrdup(json_string(json))
            : json_to_string(json, 0));
}

#ifdef OVS_UNIXCTL_SPEAKS_JSON
/* OVS's own JSON of a text that is JSON, for the caller to destroy; NULL for
 * what its parser refuses. */
static inline struct json *
ovs_json_from_text(const char *text)
{
    /* It takes objects and arrays only, and a number is JSON too. */
    char *object = xasprintf("{\"it\":%s}", text);
    struct json *json = json_from_string(object);
    struct json *it = NULL;

    if (json->type == JSON_OBJECT) {
        it = json_clone(shash_find_data(json_object(json), "it"));
    }
    json_destroy(json);
    free(object);
    return it;
}
#endif

/* unixctl_command_reply() with a text that is JSON: it is JSON too for who has
 * asked for that ("ovs-appctl --format=json"). */
static inline void
ovs_unixctl_reply_json(struct unixctl_conn *conn, const char *text)
{
#ifdef OVS_UNIXCTL_SPEAKS_JSON
    if (unixctl_command_get_output_format(conn) == UNIXCTL_OUTPUT_FMT_JSON) {
        struct json *json = ovs_json_from_text(text);

        if (json) {
            unixctl_command_reply_json(conn, json);
            return;
        }
    }
#endif
    unixctl_command_reply(conn, text);
}

#endif /* base/ovs-daemon.h */
