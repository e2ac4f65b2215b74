#include "escaped.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <apr_strings.h>

#include "../http/shown.h"
#include "../ntlm/unicode.h"

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

static bool is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0);
}

/* What ends a line for programs that go by Unicode, and is no control character. */
static bool is_line_end(uint32_t point)
{
    return point == 0x2028 || point == 0x2029;
}

/* Unicode's White_Space but for control characters: programs take lines apart by it. */
static bool is_blank(uint32_t point)
{
    return point == ' ' || point == 0xA0 || point == 0x1680 ||
           (point >= 0x2000 && point <= 0x200A) || is_line_end(point) || point == 0x202F ||
           point == 0x205F || point == 0x3000;
}

/* ---- one character ---- */

/* What stands for a character, in room if it is made anew; NULL: it does itself. */
typedef const char *substitute_t(uint32_t point, char room[8]);

static const char *in_json(uint32_t point, char room[8])
{
    if (point == UNICODE_NO_CHARACTER) return replacement;
    if (point == '"') return "\\\"";
    if (point == '\\') return "\\\\";
    if (!is_control(point) && !is_line_end(point)) return NULL;
    apr_snprintf(room, 8, "\\u%04x", point);
    return room;
}

static const char *in_w3c(uint32_t point, char room[8])
{
    (void)room;
    if (point == UNICODE_NO_CHARACTER) return replacement;
    if (point == '"') return "%22";
    return is_control(point) || is_blank(point) ? "+" : NULL;
}

/* ---- all of them ---- */

static const char *escape(apr_pool_t *pool, const char *text, const char *quote,
                          substitute_t *substitute)
{
    enum { LONGEST = sizeof "\\u0000" - 1, QUOTES = 2 };
    char room[8];
    const char *from = shown_text(pool, text, ESCAPED_MOST);
    char *all = apr_palloc(pool, LONGEST * strlen(from) + QUOTES + 1);
    char *to = apr_cpystrn(all, quote, QUOTES);
    while (*from) {
        const char *character = from;
        const char *instead = substitute(unicode_next(&from), room);
        const size_t len = instead ? strlen(instead) : (size_t)(from - character);
        memcpy(to, instead ? instead : character, len);
        to += len;
    }
    apr_cpystrn(to, quote, QUOTES);
    return all;
}

const char *escaped_json(apr_pool_t *pool, const char *text)
{
    return text ? escape(pool, text, "\"", in_json) : "null";
}

const char *escaped_w3c(apr_pool_t *pool, const char *text)
{
    if (!text || !*text) return "-";
    return shown_text(pool, escape(pool, text, "", in_w3c), ESCAPED_W3C_MOST);
}
