/* strict.h - reads values of log lines as a strict program would; knows nothing of who wrote them.
 */
#ifndef NTLM_UNIT_STRICT_H
#define NTLM_UNIT_STRICT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* How many bytes the character of UTF-8 at text has, by the table of RFC 3629 4; 0: it is none. */
static size_t strict_utf8(const char *text)
{
    static const struct {
        uint8_t first, last, low, high;
        size_t len;
    } rows[] = {
        {0x01, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
    const uint8_t *s = (const uint8_t *)text;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (s[0] < rows[i].first || s[0] > rows[i].last) continue;
        for (size_t at = 1; at < rows[i].len; at++) {
            const uint8_t low = at == 1 ? rows[i].low : 0x80, high = at == 1 ? rows[i].high : 0xBF;
            if (s[at] < low || s[at] > high) return 0;
        }
        return rows[i].len;
    }
    return 0;
}

/* A string of JSON (RFC 8259 7) that is all of the text, read into out, which has room for it. */
static bool strict_json_string(const char *text, char *out)
{
    static const char escapes[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    if (*text++ != '"') return false;
    while (*text != '"') {
        const size_t len = strict_utf8(text);
        const char *escape = text[0] == '\\' && text[1] ? strchr(escapes, text[1]) : NULL;
        unsigned point;
        if (len == 0 || (uint8_t)text[0] < 0x20) return false;
        if (escape) {
            *out++ = meant[escape - escapes];
            text += 2;
        } else if (text[0] == '\\') {
            if (strspn(text + 2, "0123456789abcdefABCDEF") < 4) return false;
            if (sscanf(text, "\\u%4x", &point) != 1) return false;
            if (point >= 0x800) *out++ = (char)(0xE0 | point >> 12);
            if (point >= 0x80)
                *out++ = (char)(point >= 0x800 ? 0x80 | (point >> 6 & 0x3F) : 0xC0 | point >> 6);
            *out++ = (char)(point >= 0x80 ? 0x80 | (point & 0x3F) : point);
            text += 6;
        } else {
            memcpy(out, text, len);
            out += len;
            text += len;
        }
    }
    *out = '\0';
    return text[1] == '\0';
}

/* A value of W3C's format: all of it UTF-8, and no blank, control character or quote in it. Of the
 * characters behind ASCII that are blanks: those of Unicode's White_Space. */
static bool strict_w3c_value(const char *text)
{
    static const char *const blanks[] = {
        "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\xA8", "\xE2\x80\xA9",
        "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80", "\xE2\x80\x80", "\xE2\x80\x8A"};
    if (!*text) return false;
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
        if (strstr(text, blanks[i])) return false;
    for (size_t len; *text; text += len) {
        len = strict_utf8(text);
        if (len == 0 || (uint8_t)*text <= ' ' || *text == 0x7F || *text == '"') return false;
        if (len == 2 && (uint8_t)text[0] == 0xC2 && (uint8_t)text[1] < 0xA0) return false;
    }
    return true;
}

/* The text with U+FFFD for each byte that is no part of a character, into out. */
static void strict_replaced(const char *text, char *out)
{
    while (*text) {
        const size_t len = strict_utf8(text);
        memcpy(out, len ? text : "\xEF\xBF\xBD", len ? len : 3);
        out += len ? len : 3;
        text += len ? len : 1;
    }
    *out = '\0';
}

#endif
