#include "audit_time.h"

#include <string.h>

/* ---- reading ---- */

enum { LONGEST = 40, MINUTE = 60, HOUR = 60 * MINUTE };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_fraction(const char *text)
{
    if ((*text != '.' && *text != ',') || !is_digit(text[1])) return text;
    do text++;
    while (is_digit(*text));
    return text;
}

/* A day that the month does not have would be one of the next. */
static bool is_made(struct tm *broken, time_t made, int day, time_t *at)
{
    *at = made;
    return made != (time_t)-1 && broken->tm_mday == day;
}

static bool make_local(struct tm *broken, time_t *at)
{
    int day = broken->tm_mday;
    broken->tm_isdst = -1;
    return is_made(broken, mktime(broken), day, at);
}

static bool make_utc(struct tm *broken, time_t *at)
{
    int day = broken->tm_mday;
    return is_made(broken, timegm(broken), day, at);
}

/* Z, +01:00 or +0100; NULL: none of them. */
static const char *read_zone(const char *text, long *offset)
{
    struct tm zone = {0};
    char sign = *text;
    *offset = 0;
    if (sign == 'Z') return text + 1;
    if ((sign != '+' && sign != '-') || !is_digit(text[1])) return NULL;
    const char *end = strptime(text + 1, "%H:%M", &zone);
    if (!end) end = strptime(text + 1, "%H%M", &zone);
    if (!end) return NULL;
    *offset = zone.tm_hour * HOUR + zone.tm_min * MINUTE;
    if (sign == '-') *offset = -*offset;
    return end;
}

static const char *read_clock(const char *text, struct tm *broken)
{
    const char *end, *seconds;
    if ((*text != 'T' && *text != ' ') || !is_digit(text[1])) return NULL;
    end = strptime(text + 1, "%H:%M", broken);
    if (!end) return NULL;
    seconds = *end == ':' ? strptime(end + 1, "%S", broken) : NULL;
    return seconds ? skip_fraction(seconds) : end;
}

static const char *read_iso(const char *text, time_t *at)
{
    struct tm broken = {0};
    long offset;
    const char *day = strptime(text, "%Y-%m-%d", &broken);
    const char *clock = day ? read_clock(day, &broken) : NULL;
    const char *zone = clock ? read_zone(clock, &offset) : NULL;
    if (!day) return NULL;
    if (!zone) return make_local(&broken, at) ? (clock ? clock : day) : NULL;
    if (!make_utc(&broken, at)) return NULL;
    *at -= offset;
    return zone;
}

/* That of httpd's error log. */
static const char *read_httpd(const char *text, time_t *at)
{
    struct tm broken = {0};
    const char *end = strptime(text, "%a %b %d %H:%M:%S", &broken);
    end = end ? strptime(skip_fraction(end), " %Y", &broken) : NULL;
    return end && make_local(&broken, at) ? end : NULL;
}

size_t audit_time(bytes_t text, time_t *at)
{
    char room[LONGEST + 1];
    size_t len = text.len < LONGEST ? text.len : LONGEST;
    memcpy(room, text.data, len);
    room[len] = '\0';
    const char *end = is_digit(room[0]) ? read_iso(room, at) : read_httpd(room, at);
    return end ? (size_t)(end - room) : 0;
}

/* ---- writing ---- */

static const char *write_time(const struct tm *broken, const char *form, char *room)
{
    if (!broken || strftime(room, AUDIT_TIME_ROOM, form, broken) == 0) return "-";
    return room;
}

const char *audit_time_here(time_t at, char room[AUDIT_TIME_ROOM])
{
    struct tm broken;
    return write_time(localtime_r(&at, &broken), "%Y-%m-%d %H:%M:%S", room);
}

const char *audit_time_utc(time_t at, char room[AUDIT_TIME_ROOM])
{
    struct tm broken;
    return write_time(gmtime_r(&at, &broken), "%Y-%m-%dT%H:%M:%SZ", room);
}
