/* when.c -- times as people say them.  See when.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "base/when.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/ovs.h"

/* Units of durations, the greatest first. */
static const struct unit {
    char letter;                /* As it is typed. */
    const char *name;           /* As it is printed. */
    int64_t ms;
} units[] = {
    { 'd', "d", INT64_C(24) * 3600 * 1000 },
    { 'h', "h", 3600 * 1000 },
    { 'm', "min", 60 * 1000 },
    { 's', "s", 1000 },
};

enum { MAX_DIGITS = 9 };        /* Of the number before a unit. */

/* The year 1973 in ms, and 5138 in s: who says less means seconds. */
#define FEWEST_MS INT64_C(100000000000)

static const struct unit *
find_unit(char letter)
{
    for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
        if (units[i].letter == letter) {
            return &units[i];
        }
    }
    return NULL;
}

char *
when_parse_duration(const char *text, int64_t *ms)
{
    const char *p = text;

    *ms = 0;
    do {
        size_t n = strspn(p, "0123456789");
        const struct unit *unit = p[n] ? find_unit(p[n]) : NULL;

        if (!n || n > MAX_DIGITS || !unit) {
            return xasprintf("expected a time as 30s, 10m, 2h or 1d, not "
                             "\"%s\"", text);
        }
        *ms += strtoll(p, NULL, 10) * unit->ms;
        p += n + 1;
    } while (*p);
    return *ms ? NULL : xasprintf("\"%s\" is no time at all", text);
}

void
when_put_duration(struct ds *out, int64_t ms)
{
    int n = 0;

    for (size_t i = 0; i < ARRAY_SIZE(units) && n < 2; i++) {
        if (ms >= units[i].ms || n) {
            ds_put_format(out, "%s%"PRId64" %s", n ? " " : "",
                          ms / units[i].ms, units[i].name);
            ms %= units[i].ms;
            n++;
        }
    }
    if (!n) {
        ds_put_cstr(out, "0 s");
    }
}

void
when_put_date(struct ds *out, int64_t ms)
{
    time_t seconds = ms / 1000;
    char date[64];
    struct tm tm;

    if (gmtime_r(&seconds, &tm)
        && strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S UTC", &tm)) {
        ds_put_cstr(out, date);
    }
}

/* ## Dates. ## */

/* Reads "Z", "+01:00" or nothing, which is local time, and stores in '*ms'
 * when 'tm' is there. */
static bool
parse_zone(const char *p, struct tm *tm, int64_t *ms)
{
    int hours, minutes, n = 0;

    if (!*p) {
        tm->tm_isdst = -1;
        *ms = (int64_t) mktime(tm) * 1000;
        return true;
    }
    *ms = (int64_t) timegm(tm) * 1000;
    if (!strcasecmp(p, "Z")) {
        return true;
    } else if ((*p == '+' || *p == '-')
               && sscanf(p + 1, "%2d:%2d%n", &hours, &minutes, &n) == 2
               && !p[1 + n] && hours < 24 && minutes < 60) {
        int64_t offset = (hours * 60 + minutes) * INT64_C(60000);

        *ms += *p == '+' ? -offset : offset;
        return true;
    }
    return false;
}

/* Whether the date is one of a calendar: mktime() would make the 30th of
 * February another day. */
static bool
is_of_calendar(const struct tm *tm)
{
    struct tm copy = *tm;

    timegm(&copy);
    return (copy.tm_mday == tm->tm_mday && copy.tm_mon == tm->tm_mon
            && tm->tm_hour < 24 && tm->tm_min < 60 && tm->tm_sec <= 60);
}

static bool
parse_date(const char *text, int64_t *ms)
{
    struct tm tm = { .tm_mday = 1 };
    const char *p = text;
    int n = 0;

    if (sscanf(p, "%4d-%2d-%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
               &n) != 3 || n != 10) {
        return false;
    }
    tm.tm_year -= 1900;
    tm.tm_mon--;
    p += n;
    if (*p == 'T' || *p == 't' || *p == ' ') {
        if (sscanf(++p, "%2d:%2d%n", &tm.tm_hour, &tm.tm_min, &n) != 2) {
            return false;
        }
        p += n;
        if (*p == ':') {
            if (sscanf(++p, "%2d%n", &tm.tm_sec, &n) != 1) {
                return false;
            }
            p += n;
        }
        if (*p == '.') {
            p += 1 + strspn(p + 1, "0123456789");
        }
    }
    return is_of_calendar(&tm) && parse_zone(p, &tm, ms);
}

/* ## Points of time. ## */

/* "s is DATE", and what may have been meant. */
static char *
refuse_past(const char *text, int64_t ms, bool is_number)
{
    struct ds error = DS_EMPTY_INITIALIZER;

    ds_put_format(&error, "%s is ", text);
    when_put_date(&error, ms);
    if (is_number && ms < FEWEST_MS) {
        ds_put_format(&error, ": milliseconds since the epoch are expected, "
                      "which %s000 would be if these are seconds, or +10m for "
                      "in ten minutes", text);
    } else {
        ds_put_cstr(&error, ", which is past: expected a time to come, as "
                    "+10m for in ten minutes");
    }
    return ds_steal_cstr(&error);
}

char *
when_parse(const char *text, int64_t now, int64_t *ms)
{
    bool is_number = text[0] && !text[strspn(text, "0123456789")];
    int64_t duration;

    if (text[0] == '+') {
        char *error = when_parse_duration(text + 1, &duration);

        *ms = now + (error ? 0 : duration);
        return error;
    } else if (is_number) {
        if (!str_to_llong(text, 10, (long long int *) ms)) {
            return xasprintf("%s is too large a number", text);
        } else if (!*ms) {
            return NULL;
        }
    } else if (!parse_date(text, ms)) {
        char *error = when_parse_duration(text, &duration);
        char *message = xasprintf("expected a time as +10m (from now on), "
                                  "2026-12-01T08:00, or in ms since the "
                                  "epoch, 0 for never, not \"%s\"%s%s%s",
                                  text, error ? "" : ": is it +",
                                  error ? "" : text, error ? "" : "?");
        free(error);
        return message;
    }
    return *ms > now ? NULL : refuse_past(text, *ms, is_number);
}
