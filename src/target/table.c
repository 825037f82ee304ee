/* table.c -- the protocols and their options, as data.
 *
 * The one place that names them: parser, checks, manuals and errors read this
 * table.  To add an option is to add a line; to add a protocol, a list of
 * options and a row in 'target_classes'.  A class without an exporter is
 * refused by the planner, not here.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "target/target.h"

#include <string.h>

#define OPT_INT(NAME, MIN, MAX, DEF, HELP) \
    { .name = NAME, .type = TARGET_OPT_INTEGER, .min = MIN, .max = MAX, \
      .def = DEF, .help = HELP }
#define OPT_BOOL(NAME, DEF, HELP) \
    { .name = NAME, .type = TARGET_OPT_BOOL, .def = DEF, .help = HELP }
#define OPT_ADDR(NAME, HELP) \
    { .name = NAME, .type = TARGET_OPT_ADDRESS, .help = HELP }
#define OPT_ENUM(NAME, CHOICES, DEF, HELP) \
    { .name = NAME, .type = TARGET_OPT_ENUM, .choices = CHOICES, \
      .def = DEF, .help = HELP }
#define OPT_NAME(NAME, MAX, HELP) \
    { .name = NAME, .type = TARGET_OPT_NAME, .min = 1, .max = MAX, \
      .help = HELP }
#define OPT_SET(NAME, CHOICES, NOTE, HELP) \
    { .name = NAME, .type = TARGET_OPT_SET, .choices = CHOICES, \
      .note = NOTE, .help = HELP }
#define OPT_END { .name = NULL }

enum {
    DAY = 24 * 60 * 60,         /* Seconds. */
    MIN_IPV4_MTU = 68,          /* RFC 791. */
    MAX_IP_LEN = 65535,
    MAX_INDEX = (1 << 20) - 1,  /* ERSPAN's port index, 20 bits. */
    MAX_HEADER = 1024,          /* Octets of a packet in an sFlow sample. */
    ETHERNET_LEN = 14,
    MAX_DEVICE = 15,            /* Characters. */
    MAX_NETNS = 64,
};

/* Of every protocol with an address. */
#define OPT_SOURCE \
    OPT_ADDR("source", "address to send from (default: as routed)"), \
    OPT_NAME("dev", MAX_DEVICE, \
             "interface or VRF to send by (default: as routed)"), \
    OPT_NAME("netns", MAX_NETNS, \
             "network namespace to send from (default: the host's)")

/* Of all that go to a socket of UDP or TCP. */
#define OPT_SOCKET \
    OPT_INT("ttl", 1, 255, NULL, "hop limit (default: the host's)"), \
    OPT_INT("dscp", 0, 63, "0", "DSCP of what is sent"), \
    OPT_SOURCE

/* Of all whose datagrams go to a UDP socket. */
#define OPT_UDP \
    OPT_INT("rate", 0, UINT32_MAX, "10000", \
            "datagrams a second at most, in bursts of 32 at most; " \
            "0: no bound"), \
    OPT_SOCKET

/* Of all that meter flows. */
#define OPT_METER \
    OPT_INT("active", 1, DAY, "60", \
            "seconds after which a flow that goes on is reported"), \
    OPT_INT("inactive", 1, DAY, "15", \
            "seconds without a packet after which a flow has ended")

/* And send them in datagrams. */
#define OPT_FLOW \
    OPT_METER, \
    OPT_UDP

/* Of all that write files. */
#define OPT_FILES \
    OPT_INT("max-bytes", 4096, INT64_MAX, "100000000", \
            "bytes after which the next file is begun"), \
    OPT_INT("max-files", 1, 1000, "10", \
            "files that are kept; the oldest goes first")

/* Of both that send templates; IPFIX can say more. */
#define FIELDS "icmp end fragment vlan mac ttl mpls tcp mpls-stack priority"
#define OPT_FIELDS(CHOICES, NOTE) \
    OPT_SET("fields", CHOICES, NOTE, \
            "what a record has beside its key, times and counters " \
            "(default: icmp+end+fragment+vlan+mac)")

#define OPT_TEMPLATES \
    OPT_INT("domain", 0, UINT32_MAX, NULL, \
            "source id or observation domain (default: told apart by tap)"), \
    OPT_INT("template-interval", 1, DAY, "60", \
            "seconds between two sendings of the templates"), \
    OPT_ENUM("tcp-flags", "8 16", "8", \
             "bits of TCP flags; with 8 without NS and the reserved ones")

/* Of all that send whole frames over GRE. */
#define OPT_FRAMES \
    OPT_INT("ttl", 1, 255, "64", "hop limit of the outer header"), \
    OPT_INT("dscp", 0, 63, "0", "DSCP of the outer header"), \
    OPT_ENUM("oversize", "fragment truncate", "fragment", \
             "what is done with a frame that does not fit the path's MTU"), \
    OPT_INT("mtu", MIN_IPV4_MTU, MAX_IP_LEN, NULL, \
            "IP MTU in bytes that 'truncate' cuts to " \
            "(default: the path's)"), \
    OPT_BOOL("fix-checksums", "true", \
             "fill in transport checksums that were left to the hardware"), \
    OPT_ENUM("socket", "auto raw", "auto", \
             "'raw': always through the host's IP and netfilter"), \
    OPT_SOURCE

#define OPT_SESSION \
    OPT_INT("session", 0, 1023, "1", "ERSPAN session id")

static const struct target_option netflow5_options[] = {
    OPT_FLOW,
    OPT_INT("engine-type", 0, 255, NULL,
            "engine type in the header (default: told apart by tap)"),
    OPT_INT("engine-id", 0, 255, NULL,
            "engine id in the header (default: told apart by tap)"),
    OPT_END,
};

static const struct target_option netflow9_options[] = {
    OPT_FLOW,
    OPT_TEMPLATES,
    OPT_FIELDS(FIELDS, "biflow needs elements of the way back, which RFC 5103 "
                       "has for ipfix alone"),
    OPT_END,
};

static const struct target_option ipfix_options[] = {
    OPT_FLOW,
    OPT_TEMPLATES,
    OPT_FIELDS(FIELDS " biflow", NULL),
    OPT_END,
};

static const struct target_option sflow_options[] = {
    OPT_INT("header", ETHERNET_LEN, MAX_HEADER, "128",
            "bytes of each sampled packet"),
    OPT_INT("polling", 0, DAY, "30",
            "seconds between two counter samples; 0: none"),
    OPT_ADDR("agent", "agent address (default: the source address)"),
    OPT_UDP,
    OPT_END,
};

static const struct target_option erspan1_options[] = {
    OPT_FRAMES,
    OPT_END,
};

static const struct target_option erspan2_options[] = {
    OPT_SESSION,
    OPT_INT("index", 0, MAX_INDEX, NULL,
            "port index (default: ifIndex and direction)"),
    OPT_FRAMES,
    OPT_END,
};

static const struct target_option erspan3_options[] = {
    OPT_SESSION,
    OPT_FRAMES,
    OPT_END,
};

static const struct target_option gre_options[] = {
    OPT_INT("key", 0, UINT32_MAX, NULL, "GRE key (default: none is sent)"),
    OPT_FRAMES,
    OPT_END,
};

static const struct target_option no_options[] = {
    OPT_END,
};

static const struct target_option pcap_options[] = {
    OPT_FILES,
    OPT_END,
};

static const struct target_option json_options[] = {
    OPT_FLOW,
    OPT_END,
};

static const struct target_option json_tcp_options[] = {
    OPT_METER,
    OPT_SOCKET,
    OPT_END,
};

static const struct target_option json_file_options[] = {
    OPT_METER,
    OPT_FILES,
    OPT_END,
};

#define CLASS(VAR, NAME, ALIAS, ADDRESS, PAYLOAD, PORT, OPTIONS, HELP) \
    static const struct target_class VAR = { \
        .name = NAME, .alias = ALIAS, .address = ADDRESS, \
        .payload = PAYLOAD, .default_port = PORT, .options = OPTIONS, \
        .help = HELP, \
    }

#define FILE_CLASS(VAR, NAME, PAYLOAD, SUFFIX, OPTIONS, HELP) \
    static const struct target_class VAR = { \
        .name = NAME, .address = TARGET_NAME, .payload = PAYLOAD, \
        .suffix = SUFFIX, .options = OPTIONS, .help = HELP, \
    }

CLASS(netflow5, "netflow5", "netflowv5", TARGET_HOST_PORT, TARGET_FLOWS,
      2055, netflow5_options, "flows as NetFlow version 5, IPv4 only");
CLASS(netflow9, "netflow9", NULL, TARGET_HOST_PORT, TARGET_FLOWS,
      2055, netflow9_options, "flows as NetFlow version 9 (RFC 3954)");
CLASS(ipfix, "ipfix", NULL, TARGET_HOST_PORT, TARGET_FLOWS,
      4739, ipfix_options, "flows as IPFIX (RFC 7011)");
CLASS(sflow, "sflow", NULL, TARGET_HOST_PORT, TARGET_PACKETS,
      6343, sflow_options, "packet samples and counters as sFlow version 5");
CLASS(erspan1, "erspan1", NULL, TARGET_HOST, TARGET_PACKETS,
      0, erspan1_options, "frames in GRE as ERSPAN type I, no session id");
CLASS(erspan2, "erspan2", "erspanv1", TARGET_HOST, TARGET_PACKETS,
      0, erspan2_options, "frames in GRE as ERSPAN type II");
CLASS(erspan3, "erspan3", NULL, TARGET_HOST, TARGET_PACKETS,
      0, erspan3_options, "frames in GRE as ERSPAN type III, timestamped");
CLASS(gre, "gre", NULL, TARGET_HOST, TARGET_PACKETS,
      0, gre_options, "frames in GRE (transparent Ethernet bridging)");
CLASS(span, "span", NULL, TARGET_NAME, TARGET_PACKETS,
      0, no_options, "frames to a port of the same bridge");
CLASS(rspan, "rspan", NULL, TARGET_NAME, TARGET_PACKETS,
      0, no_options, "frames to a VLAN of the same bridge");
FILE_CLASS(pcap, "pcap", TARGET_PACKETS, ".pcap", pcap_options,
           "frames to a capture file of this host");
CLASS(json, "json", NULL, TARGET_HOST_PORT, TARGET_FLOWS,
      0, json_options, "flows as JSON, an object a datagram of UDP");
CLASS(json_tcp, "json+tcp", NULL, TARGET_HOST_PORT, TARGET_FLOWS,
      0, json_tcp_options, "flows as JSON, an object a line over TCP");
FILE_CLASS(json_file, "json+file", TARGET_FLOWS, ".json", json_file_options,
           "flows as JSON, an object a line of a file of this host");

static const struct target_option terminal_options[] = {
    OPT_METER,
    OPT_END,
};

const struct target_class target_terminal = {
    .name = "terminal", .address = TARGET_NAME, .payload = TARGET_FLOWS,
    .options = terminal_options, .help = "flows to a process of this host",
};

const struct target_class *const target_classes[] = {
    &netflow5, &netflow9, &ipfix, &sflow, &erspan2, &erspan1, &erspan3, &gre,
    &span, &rspan, &pcap, &json, &json_tcp,
    &json_file,
};
const size_t n_target_classes = ARRAY_SIZE(target_classes);

const struct target_class *
target_class_find(const char *name)
{
    for (size_t i = 0; i < n_target_classes; i++) {
        const struct target_class *class = target_classes[i];

        if (!strcmp(class->name, name)
            || (class->alias && !strcmp(class->alias, name))) {
            return class;
        }
    }
    return NULL;
}
