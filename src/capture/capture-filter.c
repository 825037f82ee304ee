/* capture-filter.c -- check and compile pcap-filter(7) texts.
 *
 * libpcap resolves names of hosts and networks while it compiles, and blocks
 * until a name server answers.  The daemon must not block, so such names are
 * refused before libpcap sees them.  Nothing in libpcap turns resolution off;
 * what can be resolved is a word that its scanner knows neither as a keyword
 * nor as a number or address.  So the words of a filter are looked at here:
 * one that is none of these may stand only where libpcap looks it up in local
 * files (ports and protocols) or not at all.  In doubt a word is refused,
 * which costs a user an address instead of a name, and never blocks.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-private.h"
#include <arpa/inet.h>
#include <ctype.h>
#include <linux/filter.h>
#include <string.h>
#include "base/nearest.h"
#include "base/ovs.h"
#include "capture/capture-compile.h"

/* What a plain word would be, after the last qualifier. */
enum operand {
    OPERAND_HOST,               /* Resolved: refused. */
    OPERAND_LOCAL,              /* Of /etc/services or /etc/protocols. */
    OPERAND_WORD,               /* A word of the language itself. */
};

/* Words that say what the following operands are. */
static const struct qualifier {
    const char *word;
    enum operand operand;
} qualifiers[] = {
    { "port", OPERAND_LOCAL }, { "portrange", OPERAND_LOCAL },
    { "proto", OPERAND_LOCAL }, { "protochain", OPERAND_LOCAL },
    { "type", OPERAND_WORD }, { "subtype", OPERAND_WORD },
    { "dir", OPERAND_WORD }, { "direction", OPERAND_WORD },
    { "ifname", OPERAND_WORD }, { "on", OPERAND_WORD },
    { "rset", OPERAND_WORD }, { "ruleset", OPERAND_WORD },
    { "reason", OPERAND_WORD }, { "action", OPERAND_WORD },
    { "llc", OPERAND_WORD },
    { "host", OPERAND_HOST }, { "net", OPERAND_HOST },
    { "mask", OPERAND_HOST }, { "gateway", OPERAND_HOST },
    { "src", OPERAND_HOST }, { "dst", OPERAND_HOST },
};

/* Words of the language that take no name or whose operands are addresses;
 * after one of them a plain word would be a host. */
static const char keywords[] =
    " link ether ppp slip fddi tr wlan arp rarp ip sctp tcp udp icmp igmp"
    " igrp pim vrrp carp radio ip6 icmp6 ah esp atalk aarp decnet lat sca"
    " moprc mopdl iso esis es-is isis is-is l1 l2 iih lsp snp csnp psnp clnp"
    " stp ipx netbeui addr1 addr2 addr3 addr4 address1 address2 address3"
    " address4 ra ta less greater byte broadcast multicast len length inbound"
    " outbound ifindex vlan mpls pppoed pppoes geneve vxlan lane metac bcc"
    " oam oamf4 oamf4ec oamf4sc sc ilmic vpi vci connectmsg metaconnect rnr"
    " rulenum srnr subrulenum fisu lssu lsu msu hfisu hlssu hmsu sio opc dpc"
    " sls hsio hopc hdpc hsls ";

/* Words that join expressions: what operands are stays as it was, as in
 * "port 80 or http". */
static const char joiners[] = " and or not ";

/* Names of numbers; a word that only looks like one is a host's. */
static const char named_numbers[] =
    " icmptype icmpcode icmp-echoreply icmp-unreach icmp-sourcequench"
    " icmp-redirect icmp-echo icmp-routeradvert icmp-routersolicit"
    " icmp-timxceed icmp-paramprob icmp-tstamp icmp-tstampreply icmp-ireq"
    " icmp-ireqreply icmp-maskreq icmp-maskreply icmp6type icmp6code"
    " icmp6-destinationunreach icmp6-packettoobig icmp6-timeexceeded"
    " icmp6-parameterproblem icmp6-echo icmp6-echoreply"
    " icmp6-multicastlistenerquery icmp6-multicastlistenerreportv1"
    " icmp6-multicastlistenerdone icmp6-routersolicit icmp6-routeradvert"
    " icmp6-neighborsolicit icmp6-neighboradvert icmp6-redirect"
    " icmp6-routerrenum icmp6-nodeinformationquery"
    " icmp6-nodeinformationresponse icmp6-ineighbordiscoverysolicit"
    " icmp6-ineighbordiscoveryadvert icmp6-multicastlistenerreportv2"
    " icmp6-homeagentdiscoveryrequest icmp6-homeagentdiscoveryreply"
    " icmp6-mobileprefixsolicit icmp6-mobileprefixadvert"
    " icmp6-certpathsolicit icmp6-certpathadvert"
    " icmp6-multicastrouteradvert icmp6-multicastroutersolicit"
    " icmp6-multicastrouterterm tcpflags tcp-fin tcp-syn tcp-rst tcp-push"
    " tcp-ack tcp-urg tcp-ece tcp-cwr ";

static bool
is_one_of(const char *list, const char *word)
{
    char *needle = xasprintf(" %s ", word);
    bool found = strstr(list, needle) != NULL;

    free(needle);
    return found;
}

#define HEX "0123456789abcdefABCDEF"

/* True if 'word' is 'n' groups of 'min' to 'max' of 'digits' with 'sep'
 * between them. */
static bool
is_groups(const char *word, int n, char sep, size_t min, size_t max,
          const char *digits)
{
    for (int i = 0; i < n; i++) {
        size_t len = strspn(word, digits);

        if (len < min || len > max || word[len] != (i < n - 1 ? sep : '\0')) {
            return false;
        }
        word += len + 1;
    }
    return true;
}

static bool
is_ethernet(const char *word)
{
    return is_groups(word, 6, ':', 1, 2, HEX)
           || is_groups(word, 6, '-', 1, 2, HEX)
           || is_groups(word, 6, '.', 1, 2, HEX)
           || is_groups(word, 3, '.', 4, 4, HEX)
           || is_groups(word, 1, 0, 12, 12, HEX);
}

/* Exactly what libpcap's scanner takes for a number or an address: whatever
 * else looks like one, it takes for a name. */
static bool
is_number_or_address(const char *word)
{
    struct in6_addr in6;

    for (int n = 1; n <= 4; n++) {
        if (is_groups(word, n, '.', 1, SIZE_MAX, "0123456789")) {
            return true;
        }
    }
    return (!strncasecmp(word, "0x", 2)
            && is_groups(word + 2, 1, 0, 1, SIZE_MAX, HEX))
           || inet_pton(AF_INET6, word, &in6) == 1
           || is_ethernet(word);
}

/* Takes the next word of '*p' into 'word', "" for a sign.  False at the end.
 * A word starts with a backslash if it was escaped. */
static bool
next_word(const char **p, struct ds *word)
{
    const char *s = *p;

    ds_clear(word);
    while (isspace((unsigned char) *s)) {
        s++;
    }
    if (!*s) {
        return false;
    }
    if (*s == '\\') {
        ds_put_char(word, *s++);
        while (*s && !strchr(" !()\n\t", *s)) {
            ds_put_char(word, *s++);
        }
    } else if (isalnum((unsigned char) *s) || *s == ':') {
        while (isalnum((unsigned char) *s) || (*s && strchr(":-_.", *s))) {
            ds_put_char(word, *s++);
        }
    } else {
        s++;
    }
    *p = s;
    return true;
}

/* What the operand after 'word' is, where it was 'operand' so far. */
static enum operand
classify(const char *word, enum operand operand, bool *is_name)
{
    *is_name = false;
    for (size_t i = 0; i < ARRAY_SIZE(qualifiers); i++) {
        if (!strcmp(word, qualifiers[i].word)) {
            return qualifiers[i].operand;
        }
    }
    if (is_one_of(joiners, word) || is_one_of(named_numbers, word)
        || is_number_or_address(word)) {
        return operand;
    }
    if (is_one_of(keywords, word)) {
        return OPERAND_HOST;
    }
    *is_name = operand == OPERAND_HOST;
    return operand;
}

/* 'word' is no keyword, but may have been meant to be one. */
static char *
refuse_name(const char *word)
{
    bool escaped = *word == '\\';
    const char *name = word + escaped;
    struct ds error = DS_EMPTY_INITIALIZER;
    char *known = xasprintf("%s%s", joiners, keywords);
    char *save = NULL;
    struct nearest nearest;

    nearest_init(&nearest, name);
    for (size_t i = 0; i < ARRAY_SIZE(qualifiers) && !escaped; i++) {
        nearest_offer(&nearest, qualifiers[i].word);
    }
    for (char *k = strtok_r(known, " ", &save); k && !escaped;
         k = strtok_r(NULL, " ", &save)) {
        nearest_offer(&nearest, k);
    }
    ds_put_format(&error, "the filter has the name \"%s\"", name);
    nearest_ask(&nearest, &error);
    ds_put_format(&error, "%snames of hosts and networks are not resolved in "
                  "a filter; write the address", nearest.best ? " (" : ": ");
    ds_put_cstr(&error, nearest.best ? ")" : "");
    free(known);
    return ds_steal_cstr(&error);
}

/* An error text if 'filter' has a name that libpcap would resolve. */
static char *
refuse_names(const char *filter)
{
    enum operand operand = OPERAND_HOST;
    struct ds word = DS_EMPTY_INITIALIZER;
    char *error = NULL;
    int brackets = 0;

    while (!error && next_word(&filter, &word)) {
        const char *w = ds_cstr(&word);
        bool is_name;

        if (!*w) {
            brackets += filter[-1] == '[' ? 1 : filter[-1] == ']' ? -1 : 0;
            continue;
        }
        /* Between brackets there are numbers only: an index such as
         * "tcp[0:2]" looks like an address, and leaves no operand. */
        operand = classify(w, operand, &is_name);
        if (is_name && !brackets) {
            error = refuse_name(w);
        }
    }
    ds_destroy(&word);
    return error;
}

/* Where a program reads what the kernel knows of a packet beside its bytes:
 * from SKF_AD_OFF on. */
static const struct {
    uint32_t ofs;
    const char *what;
    const char *instead;
} ancillary[] = {
    { SKF_AD_PKTTYPE, "which way a packet went",
      "use direction=ingress or direction=egress" },
    { SKF_AD_IFINDEX, "on which interface a packet was",
      "choose the interface by the selector" },
};

/* An error text if 'program', which is run on frames, reads something that
 * only the kernel can tell: it would let nothing through. */
static char *
refuse_ancillary(const char *filter, const struct bpf_program *program)
{
    for (size_t i = 0; i < program->bf_len; i++) {
        const struct bpf_insn *insn = &program->bf_insns[i];
        uint32_t ofs = insn->k - (uint32_t) SKF_AD_OFF;
        size_t j = 0;

        if (BPF_CLASS(insn->code) != BPF_LD || BPF_MODE(insn->code) != BPF_ABS
            || insn->k < (uint32_t) SKF_AD_OFF) {
            continue;
        }
        while (j < ARRAY_SIZE(ancillary) && ancillary[j].ofs != ofs) {
            j++;
        }
        char *shown = capture_filter_shown(filter);
        char *error = (j == ARRAY_SIZE(ancillary)
                       ? xasprintf("the filter \"%s\" asks for what the "
                                   "kernel alone knows of a packet", shown)
                       : xasprintf("the filter \"%s\" asks %s, which its "
                                   "bytes do not say: %s", shown,
                                   ancillary[j].what, ancillary[j].instead));
        free(shown);
        return error;
    }
    return NULL;
}

static enum capture_error
compile(int link, bool live, const char *filter, struct bpf_program *program,
        char **detail)
{
    *detail = refuse_names(filter);
    return (*detail ? CAPTURE_BAD_FILTER
            : capture_compile_text(link, live, filter, program, detail));
}

enum capture_error
capture_compile_live(int link, const char *filter, struct bpf_program *program,
                     char **detail)
{
    return compile(link, true, filter, program, detail);
}

enum capture_error
capture_compile_frames(int link, const char *filter,
                       struct bpf_program *program, char **detail)
{
    enum capture_error error = compile(link, false, filter, program, detail);

    if (!error) {
        *detail = refuse_ancillary(filter, program);
        if (*detail) {
            pcap_freecode(program);
            error = CAPTURE_BAD_FILTER;
        }
    }
    return error;
}

char *
capture_check_filter(const char *filter)
{
    struct bpf_program program;
    char *error = NULL;

    if (!capture_compile_frames(DLT_EN10MB, filter, &program, &error)) {
        pcap_freecode(&program);
    }
    return error;
}
