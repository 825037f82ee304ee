/* json.c -- JSON values: build, read, print.  See json.h.
 *
 * The only file that includes json-c.  A 'struct jsn' is a json_object under
 * another name; nobody outside sees that.  Invariant: every string in a value
 * is valid UTF-8, so that every text that leaves is valid JSON.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "base/json.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "base/words.h"

/* json-c and libopenvswitch both have a json_object_put(), with different
 * meanings.  OVS's is built as ovs_json_object_put() and the whole tree is
 * compiled with that name in place of the other; here, after the last header
 * of OVS, json-c's own has to be meant. */
#undef json_object_put
#include <json-c/json.h>

/* Deeper input is refused, so that recursion over a value is bounded. */
enum { MAX_DEPTH = 64 };

static struct json_object *
to_jc(const struct jsn *value)
{
    return CONST_CAST(struct json_object *,
                      (const struct json_object *) (const void *) value);
}

static struct jsn *
from_jc(struct json_object *object)
{
    return (struct jsn *) (void *) object;
}

struct jsn *
jsn_object(void)
{
    return from_jc(json_object_new_object());
}

struct jsn *
jsn_array(void)
{
    return from_jc(json_object_new_array());
}

/* Returns the length of the UTF-8 character at 's', 0 if there is none.  No
 * overlong forms, no surrogates, nothing above U+10FFFF. */
static size_t
utf8_char_length(const unsigned char *s)
{
    size_t n = (s[0] < 0x80 ? 1
                : s[0] >= 0xc2 && s[0] <= 0xdf ? 2
                : s[0] >= 0xe0 && s[0] <= 0xef ? 3
                : s[0] >= 0xf0 && s[0] <= 0xf4 ? 4
                : 0);

    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f)
        || (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f)) {
        return 0;
    }
    return n;
}

/* Names of interfaces and namespaces may be any bytes: what is no UTF-8
 * becomes U+FFFD.  The caller frees the text. */
static char *
to_utf8(const char *s)
{
    struct ds ds = DS_EMPTY_INITIALIZER;

    while (*s) {
        size_t n = utf8_char_length((const unsigned char *) s);
        if (n) {
            ds_put_buffer(&ds, s, n);
            s += n;
        } else {
            ds_put_cstr(&ds, "\xef\xbf\xbd");
            s++;
        }
    }
    return ds_steal_cstr(&ds);
}

/* JSON's null for a NULL. */
struct jsn *
jsn_string(const char *s)
{
    if (!s) {
        return NULL;
    }

    char *text = to_utf8(s);
    struct json_object *object = json_object_new_string(text);

    free(text);
    return from_jc(object);
}

struct jsn *
jsn_integer(int64_t integer)
{
    return from_jc(json_object_new_int64(integer));
}

struct jsn *
jsn_bool(bool boolean)
{
    return from_jc(json_object_new_boolean(boolean));
}

struct jsn *
jsn_clone(const struct jsn *value)
{
    struct json_object *copy = NULL;

    if (value && json_object_deep_copy(to_jc(value), &copy, NULL)) {
        out_of_memory();
    }
    return from_jc(copy);
}

void
jsn_destroy(struct jsn *value)
{
    json_object_put(to_jc(value));
}

void
jsn_put(struct jsn *object, const char *name, struct jsn *value)
{
    char *text = to_utf8(name);

    json_object_object_add(to_jc(object), text, to_jc(value));
    free(text);
}

void
jsn_put_string(struct jsn *object, const char *name, const char *value)
{
    jsn_put(object, name, jsn_string(value));
}

void
jsn_put_integer(struct jsn *object, const char *name, int64_t value)
{
    jsn_put(object, name, jsn_integer(value));
}

void
jsn_put_bool(struct jsn *object, const char *name, bool value)
{
    jsn_put(object, name, jsn_bool(value));
}

void
jsn_add(struct jsn *array, struct jsn *value)
{
    json_object_array_add(to_jc(array), to_jc(value));
}

enum jsn_type
jsn_type(const struct jsn *value)
{
    switch (json_object_get_type(to_jc(value))) {
    case json_type_boolean: return JSN_BOOL;
    case json_type_int: return JSN_INTEGER;
    case json_type_double: return JSN_REAL;
    case json_type_string: return JSN_STRING;
    case json_type_array: return JSN_ARRAY;
    case json_type_object: return JSN_OBJECT;
    case json_type_null: return JSN_NULL;
    }
    OVS_NOT_REACHED();
}

const struct jsn *
jsn_get(const struct jsn *object, const char *name)
{
    struct json_object *value;

    return (jsn_type(object) == JSN_OBJECT
            && json_object_object_get_ex(to_jc(object), name, &value)
            ? from_jc(value)
            : NULL);
}

const char *
jsn_get_string(const struct jsn *object, const char *name,
               const char *default_value)
{
    const char *s = jsn_to_c_string(jsn_get(object, name));

    return s ? s : default_value;
}

int64_t
jsn_get_integer(const struct jsn *object, const char *name,
                int64_t default_value)
{
    const struct jsn *value = jsn_get(object, name);

    return (jsn_type(value) == JSN_INTEGER
            ? jsn_to_integer(value)
            : default_value);
}

const char *
jsn_to_c_string(const struct jsn *value)
{
    return (jsn_type(value) == JSN_STRING
            ? json_object_get_string(to_jc(value))
            : NULL);
}

int64_t
jsn_to_integer(const struct jsn *value)
{
    enum jsn_type type = jsn_type(value);

    return (type == JSN_INTEGER || type == JSN_REAL
            ? json_object_get_int64(to_jc(value))
            : 0);
}

bool
jsn_to_bool(const struct jsn *value)
{
    return (jsn_type(value) == JSN_BOOL
            && json_object_get_boolean(to_jc(value)));
}

size_t
jsn_size(const struct jsn *value)
{
    enum jsn_type type = jsn_type(value);

    return (type == JSN_ARRAY ? json_object_array_length(to_jc(value))
            : type == JSN_OBJECT ? json_object_object_length(to_jc(value))
            : 0);
}

const struct jsn *
jsn_at(const struct jsn *array, size_t i)
{
    return (jsn_type(array) == JSN_ARRAY && i < jsn_size(array)
            ? from_jc(json_object_array_get_idx(to_jc(array), i))
            : NULL);
}

static int
compare_names(const void *a_, const void *b_)
{
    const char *const *a = a_;
    const char *const *b = b_;

    return strcmp(*a, *b);
}

const char **
jsn_names(const struct jsn *object)
{
    size_t n = jsn_type(object) == JSN_OBJECT ? jsn_size(object) : 0;

    if (!n) {
        return NULL;
    }

    const char **names = xmalloc(n * sizeof *names);
    size_t i = 0;

    json_object_object_foreach(to_jc(object), name, value) {
        (void) value;
        names[i++] = name;
    }
    qsort(names, n, sizeof *names, compare_names);
    return names;
}

/* Bytes that are no UTF-8 are refused by the parser itself. */
char *
jsn_parse(const char *s, struct jsn **value)
{
    struct json_tokener *tok = json_tokener_new_ex(MAX_DEPTH);
    size_t length = strlen(s);
    char *error = NULL;

    *value = NULL;
    ovs_assert(tok);
    if (length >= INT32_MAX) {
        json_tokener_free(tok);
        return xstrdup("JSON of 2 GiB or more is not read");
    }
    json_tokener_set_flags(tok, (JSON_TOKENER_STRICT
                                 | JSON_TOKENER_VALIDATE_UTF8));

    /* The final null byte says that no more will come: without it a number
     * would not be known to be complete. */
    struct json_object *object = json_tokener_parse_ex(tok, s, length + 1);
    enum json_tokener_error code = json_tokener_get_error(tok);

    if (code == json_tokener_success) {
        *value = from_jc(object);
    } else {
        error = xasprintf("not valid JSON at byte %"PRIuSIZE": %s",
                          json_tokener_get_parse_end(tok) + 1,
                          (code == json_tokener_continue
                           ? "unexpected end of data"
                           : json_tokener_error_desc(code)));
    }
    json_tokener_free(tok);
    return error;
}

/* A copy of 'value' whose objects have their members in order: json-c prints
 * them in the order in which they were added. */
static struct json_object *
sorted_copy(const struct jsn *value)
{
    size_t n = jsn_size(value);

    if (jsn_type(value) == JSN_ARRAY) {
        struct json_object *copy = json_object_new_array_ext(n ? n : 1);

        for (size_t i = 0; i < n; i++) {
            json_object_array_add(copy, sorted_copy(jsn_at(value, i)));
        }
        return copy;
    } else if (jsn_type(value) == JSN_OBJECT) {
        struct json_object *copy = json_object_new_object();
        const char **names = jsn_names(value);

        for (size_t i = 0; i < n; i++) {
            json_object_object_add(copy, names[i],
                                   sorted_copy(jsn_get(value, names[i])));
        }
        free(names);
        return copy;
    }
    return json_object_get(to_jc(value));
}

char *
jsn_to_text(const struct jsn *value, bool pretty)
{
    struct json_object *copy = sorted_copy(value);
    int flags = (JSON_C_TO_STRING_NOSLASHESCAPE
                 | (pretty
                    ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED
                    : JSON_C_TO_STRING_PLAIN));
    struct ds text = DS_EMPTY_INITIALIZER;

    ds_put_cstr(&text, json_object_to_json_string_ext(copy, flags));
    words_clean_json(&text);
    json_object_put(copy);
    return ds_steal_cstr(&text);
}
