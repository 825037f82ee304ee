/* target.h -- from a target to the collector that it names.
 *
 * For those who open collectors: the daemon's engine and `ovspan replay`.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_EXPORT_TARGET_H
#define OVSPAN_EXPORT_TARGET_H 1

#include "export/collector.h"
#include "target/target.h"

/* Fills '*conf' for the collector of 'target', whose address is 'dst'.
 * Returns NULL or an error text that the caller frees. */
char *collector_conf_from_target(const struct target *,
                                 const struct in6_addr *dst,
                                 struct collector_conf *)
    OVS_WARN_UNUSED_RESULT;

/* What 'error', of collector_open() for 'target', means and what to do about
 * it; the caller frees it. */
char *collector_open_detail(const struct target *, int error);

/* Opens the file of a target that is one: in the directory of capture files,
 * as NAME.TAP and its type's suffix, or, if 'tap' is NULL, where its name
 * says, in place of one that is there.  0, or a positive errno and in
 * '*detail' a sentence, which the caller frees. */
int collector_open_named(const struct target *, const char *tap,
                         const struct collector_quota *,
                         struct collector **, char **detail);
/* Where that is: its path, which the caller frees. */
char *collector_named_path(const struct target *, const char *tap);
/* Why it cannot be written, for collector_stats' 'file_error' or what opening
 * it returned. */
char *collector_file_detail(const struct target *, const char *tap, int error);

/* The instance that a stream of 'target' shows on the wire: by the engine or
 * the domain that the user chose, if any, else 'instance'. */
uint32_t collector_shown_instance(const struct target *, uint32_t instance);

/* What the collector's host answered, as a sentence. */
char *collector_unreachable_detail(const struct target *,
                                   const struct collector_stats *);

#endif /* export/target.h */
