#include "unicode.h"

#include <string.h>

#include "unicode_upper.inc"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { FINAL_SIGMA = 0x03C2, REPLACEMENT = 0xFFFD };

/* ---- upper case ---- */

/* Ranges with a step interleave, but no mapped unit lies in any other range
 * than the last one that starts at or below it. */
static uint16_t upper_by(const upper_range_t *ranges, size_t count, uint16_t unit)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (ranges[middle].first <= unit)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0) return unit;
    const upper_range_t *range = &ranges[low - 1];
    bool mapped = unit <= range->last && (unit - range->first) % range->step == 0;
    return mapped ? (uint16_t)(unit + range->delta) : unit;
}

static uint16_t upper_ascii(uint16_t unit)
{
    return unit >= 'a' && unit <= 'z' ? (uint16_t)(unit - 'a' + 'A') : unit;
}

static uint16_t upper_nt4(uint16_t unit)
{
    return upper_by(nt4, COUNT(nt4), unit);
}

/* For comparing names: everything that either table maps. */
static uint16_t upper_any(uint16_t unit)
{
    uint16_t upper = unit < 0x80 ? upper_ascii(unit) : upper_nt4(unit);
    return upper != unit || unit < 0x80 ? upper : upper_by(windows7, COUNT(windows7), unit);
}

uint16_t unicode_upper(uint16_t unit, unicode_rule_t rule)
{
    if (unit < 0x80 || rule == UNICODE_UPPER_ASCII) return upper_ascii(unit);
    if (rule == UNICODE_UPPER_NT4) return upper_nt4(unit);
    return unit == FINAL_SIGMA ? unit : upper_any(unit);
}

/* ---- UTF-16LE ---- */

static uint16_t unit_at(bytes_t utf16, size_t at)
{
    return (uint16_t)(utf16.data[at] | utf16.data[at + 1] << 8);
}

void unicode_write_upper(writer_t *out, bytes_t text, unicode_rule_t rule)
{
    for (size_t i = 0; i + 1 < text.len; i += 2)
        write_u16(out, unicode_upper(unit_at(text, i), rule));
}

void unicode_write_oem(writer_t *out, bytes_t oem)
{
    for (size_t i = 0; i < oem.len; i++) write_u16(out, oem.data[i]);
}

static bool is_high_surrogate(uint32_t unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}
static bool is_low_surrogate(uint32_t unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* The code point at *at, which moves on; UNICODE_NO_CHARACTER for half of one. */
static uint32_t next_of_utf16(bytes_t utf16, size_t *at)
{
    if (utf16.len - *at < 2) {
        *at = utf16.len;
        return UNICODE_NO_CHARACTER;
    }
    uint32_t unit = unit_at(utf16, *at);
    *at += 2;
    if (is_low_surrogate(unit)) return UNICODE_NO_CHARACTER;
    if (!is_high_surrogate(unit)) return unit;
    uint32_t low = utf16.len - *at >= 2 ? unit_at(utf16, *at) : 0;
    if (!is_low_surrogate(low)) return UNICODE_NO_CHARACTER;
    *at += 2;
    return 0x10000 + ((unit - 0xD800) << 10 | (low - 0xDC00));
}

/* ---- what names hold ---- */

/* C0, DEL and C1: they would end up in r->user and in logs. */
static bool is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0);
}

/* Names that look the same are the same: what Unicode calls Default_Ignorable_Code_Point
 * (zero-width and bidirectional ones, the byte order mark), separators of lines, and marks of
 * annotations. */
static bool is_hidden(uint32_t point)
{
    static const uint32_t ranges[][2] = {
        {0x00AD, 0x00AD},   {0x034F, 0x034F}, {0x061C, 0x061C},   {0x115F, 0x1160},
        {0x17B4, 0x17B5},   {0x180B, 0x180F}, {0x200B, 0x200F},   {0x2028, 0x202E},
        {0x2060, 0x206F},   {0x3164, 0x3164}, {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
        {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
        {0xE0000, 0xE0FFF},
    };
    size_t i = 0;
    if (point < ranges[0][0]) return false;
    while (i < COUNT(ranges) && point > ranges[i][1]) i++;
    return i < COUNT(ranges) && point >= ranges[i][0];
}

/* The one rule for names, wherever they come from: NULL, or why not. */
static const char *why_not_in_name(uint32_t point)
{
    if (is_control(point)) return "a name holds a control character";
    if (point != UNICODE_NO_CHARACTER && is_hidden(point))
        return "a name holds a character that is not seen (zero-width, bidirectional, a byte "
               "order mark or a line separator)";
    return NULL;
}

/* ---- UTF-8 ---- */

static size_t encode_utf8(uint32_t point, char out[4])
{
    static const uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t len = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = len; i > 1; i--, point >>= 6) out[i - 1] = (char)(0x80 | (point & 0x3F));
    out[0] = (char)(len == 1 ? point : lead[len] | point);
    return len;
}

uint32_t unicode_next(const char **text)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const uint8_t *s = (const uint8_t *)*text;
    size_t len = s[0] < 0x80 ? 1 : s[0] < 0xC0 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    *text += 1;
    if (len == 1) return s[0];
    if (len == 0 || s[0] > 0xF4) return UNICODE_NO_CHARACTER;
    uint32_t point = s[0] & (0x7FU >> len);
    for (size_t i = 1; i < len; i++) {
        if ((s[i] & 0xC0) != 0x80) return UNICODE_NO_CHARACTER;
        point = point << 6 | (s[i] & 0x3FU);
    }
    if (point < least[len] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        return UNICODE_NO_CHARACTER;
    *text += len - 1;
    return point;
}

bool unicode_write_utf8(writer_t *out, const char *utf8)
{
    while (*utf8) {
        uint32_t point = unicode_next(&utf8);
        if (point == UNICODE_NO_CHARACTER) return false;
        if (point >= 0x10000) {
            write_u16(out, (uint16_t)(0xD800 + ((point - 0x10000) >> 10)));
            point = 0xDC00 + ((point - 0x10000) & 0x3FF);
        }
        write_u16(out, (uint16_t)point);
    }
    return !out->overflow;
}

/* What most names are, from their beginning to their end: gives how many characters of
 * printable ASCII it wrote, for as many units. */
static size_t write_ascii(bytes_t utf16, char *out, size_t cap)
{
    size_t len = 0;
    for (; len + 1 < cap && 2 * len + 1 < utf16.len; len++) {
        const uint16_t unit = unit_at(utf16, 2 * len);
        if (unit < 0x20 || unit > 0x7E) break;
        out[len] = (char)unit;
    }
    out[len] = '\0';
    return len;
}

const char *unicode_name(bytes_t utf16, char *out, size_t cap)
{
    out[0] = '\0';
    if (utf16.len % 2 != 0) return "a name has an odd number of UTF-16 bytes";
    size_t len = write_ascii(utf16, out, cap);
    for (size_t at = 2 * len; at < utf16.len;) {
        char utf8[4];
        uint32_t point = next_of_utf16(utf16, &at);
        if (point == UNICODE_NO_CHARACTER) return "a name holds half a surrogate pair";
        const char *why = why_not_in_name(point);
        if (why) return why;
        size_t n = encode_utf8(point, utf8);
        if (n >= cap - len) return "a name is too long";
        memcpy(out + len, utf8, n);
        out[len += n] = '\0';
    }
    return NULL;
}

void unicode_show(bytes_t utf16, char *out, size_t cap)
{
    size_t len = write_ascii(utf16, out, cap);
    for (size_t at = 2 * len; at < utf16.len;) {
        char utf8[4];
        uint32_t point = next_of_utf16(utf16, &at);
        if (point == UNICODE_NO_CHARACTER || why_not_in_name(point)) point = REPLACEMENT;
        size_t n = encode_utf8(point, utf8);
        if (n >= cap - len) break;
        memcpy(out + len, utf8, n);
        len += n;
    }
    out[len] = '\0';
}

static uint32_t folded(const char **text)
{
    uint8_t first = (uint8_t)(*text)[0];
    uint32_t point = unicode_next(text);
    if (point == UNICODE_NO_CHARACTER) return 0x110000 + first;
    return point < 0x10000 ? upper_any((uint16_t)point) : point;
}

static bool is_ascii(char byte)
{
    return byte != '\0' && (uint8_t)byte < 0x80;
}

/* Names are ASCII up to their end, mostly, and tables have millions of them. */
static void skip_equal_ascii(const char **a, const char **b)
{
    while (is_ascii(**a) && is_ascii(**b) &&
           upper_ascii((uint8_t)(*a)[0]) == upper_ascii((uint8_t)(*b)[0])) {
        ++*a;
        ++*b;
    }
}

int unicode_casecmp(const char *a, const char *b)
{
    skip_equal_ascii(&a, &b);
    while (*a && *b) {
        uint32_t x = folded(&a), y = folded(&b);
        if (x != y) return x < y ? -1 : 1;
    }
    return (*a != '\0') - (*b != '\0');
}

/* Folds what most names are from their beginning to their end, and gives the rest. */
static const char *write_folded_ascii(writer_t *out, const char *utf8)
{
    for (; is_ascii(*utf8) && out->cap - out->len >= 2; utf8++) {
        out->data[out->len++] = (uint8_t)upper_ascii((uint8_t)*utf8);
        out->data[out->len++] = 0;
    }
    return utf8;
}

bool unicode_write_folded(writer_t *out, const char *utf8)
{
    utf8 = write_folded_ascii(out, utf8);
    size_t start = out->len;
    if (!unicode_write_utf8(out, utf8)) return false;
    for (size_t at = start; at < out->len; at += 2) {
        uint16_t unit = upper_any(unit_at((bytes_t){out->data, out->len}, at));
        out->data[at] = (uint8_t)unit;
        out->data[at + 1] = (uint8_t)(unit >> 8);
    }
    return true;
}

const char *unicode_check_name(const char *utf8)
{
    const char *why = NULL;
    while (*utf8 && !why) {
        uint32_t point = unicode_next(&utf8);
        why = point == UNICODE_NO_CHARACTER ? "a name is not UTF-8" : why_not_in_name(point);
    }
    return why;
}

bool unicode_is_name(const char *utf8)
{
    return unicode_check_name(utf8) == NULL;
}
