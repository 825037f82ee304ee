/* lib-options.c -- the options of libopenvswitch that our programs share.  See
 * lib-options.h.
 *
 * libopenvswitch has macros for the cases of a switch; the log file is ours,
 * whose default there would be in the directory of OVS.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "base/lib-options.h"
#include <getopt.h>
#include <stdlib.h>
#include "base/dirs.h"
#include "base/ovs.h"

static char *
use_log_file(const char *name, const char *default_name)
{
    char *path = (name ? xstrdup(name)
                  : xasprintf("%s/%s", dirs_log(), default_name));
    char *error = (vlog_set_log_file(path)
                   ? xasprintf("%s: cannot be opened for logging", path)
                   : NULL);

    free(path);
    return error;
}

bool
lib_option_handle(int c, const char *log_name, char **error)
{
    *error = NULL;
    switch (c) {
    case 'v':
        vlog_set_verbosity(optarg);
        break;
    case OPT_LOG_FILE:
        *error = use_log_file(optarg, log_name);
        break;
    case OPT_SYSLOG_IMPL:
        vlog_set_syslog_method(optarg);
        break;
    case OPT_SYSLOG_TARGET:
        vlog_set_syslog_target(optarg);
        break;
    STREAM_SSL_OPTION_HANDLERS
    case OPT_BOOTSTRAP_CA_CERT:
        stream_ssl_set_ca_cert_file(optarg, true);
        break;
    case OPT_PEER_CA_CERT:
        stream_ssl_set_peer_ca_cert_file(optarg);
        break;
    default:
        return false;
    }
    return true;
}
