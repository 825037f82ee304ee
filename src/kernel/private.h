/* private.h -- what the files of this room know together.
 *
 * A 'struct kern' has a table of namespaces; each has one rtnetlink socket,
 * opened inside it, and a table of its links.  The tables hold what the kernel
 * said last; publish.c turns a link of the table into the topology's words.
 *
 * Invariant: while a namespace is in the table with an open socket it is
 * alive, so (device, inode) finds it without doubt; its name for everybody
 * else is its cookie.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_KERNEL_PRIVATE_H
#define OVSPAN_KERNEL_PRIVATE_H 1

#include <netinet/in.h>
#include <linux/if.h>
#include <sys/types.h>
#include "base/ovs.h"
#include "kernel/kernel.h"
#include "topo/value.h"

struct nlattr;
struct nlmsghdr;

#define KERN_NETNS_DIR "/var/run/netns"
#define KERN_NETNS_PARENT "/var/run"
/* Time between two scans of the processes, in ms. */
#define KERN_SCAN_INTERVAL 2000

struct kern {
    struct topo *topo;          /* Written, not owned. */
    int epoll_fd;               /* Every namespace's socket. */
    struct hmap by_inode;       /* 'struct kern_netns'es, all. */
    struct hmap by_cookie;      /* Those that are read. */
    struct kern_netns *host;    /* Our own. */
    int rcvbuf;                 /* Bytes wanted of a socket's buffer. */

    /* names.c. */
    int inotify_fd;             /* -1: names are only seen by scans. */
    int dir_wd;                 /* Watch of KERN_NETNS_DIR, or -1. */
    int parent_wd;              /* Watch of KERN_NETNS_PARENT, or -1. */
    int mounts_fd;              /* Tells that a mount came or went, or -1. */
    int mounts_wake_fd;         /* Likewise, and only wakes us. */
    struct shash names;         /* 'struct kern_name's, by file name. */
    long long int names_due;    /* When to look at one again. */

    /* procs.c. */
    long long int scan_at;      /* When to look at all processes again. */
    pid_t switch_pid;           /* ovs-vswitchd, or 0. */
    topo_cookie switch_cookie;  /* As told to 'topo'. */
    bool scanned;               /* The first scan is over. */
    uint64_t n_found;           /* Namespaces so far, those gone too. */
    bool denied;                /* It was said that some are unreadable. */

    /* held.c. */
    size_t n_lacking;           /* topo_n_lacking() when it was last asked. */
    long long int held_at;      /* When to look again. */

    /* What very many links have in common. */
    char *veth_driver;          /* A text; NULL: not asked for yet. */
    int veth_speed;             /* As a link's. */
    unsigned int put_flags;     /* The flags that were put last... */
    struct topo_value put_flag_names;   /* ...as a list; empty: none. */

    size_t n_uppers;            /* Links that are on others. */
    struct ovs_list dirty;      /* 'struct kern_link's to put, each once. */
    bool resolve;               /* There may be new answers for lost links. */
    bool more;                  /* Messages were left unread. */
    bool lost_events;           /* A namespace did. */
    bool synced;                /* Everything was read once. */

    /* A datagram.  A dump's grow to what the reader offers, up to 32 KiB. */
    uint32_t buf[65536 / 4];
};

/* What of a namespace's reading is going on; see rtnl.c. */
enum kern_dump {
    KERN_DUMP_IDLE,             /* Nothing: events only. */
    KERN_DUMP_LINKS,            /* RTM_GETLINK. */
    KERN_DUMP_ADDRS,            /* RTM_GETADDR. */
    KERN_DUMP_NSIDS,            /* RTM_GETNSID of what the links refer to. */
};

struct kern_netns {
    struct hmap_node inode_node;  /* In kern's 'by_inode'. */
    struct hmap_node cookie_node; /* In kern's 'by_cookie' if 'fd' >= 0. */
    struct kern *kern;          /* Whose it is. */
    dev_t dev;                  /* Of its file. */
    ino_t ino;                  /* Of its file. */
    topo_cookie cookie;         /* 0: not readable. */
    struct sset names;          /* In KERN_NETNS_DIR. */
    pid_t pid;                  /* Lowest process there, or 0. */
    pid_t scan_pid;             /* The same, of a scan under way. */
    char *name;                 /* As put; NULL: not put, or the host's. */
    char *path;                 /* As put. */
    long long int retry_at;     /* If not readable: when to try again. */

    int fd;                     /* rtnetlink, or -1. */
    uint32_t portid;            /* Its address. */
    uint32_t seq;               /* Of the last request. */
    enum kern_dump dump;        /* What is being read. */
    uint32_t dump_seq;          /* Its request. */
    bool dump_again;            /* It is out of date already. */
    int dump_tries;             /* In a row without a good one. */
    bool lost_events;           /* Read it again when nothing is queued. */
    bool stale;                 /* Read it again at the next scan. */
    bool complete;              /* It was read in full at least once. */
    uint32_t gen;               /* Of the last reading. */

    struct hmap links;          /* 'struct kern_link's, by ifindex. */
    struct hmap nsids;          /* 'struct kern_nsid's, by id. */
    struct ovs_list asks;       /* 'struct kern_ask's under way. */
    struct ovs_list lost;       /* Links whose 'far' is not known. */
    bool passed_over;           /* Some were not asked for. */
    struct ovs_list moves;      /* 'struct kern_move's to an unknown one. */
};

struct kern_addr {
    struct in6_addr addr;       /* IPv4 as v4-mapped. */
    struct in6_addr peer;       /* Of a point-to-point link, else 'addr'. */
    uint8_t plen;               /* In the address's own family. */
    uint32_t gen;               /* Of the last reading that saw it. */
};

/* What of the other end of a veth may be stale. */
enum kern_doubt {
    KERN_DOUBT_NONE,
    KERN_DOUBT_KNOWN,           /* Where it says to refer to, if known. */
    KERN_DOUBT_ALL,             /* That, or the number it has for there. */
};

struct kern_link {
    struct hmap_node node;      /* In netns's 'links'. */
    struct ovs_list dirty_node; /* In kern's 'dirty', or empty. */
    struct ovs_list lost_node;  /* In netns's 'lost', or empty. */
    struct kern_netns *netns;   /* Where it is. */
    int ifindex;                /* There. */
    uint32_t gen;               /* Of the last reading that saw it. */
    char name[IFNAMSIZ];        /* IFLA_IFNAME. */
    char *kind;                 /* IFLA_INFO_KIND, or ""; a text. */
    unsigned int flags;         /* IFF_*. */
    unsigned short int type;    /* ARPHRD_*. */
    uint32_t mtu;               /* IFLA_MTU. */
    uint8_t operstate;          /* IFLA_OPERSTATE: IF_OPER_*. */
    uint8_t mac_len;            /* Octets of 'mac'. */
    uint8_t mac[32];            /* IFLA_ADDRESS. */
    int master;                 /* IFLA_MASTER, or 0. */
    int lower;                  /* IFLA_LINK: peer or parent, or 0. */
    int nsid;                   /* IFLA_LINK_NETNSID, or -1. */
    topo_cookie far;            /* Where 'lower' is; 0: not known. */
    int vlan;                   /* IFLA_VLAN_ID, or -1. */
    int bond_mode;              /* IFLA_BOND_MODE, or -1. */
    struct kern_addr *addrs;    /* Sorted. */
    unsigned int n_addrs;       /* In use. */
    int speed;                  /* From ethtool, in Mbit/s, or -1. */
    char *driver;               /* From ethtool; a text, or NULL. */
    bool probed;                /* Both were asked for. */
    bool is_upper;              /* It is on a link that is not its peer. */
    enum kern_doubt doubt;      /* The veth at the other end may be stale. */
    bool scanned;               /* A scan was made to find 'far'. */
    uint64_t asked;             /* kern's 'n_found' when all were asked. */
};

/* A namespace as another one numbers it. */
struct kern_nsid {
    struct hmap_node node;      /* In netns's 'nsids'. */
    int id;                     /* The number. */
    topo_cookie cookie;         /* Which that is. */
};

/* An RTM_GETNSID without an answer yet. */
struct kern_ask {
    struct ovs_list node;       /* In netns's 'asks'. */
    uint32_t seq;               /* The request. */
    topo_cookie cookie;         /* The namespace it asks about. */
};

/* A link that left for a namespace that is not known yet. */
struct kern_move {
    struct ovs_list node;       /* In netns's 'moves'. */
    int old_ifindex;            /* Here. */
    int nsid;                   /* Of the new namespace. */
    int new_ifindex;            /* There. */
    bool scanned;               /* A scan was made to find it. */
    long long int until;        /* When to give up. */
};

/* table.c. */
struct kern_netns *kern_netns_find(const struct kern *, dev_t, ino_t);
struct kern_netns *kern_netns_create(struct kern *, dev_t, ino_t);
struct kern_netns *kern_netns_by_cookie(const struct kern *, topo_cookie);
struct kern_link *kern_link_find(const struct kern_netns *, int ifindex);
struct kern_link *kern_link_add(struct kern_netns *, int ifindex);
bool kern_link_is_veth(const struct kern_link *);
void kern_link_remove(struct kern_link *);
void kern_link_touch(struct kern_link *);
/* Devices that the switch holds. */
struct kern_held {
    struct topo_device *devices;
    size_t n, allocated;
};
void kern_held_add(struct kern_held *, topo_cookie, int ifindex);

/* socket.c. */
int kern_socket_open(struct kern_netns *, int ns_fd);
void kern_socket_close(struct kern_netns *);
void kern_socket_set_rcvbuf(const struct kern_netns *);
int kern_socket_send(struct kern_netns *, struct nlmsghdr *);
void kern_link_request(struct kern_netns *, int ifindex);

/* netns.c. */
struct kern_netns *kern_netns_add(struct kern *, const char *path);
void kern_netns_add_host(struct kern *);
void kern_netns_say_denied(struct kern *, const char *path, int error);
void kern_netns_refresh(struct kern_netns *);
void kern_netns_retry(struct kern_netns *, long long int now);
void kern_netns_destroy(struct kern_netns *);

/* names.c. */
void kern_names_init(struct kern *);
void kern_names_uninit(struct kern *);
void kern_names_run(struct kern *);
void kern_names_wait(struct kern *);
void kern_names_scan(struct kern *);

/* procs.c. */
void kern_procs_scan(struct kern *);
void kern_procs_find_switch(struct kern *);

/* enter.c. */
int kern_call_in_fd(int ns_fd, topo_cookie, int (*cb)(void *aux), void *aux);

/* rtnl.c. */
void kern_rtnl_dump(struct kern_netns *);
void kern_rtnl_settle(struct kern_netns *);
void kern_rtnl_handle(struct kern_netns *, const void *messages, size_t n);
bool kern_rtnl_run(struct kern_netns *, int *budget);
void kern_rtnl_reread(struct kern *);

/* ask.c. */
bool kern_message_ok(const struct nlmsghdr *, int left);
int kern_ask(int fd, struct nlmsghdr *, uint16_t answer, void *buf,
             size_t size);

/* route.c. */
int kern_route_ask(int fd, const struct in6_addr *dst,
                   const struct in6_addr *src, uint8_t tos, int ifindex,
                   struct kern_route *);

/* xfrm.c. */
bool kern_xfrm_sends(void);

/* link.c. */
void kern_link_parse(struct kern_netns *, const struct nlmsghdr *, bool own);

/* addr.c. */
/* Stores the address that 'attr' is, IPv4 as v4-mapped; leaves '*addr' if it
 * is none. */
void kern_addr_read(const struct nlattr *attr, struct in6_addr *addr);
/* Adds 'addr' as an attribute, a v4-mapped one as IPv4. */
void kern_addr_put(struct nlmsghdr *, uint16_t type, const struct in6_addr *);
int kern_addr_compare(const struct kern_addr *, const struct kern_addr *);
void kern_addr_parse(struct kern_netns *, const struct nlmsghdr *);
void kern_addr_prune(struct kern_link *);

/* nsid.c. */
void kern_nsid_locate(struct kern_link *);
void kern_nsid_find_lost(struct kern_netns *);
void kern_nsid_moved(struct kern_netns *, int old_ifindex, int nsid,
                     int new_ifindex);
void kern_nsid_parse(struct kern_netns *, const struct nlmsghdr *, bool own);
void kern_nsid_unask(struct kern_netns *, uint32_t seq);
void kern_nsid_resolve(struct kern *);
void kern_nsid_ask_lost(struct kern_netns *);
void kern_nsid_expire(struct kern_netns *, long long int now);
void kern_nsid_drop_asks(struct kern_netns *);
void kern_nsid_clear(struct kern_netns *);

/* vport.c. */
void kern_vport_find(struct kern *, struct kern_held *);

/* publish.c. */
void kern_publish_netns(struct kern_netns *);
void kern_publish_dirty(struct kern *);
void kern_publish_renamed(struct kern_netns *);

/* ethtool.c. */
void kern_ethtool_probe(struct kern_link *);

#endif /* kernel/private.h */
