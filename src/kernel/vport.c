/* vport.c -- the ports of the kernel's datapath that are in other namespaces.
 *
 * OVS_VPORT_CMD_GET tells of each port its device's ifindex and, by the number
 * that the asker's namespace has for it, where that is.  Called by held.c;
 * the parser, by a test, for messages that it makes.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct asking {
    int fd;                     /* Generic netlink, where the switch is. */
    uint32_t buf[32768 / 4];
};

static struct nlmsghdr *
put_request(struct asking *a, uint16_t type, uint8_t cmd, uint8_t version,
            uint16_t flags)
{
    struct nlmsghdr *nlh = mnl_nlmsg_put_header(a->buf);
    struct genlmsghdr *genl;

    nlh->nlmsg_type = type;
    nlh->nlmsg_flags = NLM_F_REQUEST | flags;
    genl = mnl_nlmsg_put_extra_header(nlh, sizeof *genl);
    genl->cmd = cmd;
    genl->version = version;
    return nlh;
}

/* The value of an attribute behind 'header' octets of 'nlh', or 'def'. */
static uint32_t
get_u32(const struct nlmsghdr *nlh, size_t header, uint16_t type, uint32_t def)
{
    const struct nlattr *attr;

    if (mnl_nlmsg_get_payload_len(nlh) < header) {
        return def;
    }
    mnl_attr_for_each (attr, nlh, header) {
        if (mnl_attr_get_type(attr) == type) {
            size_t n = mnl_attr_get_payload_len(attr);

            return (n >= sizeof(uint32_t) ? mnl_attr_get_u32(attr)
                    : n == sizeof(uint16_t) ? mnl_attr_get_u16(attr) : def);
        }
    }
    return def;
}

/* The number of a family, or 0: the module is not loaded. */
static uint16_t
find_family(struct asking *a, const char *name)
{
    struct nlmsghdr *nlh = put_request(a, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1,
                                       0);

    mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, name);
    return (kern_ask(a->fd, nlh, GENL_ID_CTRL, a->buf, sizeof a->buf) ? 0
            : get_u32((struct nlmsghdr *) a->buf, sizeof(struct genlmsghdr),
                      CTRL_ATTR_FAMILY_ID, 0));
}

bool
kern_vport_parse(const void *buf, int n, kern_vport_cb *cb, void *aux)
{
    const size_t header = sizeof(struct genlmsghdr)
                          + sizeof(struct ovs_header);
    const struct nlmsghdr *nlh = buf;

    for (; kern_message_ok(nlh, n); nlh = mnl_nlmsg_next(nlh, &n)) {
        if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR) {
            return false;
        }
        int ifindex = get_u32(nlh, header, OVS_VPORT_ATTR_IFINDEX, 0);
        int nsid = get_u32(nlh, header, OVS_VPORT_ATTR_NETNSID, -1);

        if (ifindex > 0 && nsid >= 0
            && get_u32(nlh, header, OVS_VPORT_ATTR_TYPE, 0)
               == OVS_VPORT_TYPE_INTERNAL) {
            cb(ifindex, nsid, aux);
        }
    }
    return true;
}

/* Sends 'nlh', and gives each datagram of the answer to 'take', until that
 * returns false. */
static void
dump(struct asking *a, const struct nlmsghdr *nlh,
     bool (*take)(const void *buf, int n, void *aux), void *aux)
{
    struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
    ssize_t n = sendto(a->fd, nlh, nlh->nlmsg_len, 0,
                       (struct sockaddr *) &kernel, sizeof kernel);

    while (n >= 0) {
        n = recv(a->fd, a->buf, sizeof a->buf, MSG_DONTWAIT);
        if (n <= 0 || !take(a->buf, n, aux)) {
            break;
        }
    }
}

/* ## The datapaths. ## */

enum { MAX_DPS = 64 };

struct dps {
    int ifindexes[MAX_DPS];
    size_t n;
};

static bool
take_dps(const void *buf, int n, void *dps_)
{
    struct dps *dps = dps_;
    const struct nlmsghdr *nlh = buf;

    for (; kern_message_ok(nlh, n); nlh = mnl_nlmsg_next(nlh, &n)) {
        const struct ovs_header *ovs
            = mnl_nlmsg_get_payload_offset(nlh, sizeof(struct genlmsghdr));

        if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR) {
            return false;
        }
        if (mnl_nlmsg_get_payload_len(nlh)
            >= sizeof(struct genlmsghdr) + sizeof *ovs && dps->n < MAX_DPS) {
            dps->ifindexes[dps->n++] = ovs->dp_ifindex;
        }
    }
    return true;
}

/* ## Where they are. ## */

struct vport {
    int ifindex;
    int nsid;
};

struct finding {
    struct kern *kern;
    struct kern_held *held;
    struct vport *vports;
    size_t n, allocated;
};

static void
add_vport(int ifindex, int nsid, void *f_)
{
    struct finding *f = f_;

    if (f->n >= f->allocated) {
        f->vports = x2nrealloc(f->vports, &f->allocated, sizeof *f->vports);
    }
    f->vports[f->n++] = (struct vport) { ifindex, nsid };
}

static bool
take_ports(const void *buf, int n, void *f)
{
    return kern_vport_parse(buf, n, add_vport, f);
}

/* The number that our namespace has for the one at 'path', or -1. */
static int
ask_nsid(int fd, const char *path)
{
    uint32_t buf[1024];
    struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
    int ns_fd = open(path, O_RDONLY | O_CLOEXEC);

    if (ns_fd < 0) {
        return -1;
    }
    nlh->nlmsg_type = RTM_GETNSID;
    mnl_nlmsg_put_extra_header(nlh, sizeof(struct rtgenmsg));
    mnl_attr_put_u32(nlh, NETNSA_FD, ns_fd);
    int nsid = (kern_ask(fd, nlh, RTM_NEWNSID, buf, sizeof buf) ? -1
                : (int) get_u32((struct nlmsghdr *) buf,
                                sizeof(struct rtgenmsg), NETNSA_NSID, -1));
    close(ns_fd);
    return nsid;
}

static void
locate(struct finding *f)
{
    int fd = (f->n ? socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)
              : -1);
    const struct kern_netns *ns;

    if (fd < 0) {
        return;
    }
    HMAP_FOR_EACH (ns, cookie_node, &f->kern->by_cookie) {
        int nsid = ns->path ? ask_nsid(fd, ns->path) : -1;

        for (size_t i = 0; i < f->n && nsid >= 0; i++) {
            if (f->vports[i].nsid == nsid) {
                kern_held_add(f->held, ns->cookie, f->vports[i].ifindex);
            }
        }
    }
    close(fd);
}

static int
ask_all(void *f)
{
    struct asking a = {
        .fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC),
    };
    struct dps dps = { .n = 0 };

    if (a.fd < 0) {
        return errno;
    }
    uint16_t dp_family = find_family(&a, OVS_DATAPATH_FAMILY);
    uint16_t vport_family = find_family(&a, OVS_VPORT_FAMILY);

    if (dp_family && vport_family) {
        struct nlmsghdr *nlh = put_request(&a, dp_family, OVS_DP_CMD_GET,
                                           OVS_DATAPATH_VERSION, NLM_F_DUMP);

        mnl_nlmsg_put_extra_header(nlh, sizeof(struct ovs_header));
        dump(&a, nlh, take_dps, &dps);
    }
    for (size_t i = 0; i < dps.n; i++) {
        struct nlmsghdr *nlh = put_request(&a, vport_family,
                                           OVS_VPORT_CMD_GET,
                                           OVS_VPORT_VERSION, NLM_F_DUMP);
        struct ovs_header *ovs
            = mnl_nlmsg_put_extra_header(nlh, sizeof *ovs);

        ovs->dp_ifindex = dps.ifindexes[i];
        dump(&a, nlh, take_ports, f);
    }
    close(a.fd);
    locate(f);
    return 0;
}

void
kern_vport_find(struct kern *kern, struct kern_held *held)
{
    char *path = xasprintf("/proc/%ld/ns/net", (long int) kern->switch_pid);
    struct finding f = { .kern = kern, .held = held };

    kern_call_in_netns(path, kern->switch_cookie, ask_all, &f);
    free(f.vports);
    free(path);
}
