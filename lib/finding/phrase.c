#include "phrase.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../ntlm/unicode.h"

/* ---- a bounded text ---- */

phrase_t phrase_to(char *text, size_t cap)
{
    text[0] = '\0';
    return (phrase_t){.text = text, .cap = cap};
}

static bool continues_a_character(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* The longest beginning of whole characters that has so many bytes at the most. */
static size_t whole_characters(const char *text, size_t most)
{
    size_t len = strlen(text);
    if (len <= most) return len;
    for (len = most; len > 0 && continues_a_character(text[len]);) len--;
    return len;
}

static void cut(phrase_t *out)
{
    static const char dots[] = "...";
    const size_t most = out->cap - sizeof dots;
    if (out->len > most) out->len = whole_characters(out->text, most);
    memcpy(out->text + out->len, dots, sizeof dots);
    out->len += sizeof dots - 1;
    out->cut = true;
}

static void append(phrase_t *out, const char *text, size_t len)
{
    const size_t room = out->cap - 1 - out->len;
    if (out->cut) return;
    const size_t fits = len < room ? len : room;
    memcpy(out->text + out->len, text, fits);
    out->len += fits;
    out->text[out->len] = '\0';
    if (fits < len) cut(out);
}

void phrase_say(phrase_t *out, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    append(out, text, strlen(text));
}

/* ---- what others say ---- */

static bool is_special(char byte)
{
    return (unsigned char)byte < 0x20 || byte == 0x7F || byte == '"' || byte == '%';
}

void phrase_quote(phrase_t *out, const char *text)
{
    const size_t len = whole_characters(text, PHRASE_NAME_MAX);
    append(out, "\"", 1);
    for (size_t i = 0; i < len; i++) {
        if (is_special(text[i]))
            phrase_say(out, "%%%02X", (unsigned char)text[i]);
        else
            append(out, text + i, 1);
    }
    phrase_say(out, text[len] ? "...\"" : "\"");
}

void phrase_quote_utf16(phrase_t *out, bytes_t utf16)
{
    char text[3 * PHRASE_NAME_MAX];
    if (utf16.len > 2 * PHRASE_NAME_MAX) utf16.len = 2 * PHRASE_NAME_MAX;
    unicode_show(utf16, text, sizeof text);
    phrase_quote(out, text);
}

void phrase_list(phrase_t *out, const char *const *items, const char *none)
{
    if (!items) phrase_say(out, "%s", none);
    for (const char *const *item = items; item && *item; item++)
        phrase_say(out, "%s%s", item == items ? "" : ", ", *item);
}

/* ---- what MS-NLMP has ---- */

const char *phrase_av_name(uint16_t av_id)
{
    static const char *const names[] = {
        "MsvAvEOL",           "MsvAvNbComputerName", "MsvAvNbDomainName",   "MsvAvDnsComputerName",
        "MsvAvDnsDomainName", "MsvAvDnsTreeName",    "MsvAvFlags",          "MsvAvTimestamp",
        "MsvAvSingleHost",    "MsvAvTargetName",     "MsvAvChannelBindings"};
    return av_id < sizeof names / sizeof names[0] ? names[av_id] : "an unknown AvId";
}

const char *phrase_time(uint64_t filetime, char room[PHRASE_TIME_ROOM])
{
    const uint64_t per_second = 10000000, from_1601_to_1970 = 11644473600U;
    time_t seconds = (time_t)((int64_t)(filetime / per_second) - (int64_t)from_1601_to_1970);
    struct tm utc;
    if (!gmtime_r(&seconds, &utc)) return "a time that cannot be shown";
    snprintf(room, PHRASE_TIME_ROOM, "%04d-%02d-%02dT%02d:%02d:%02d.%07uZ", utc.tm_year + 1900,
             utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
             (unsigned)(filetime % per_second));
    return room;
}
