/* choose.c -- why one backend and not another, in sentences for a person.
 *
 * Called by plan.c for a tap that can be carried out.  What is said here is
 * what `ovspan explain` prints, so each sentence has to be true of the tap at
 * hand.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/choose.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

/* What the sentences depend on. */
struct facts {
    const struct want_capture *capture;
    const struct topo_node *device;
    const struct target_class *class;
    bool flows;                 /* The target takes flow records. */
    bool on_ovs;                /* The device is an OVS port's. */
};

static bool
is_class(const struct facts *f, const char *name)
{
    return !strcmp(f->class->name, name);
}

static bool
is_erspan(const struct facts *f)
{
    return !strncmp(f->class->name, "erspan", strlen("erspan"));
}

static char *
not_an_ovs_port(const struct facts *f)
{
    return xasprintf("%s is not an OVS port", f->device->name);
}

static char *
why_not_mirror(const struct facts *f)
{
    if (!f->on_ovs) {
        return not_an_ovs_port(f);
    } else if (f->flows) {
        return xstrdup("a mirror copies packets; it makes no flow records");
    } else if (is_class(f, "sflow")) {
        return xstrdup("a mirror copies packets; it makes no sFlow samples");
    } else if (is_erspan(f)) {
        return xstrdup("a mirror to a tunnel port would not have exact "
                       "ERSPAN header fields");
    } else if (f->capture->filter) {
        return xstrdup("a mirror with a filter needs OVS 3.4, and native "
                       "mirrors are not there yet");
    } else if (f->capture->sampling > 1) {
        return xstrdup("a mirror does not sample");
    }
    return xstrdup("native mirrors are not there yet");
}

static char *
why_not_sflow(const struct facts *f)
{
    if (!is_class(f, "sflow")) {
        return xasprintf("OVS's sFlow does not speak %s", f->class->name);
    }
    return (f->on_ovs
            ? xstrdup("OVS does sFlow per bridge only, not for one port")
            : not_an_ovs_port(f));
}

static char *
why_not_ipfix(const struct facts *f)
{
    if (!is_class(f, "ipfix")) {
        return xasprintf("OVS's IPFIX does not speak %s", f->class->name);
    }
    return (f->on_ovs
            ? xstrdup("OVS does IPFIX per bridge only, not for one port")
            : not_an_ovs_port(f));
}

static char *
why_not_netflow(const struct facts *f)
{
    if (!is_class(f, "netflow5")) {
        return xasprintf("OVS's NetFlow is version 5 and does not speak %s",
                         f->class->name);
    }
    return (f->on_ovs
            ? xstrdup("OVS does NetFlow per bridge only, not for one port")
            : not_an_ovs_port(f));
}

static char *
why_not_mirror_pcap(const struct facts *f)
{
    return xasprintf("%s has a kernel device, which needs no mirror",
                     f->device->name);
}

static const struct {
    enum plan_backend backend;
    char *(*why_not)(const struct facts *);
} others[] = {
    { PLAN_MIRROR, why_not_mirror },
    { PLAN_SFLOW, why_not_sflow },
    { PLAN_IPFIX, why_not_ipfix },
    { PLAN_NETFLOW, why_not_netflow },
    { PLAN_MIRROR_PCAP, why_not_mirror_pcap },
};

static char *
why_pcap(const struct facts *f)
{
    if (f->capture->backend == WANT_PCAP) {
        return xstrdup("backend=pcap asks for own capture");
    } else if (!f->on_ovs) {
        return xasprintf("%s is not an OVS port, so its packets are captured "
                         "at the device itself", f->device->name);
    } else if (is_erspan(f)) {
        return xstrdup("own capture at the port's kernel device has exact "
                       "ERSPAN header fields");
    } else if (f->flows || is_class(f, "sflow")) {
        return xstrdup("own capture at the port's kernel device sees this "
                       "port alone, which OVS's own exporters cannot");
    }
    return xstrdup("own capture at the port's kernel device changes nothing "
                   "in OVS");
}

void
plan_choose(struct plan_tap *tap, const struct want_capture *capture,
            const struct plan_point *point)
{
    struct facts f = {
        .capture = capture,
        .device = point->device,
        .class = tap->spec->class,
        .flows = (tap->spec->class->payload == TARGET_FLOWS),
        .on_ovs = point->device->bridge != NULL,
    };

    tap->backend = PLAN_PCAP;
    tap->why = why_pcap(&f);
    tap->n_rejected = ARRAY_SIZE(others);
    tap->rejected = xcalloc(ARRAY_SIZE(others), sizeof *tap->rejected);
    for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
        tap->rejected[i].backend = others[i].backend;
        tap->rejected[i].why = others[i].why_not(&f);
    }
}
