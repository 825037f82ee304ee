/* options.h -- the options of a target, checked.
 *
 * Private to the room.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_TARGET_OPTIONS_H
#define OVSPAN_TARGET_OPTIONS_H 1

#include "target/target.h"

/* NULL if 'class' has no such option. */
const struct target_option *target_option_find(const struct target_class *,
                                               const char *name);

/* True if 'choice', of 'length' bytes, is one of those that 'value' joins. */
bool target_set_has(const char *value, const char *choice, size_t length);

/* Adds each of 'options' in its canonical spelling to 'checked'.  Returns NULL
 * or an error text that the caller frees. */
char *target_options_check(const struct target_class *,
                           const struct smap *options, struct smap *checked)
    OVS_WARN_UNUSED_RESULT;

#endif /* target/options.h */
