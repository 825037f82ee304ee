/* json.h -- JSON values: build, read, print.
 *
 * A small face over json-c, so that json-c (whose json_object_put() is not
 * OVS's) stays in one room.  Used for everything that programs print or read
 * as JSON.  Object members print in the order of their names, so that equal
 * content gives equal text.
 *
 * Ownership: a value has one owner.  jsn_put() and jsn_add() take the value;
 * jsn_get(), jsn_at() lend it.  jsn_destroy(NULL) does nothing.  A getter on
 * NULL or on a value of another type returns the default that it names, so
 * hostile input can be walked without checks.  A NULL string becomes null, and
 * bytes that are no UTF-8 become U+FFFD.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_JSON_H
#define OVSPAN_BASE_JSON_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "compiler.h"

struct jsn;                     /* A JSON value; NULL is JSON's null. */

enum jsn_type {
    JSN_NULL,
    JSN_BOOL,
    JSN_INTEGER,
    JSN_REAL,
    JSN_STRING,
    JSN_ARRAY,
    JSN_OBJECT,
};

struct jsn *jsn_object(void);
struct jsn *jsn_array(void);
struct jsn *jsn_string(const char *);
struct jsn *jsn_integer(int64_t);
struct jsn *jsn_bool(bool);
struct jsn *jsn_clone(const struct jsn *);
void jsn_destroy(struct jsn *);

void jsn_put(struct jsn *object, const char *name, struct jsn *value);
void jsn_put_string(struct jsn *object, const char *name, const char *value);
void jsn_put_integer(struct jsn *object, const char *name, int64_t value);
void jsn_put_bool(struct jsn *object, const char *name, bool value);
void jsn_add(struct jsn *array, struct jsn *value);

enum jsn_type jsn_type(const struct jsn *);
const struct jsn *jsn_get(const struct jsn *object, const char *name);
const char *jsn_get_string(const struct jsn *object, const char *name,
                           const char *default_value);
int64_t jsn_get_integer(const struct jsn *object, const char *name,
                        int64_t default_value);
const char *jsn_to_c_string(const struct jsn *);     /* NULL if no string. */
int64_t jsn_to_integer(const struct jsn *);          /* 0 if no number. */
bool jsn_to_bool(const struct jsn *);

/* The length of an array or the number of an object's members; else 0. */
size_t jsn_size(const struct jsn *);
const struct jsn *jsn_at(const struct jsn *array, size_t i);

/* The names of an object's members, sorted; an array of jsn_size() pointers
 * that the caller frees (not what they point to).  NULL for no members. */
const char **jsn_names(const struct jsn *object);

/* Parses 's', which must be one JSON value.  Returns NULL and stores the value
 * (that the caller destroys) in '*value', or an error text that the caller
 * frees, and stores NULL. */
char *jsn_parse(const char *s, struct jsn **value) OVS_WARN_UNUSED_RESULT;

/* The text of a value, which the caller frees: on one line, or indented. */
char *jsn_to_text(const struct jsn *, bool pretty);

#endif /* base/json.h */
