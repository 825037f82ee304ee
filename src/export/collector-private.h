/* collector-private.h -- what the files of a collector share.
 *
 * collector.c opens and closes, collector-socket.c and collector-file.c are
 * the kinds.  Below the socket, collector-send.c sends, collector-link.c does
 * so past the kernel's IP, collector-tcp.c as a stream, collector-errors.c
 * listens, collector-away.c holds back what nobody would receive,
 * collector-count.c counts.  All but the counters belong to one thread at a
 * time.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_EXPORT_COLLECTOR_PRIVATE_H
#define OVSPAN_EXPORT_COLLECTOR_PRIVATE_H 1

#include <errno.h>
#include <sys/socket.h>
#include "export/collector.h"
#include "export/pace.h"
#include "export/queue.h"
#include "export/recent.h"

enum { COLLECTOR_BATCH = 64 };  /* Datagrams in one system call. */

enum collector_counter {
    CC_SENT_DATAGRAMS,
    CC_SENT_BYTES,
    CC_QUEUE,
    CC_EMSGSIZE,
    CC_ENOBUFS,
    CC_EAGAIN,
    CC_OTHER,
    CC_REFUSED,
    CC_UNREACHABLE,
    CC_UNREACHABLE_US,          /* A time, not a count. */
    CC_UNREACHABLE_ERRNO,       /* An errno, not a count. */
    CC_UNREACHABLE_BY,          /* enum collector_teller. */
    CC_UNREACHABLE_BY_HIGH,     /* Its address, in two halves. */
    CC_UNREACHABLE_BY_LOW,
    CC_PROTO_UNREACHABLE,
    CC_DEVICE,                  /* An ifindex, not a count. */
    CC_PRESENCE,                /* enum collector_presence, not a count. */
    CC_FILE_ERROR,              /* An errno, of the last write; 0: none. */
    CC_FILE_CHECKED,            /* 1: it was not even tried. */
    N_COLLECTOR_COUNTERS
};

struct collector_file;

struct collector {
    struct exporter_output output;      /* What exporters see. */
    const struct collector_kind *kind;  /* A socket or a file. */
    struct collector_conf conf;         /* As opened; a file: zeros. */
    struct collector_file *file;        /* Of a file; else NULL. */
    int dir_fd;                         /* Of a file: its directory. */
    const struct collector_quota *quota;        /* Likewise; NULL: none. */
    int fd;                             /* Connected, nonblocking. */
    bool ipv6;                          /* Family of the socket. */
    bool wait;                          /* A full queue waits. */
    struct in6_addr src;                /* Local address; IPv4 v4-mapped. */
    uint16_t src_port;                  /* Of UDP and TCP; else 0. */
    struct collector_link *link;        /* NULL: only 'fd' sends. */
    struct collector_tcp *tcp;          /* Of TCP; else NULL. */

    /* Lent datagrams. */
    struct mmsghdr msgs[COLLECTOR_BATCH];       /* First 'n_msgs' in use. */
    struct iovec iovs[COLLECTOR_BATCH][EXPORTER_MAX_IOV]; /* Of 'msgs'. */
    uint32_t lengths[COLLECTOR_BATCH];          /* Of 'msgs', in bytes. */
    size_t n_msgs;                      /* Gathered since the last flush. */

    /* Copied datagrams. */
    struct cqueue queue;                /* Those that wait. */
    struct cpace pace;                  /* When they may leave. */
    bool knocked;                       /* The kernel got the first. */
    bool way_open;                      /* And has left this host. */

    struct crecent recent;              /* What has left lately. */

    /* Unless its CC_PRESENCE is COLLECTOR_HERE; monotonic clock. */
    uint64_t away_until_us;             /* Until it is asked; or, if it was,
                                         * an answer may come (UDP) or has to
                                         * (TCP). */
    uint64_t away_interval_us;          /* Between questions. */

    ATOMIC(uint64_t) counters[N_COLLECTOR_COUNTERS];    /* One writer. */
};

/* Only the thread that the collector belongs to writes, so that no locked
 * instruction is needed. */
static inline void
collector_set(struct collector *c, enum collector_counter which,
              uint64_t value)
{
    atomic_store_relaxed(&c->counters[which], value);
}

static inline uint64_t
collector_get(const struct collector *c, enum collector_counter which)
{
    uint64_t value;

    atomic_read_relaxed(&CONST_CAST(struct collector *, c)->counters[which],
                        &value);
    return value;
}

static inline void
collector_add(struct collector *c, enum collector_counter which, uint64_t n)
{
    collector_set(c, which, collector_get(c, which) + n);
}

/* The kernel has no room now. */
static inline bool
collector_is_busy(int error)
{
    return error == EAGAIN || error == ENOBUFS || error == ENOMEM;
}

/* From here on in the order of who may call whom: each calls those above. */

/* collector-base.c */
uint64_t collector_clock_us(void);      /* Monotonic. */
uint64_t collector_wall_us(void);       /* Since the epoch. */
uint64_t collector_coarse_ms(void);     /* Monotonic, some ms late; quick. */
int collector_set_int(int fd, int level, int option, int value);
void collector_set_sndbuf(int fd);

/* collector-space.c */
/* 0, ENOSPC, or EDQUOT for the bound of all files. */
int collector_check_space(const struct collector *);
/* Why a file cannot be written now: an errno, or 0. */
int collector_file_error(const struct collector *);

/* collector-address.c; an errno, or 0. */
/* The ifindex of what a socket is to be bound to; 0: none. */
int collector_find_device(int fd, const struct collector_conf *);
int collector_bind_device(int fd, const struct collector_conf *);
int collector_bind(int fd, const struct collector_conf *,
                   const struct in6_addr *, uint16_t port);
int collector_connect(int fd, const struct collector_conf *);
/* Asks the kernel which address and port it chose. */
int collector_read_local(struct collector *);

/* collector-away.c */
enum collector_verdict { COLLECTOR_SEND, COLLECTOR_HOLD, COLLECTOR_LOSE };
void collector_away_note(struct collector *);
/* collector_take_turn(), of UDP. */
enum collector_turn collector_away_take_turn(struct collector *,
                                             uint64_t *left_us);
enum collector_verdict collector_away_judge(struct collector *);
void collector_away_forget(struct collector *);     /* All that waits. */
/* Of TCP: it is away, with all that waits; it is being connected to, for
 * 'us' at most; it is here. */
void collector_away_begin(struct collector *);
void collector_away_ask(struct collector *, uint64_t us, bool first);
void collector_away_end(struct collector *);

/* collector-count.c */
/* A datagram that the kernel refused for good. */
void collector_count_loss(struct collector *, int error);
/* 'by': who says so by ICMP; NULL: this host. */
void collector_note_unreachable(struct collector *, int error,
                                const struct in6_addr *by, uint64_t now_us);
void collector_get_sent__(const struct exporter_output *,
                          struct exporter_sent *);

/* collector-errors.c */
void collector_read_errors(struct collector *, uint64_t now_us);

/* collector-link.c */
struct collector_link *collector_link_create(void);
void collector_link_destroy(struct collector_link *);
/* What is known of the path beyond the hop. */
void collector_link_set_mtu(struct collector_link *, uint32_t mtu);
enum collector_hop_type collector_link_hop(const struct collector_link *);
size_t collector_link_send(struct collector *, size_t from, bool stop_if_busy,
                           bool *busy);

/* collector-tcp.c; of collectors that have a 'tcp', but for the first. */
/* Records that were given to the kernel and are not acknowledged. */
size_t collector_tcp_on_way(const struct collector *);
int collector_tcp_set_options(int fd);
struct collector_tcp *collector_tcp_create(void);
void collector_tcp_destroy(struct collector_tcp *);
/* What is new of the connection. */
void collector_tcp_look(struct collector *);
void collector_tcp_take_turn(struct collector *, uint64_t *left_us);
/* Sends of the queue what can go. */
void collector_tcp_push(struct collector *);
/* What is on its way counts as sent. */
void collector_tcp_settle(struct collector *);
/* The connection will not be used any more; what has not begun stays. */
void collector_tcp_leave(struct collector *);

/* collector-send.c */
void collector_send(struct collector *, const struct exporter_dgram *,
                    size_t n);

/* The kinds.  A kind's 'open' fills a collector of zeros that has its table
 * and no descriptor; if it fails, 'close' is called all the same. */
struct collector_kind {
    /* Of 'output'. */
    void (*send)(struct exporter_output *, const struct exporter_dgram *,
                 size_t n);
    void (*flush)(struct exporter_output *);
    /* collector_run(). */
    void (*run)(struct collector *, uint64_t now_us);
    /* Ends what was begun and frees what is the kind's own; collector.c closes
     * the descriptor after that. */
    void (*close)(struct collector *);
};

/* collector-file.c */
extern const struct collector_kind collector_file_kind;
int collector_file_open(struct collector *,
                        const struct collector_file_conf *);

/* collector-socket.c */
extern const struct collector_kind collector_socket_kind;
int collector_socket_open(struct collector *, const struct collector_conf *);

#endif /* export/collector-private.h */
