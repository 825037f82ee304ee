/* target.h -- where to: protocols, addresses, options.
 *
 * Every protocol is a row of a table: its names, its default port, the kind of
 * address that it takes, its options with type, range, default and help.  What
 * users type, what rows of the database say and what manuals list is parsed,
 * checked, printed and documented from that table.
 *
 * Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_TARGET_TARGET_H
#define OVSPAN_TARGET_TARGET_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/addr.h"
#include "base/ovs.h"

enum target_address_kind {
    TARGET_HOST_PORT,           /* HOST[:PORT] */
    TARGET_HOST,                /* HOST */
    TARGET_NAME,                /* A port, a VLAN, a file. */
};

enum target_payload {
    TARGET_FLOWS,               /* Takes flow records. */
    TARGET_PACKETS,             /* Takes packets. */
};

enum target_option_type {
    TARGET_OPT_INTEGER,         /* 'min' to 'max'; decimal or 0x. */
    TARGET_OPT_BOOL,            /* true or false */
    TARGET_OPT_ADDRESS,         /* IPv4, or IPv6 in brackets. */
    TARGET_OPT_ENUM,            /* One of 'choices' */
    TARGET_OPT_SET,             /* Some of 'choices', joined by "+" */
    TARGET_OPT_STRING,
    TARGET_OPT_NAME,            /* Of 'min' to 'max' characters, as those of
                                 * interfaces and files. */
};

struct target_option {
    const char *name;
    enum target_option_type type;
    int64_t min, max;           /* Of an integer. */
    const char *choices;        /* Of an enum or a set: "fragment
                                 * truncate". */
    const char *note;           /* Of a set, what else is to be said where
                                 * choices are wrong; NULL: nothing. */
    const char *def;            /* Default as text; NULL: none. */
    const char *help;           /* One line; the unit in it. */
};

struct target_class {
    const char *name;           /* "erspan2" */
    const char *alias;          /* Skydive's spelling, or NULL. */
    enum target_address_kind address;
    enum target_payload payload;
    uint16_t default_port;      /* 0: none; then a port must be given. */
    const char *suffix;         /* Of a file's name; NULL: it is none. */
    const struct target_option *options;    /* Ends with a NULL name. */
    const char *help;           /* One line. */
};

/* Flows to a socket that this process has got from another one: the address
 * starts with its number.  Nobody can type it, so it is none of the list. */
extern const struct target_class target_terminal;

/* All the classes, in the order in which manuals list them. */
extern const struct target_class *const target_classes[];
extern const size_t n_target_classes;
const struct target_class *target_class_find(const char *name_or_alias);

struct target {
    const struct target_class *class;
    struct addr addr;           /* Of TARGET_HOST and TARGET_HOST_PORT. */
    char *name;                 /* Of TARGET_NAME. */
    struct smap options;        /* As given, canonical values; checked. */
};

/* Checks the three columns of a Target row.  Returns NULL and stores a target
 * that the caller destroys in '*target', or an error text that the caller
 * frees, which names what is known, and stores NULL. */
char *target_create(const char *type, const char *address,
                    const struct smap *options, struct target **target)
    OVS_WARN_UNUSED_RESULT;
/* target_create() of 'target_terminal'. */
char *target_create_terminal(const char *address, const struct smap *options,
                             struct target **target) OVS_WARN_UNUSED_RESULT;
void target_destroy(struct target *);
struct target *target_clone(const struct target *);

/* Splits TYPE:ADDRESS[,OPTION=VALUE]... without checking more than its shape,
 * into what a Target row holds.  The caller frees '*type', '*address' and
 * destroys 'options' (which this initializes), also when it failed. */
char *target_split(const char *text, char **type, char **address,
                   struct smap *options) OVS_WARN_UNUSED_RESULT;

/* target_split() and target_create(). */
char *target_parse(const char *text, struct target **)
    OVS_WARN_UNUSED_RESULT;

/* target_parse(), where a file may be anywhere: its name may be a path.  For
 * `replay`, which writes it with the rights of its user. */
char *target_parse_with_path(const char *text, struct target **)
    OVS_WARN_UNUSED_RESULT;

/* "erspan2:10.9.0.2,session=7": options sorted by name; parses again. */
char *target_to_text(const struct target *);

/* The value of an option: as given, else the class's default; 0, false or
 * NULL where there is neither. */
int64_t target_get_int(const struct target *, const char *option);
bool target_get_bool(const struct target *, const char *option);
const char *target_get(const struct target *, const char *option);
bool target_has(const struct target *, const char *option);     /* Given? */
/* True if 'choice' is in the value of an option that is a set. */
bool target_has_choice(const struct target *, const char *option,
                       const char *choice);

/* How the address of such a target is written: "HOST[:PORT]", "NAME". */
const char *target_address_form(const struct target_class *);
/* Appends the table as text: what is known, for manuals and usage. */
void target_help(struct ds *);

#endif /* target/target.h */
