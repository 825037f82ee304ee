/* lib-options.h -- the options of libopenvswitch that our programs share.
 *
 * Logging and SSL.  A program puts their enumerators first in its own, their
 * rows into its table, and asks for each option that is none of its own.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_LIB_OPTIONS_H
#define OVSPAN_BASE_LIB_OPTIONS_H 1

#include <limits.h>
#include <stdbool.h>
#include "base/ovs-daemon.h"
#include "openvswitch/vlog.h"

enum {
    OPT_BOOTSTRAP_CA_CERT = UCHAR_MAX + 1,
    OPT_PEER_CA_CERT,
    VLOG_OPTION_ENUMS,
    SSL_OPTION_ENUMS,
    LIB_OPTION_END,             /* A program's own begin here. */
};

/* Beside VLOG_LONG_OPTIONS. */
#define LIB_SSL_LONG_OPTIONS                                            \
    STREAM_SSL_LONG_OPTIONS,                                            \
    { "bootstrap-ca-cert", required_argument, NULL,                     \
      OPT_BOOTSTRAP_CA_CERT },                                          \
    { "peer-ca-cert", required_argument, NULL, OPT_PEER_CA_CERT }

/* Handles option 'c' with its 'optarg'; returns false if it is none of these.
 * --log-file without a name means 'log_name' in our directory of logs.  What
 * is wrong is in '*error', which the caller frees, else NULL. */
bool lib_option_handle(int c, const char *log_name, char **error);

#endif /* base/lib-options.h */
