/* capture-provider.c -- what every kind of capture begins and ends with.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-provider.h"
#include "base/ovs.h"

void
capture_init(struct capture *c, const struct capture_class *class,
             const char *name)
{
    c->class = class;
    ovs_refcount_init(&c->refs);
    c->name = xstrdup(name);
}

void
capture_uninit(struct capture *c)
{
    free(c->name);
    free(c->remark);
}
