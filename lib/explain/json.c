#include "json.h"

#include <inttypes.h>
#include <string.h>

/* ---- strings ---- */

/* How many bytes the UTF-8 sequence at text has; 0 if RFC 3629 allows none. The
 * second byte's range rules out overlong forms, surrogates and what is past U+10FFFF. */
static size_t sequence_len(bytes_t text)
{
    const uint8_t *s = text.data;
    uint8_t low = 0x80, high = 0xBF;
    if (s[0] < 0x80) return 1;
    if (s[0] < 0xC2 || s[0] > 0xF4) return 0;
    size_t len = s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    if (len > text.len) return 0;
    if (s[0] == 0xE0) low = 0xA0;
    if (s[0] == 0xED) high = 0x9F;
    if (s[0] == 0xF0) low = 0x90;
    if (s[0] == 0xF4) high = 0x8F;
    if (s[1] < low || s[1] > high) return 0;
    for (size_t i = 2; i < len; i++)
        if ((s[i] & 0xC0) != 0x80) return 0;
    return len;
}

static bool is_control(bytes_t sequence)
{
    const uint8_t *s = sequence.data;
    if (sequence.len == 1) return s[0] < 0x20 || s[0] == 0x7F;
    return sequence.len == 2 && s[0] == 0xC2 && s[1] < 0xA0;
}

static void put_sequence(json_t *json, bytes_t sequence)
{
    uint8_t first = sequence.data[0];
    if (is_control(sequence))
        fprintf(json->out, "\\u%04x", sequence.data[sequence.len - 1]);
    else if (first == '"' || first == '\\')
        fprintf(json->out, "\\%c", first);
    else
        fwrite(sequence.data, 1, sequence.len, json->out);
}

static void put_string(json_t *json, bytes_t text)
{
    fputc('"', json->out);
    while (text.len > 0) {
        size_t len = sequence_len(text);
        if (len == 0)
            fputs("\\ufffd", json->out);
        else
            put_sequence(json, (bytes_t){text.data, len});
        text = bytes_from(text, len ? len : 1);
    }
    fputc('"', json->out);
}

/* ---- members ---- */

static void new_line(const json_t *json)
{
    fputc('\n', json->out);
    for (unsigned i = 0; i < json->depth; i++) fputs("  ", json->out);
}

static void begin_member(json_t *json, const char *key)
{
    if (json->comma) fputc(',', json->out);
    if (json->depth > 0) new_line(json);
    json->comma = true;
    if (!key) return;
    put_string(json, bytes_of(key));
    fputs(": ", json->out);
}

void json_open(json_t *json, const char *key, char bracket)
{
    begin_member(json, key);
    fputc(bracket, json->out);
    json->depth++;
    json->comma = false;
}

void json_close(json_t *json, char bracket)
{
    bool empty = !json->comma;
    json->depth--;
    json->comma = true;
    if (!empty) new_line(json);
    fputc(bracket, json->out);
    if (json->depth == 0) fputc('\n', json->out);
}

void json_text(json_t *json, const char *key, const char *text)
{
    begin_member(json, key);
    if (text)
        put_string(json, bytes_of(text));
    else
        fputs("null", json->out);
}

void json_hex(json_t *json, const char *key, bytes_t bytes)
{
    char digits[2];
    begin_member(json, key);
    fputc('"', json->out);
    for (size_t i = 0; i < bytes.len; i++) {
        hex_write(digits, (bytes_t){bytes.data + i, 1});
        fwrite(digits, 1, sizeof digits, json->out);
    }
    fputc('"', json->out);
}

void json_number(json_t *json, const char *key, uint64_t number)
{
    begin_member(json, key);
    fprintf(json->out, "%" PRIu64, number);
}

void json_bool(json_t *json, const char *key, bool value)
{
    begin_member(json, key);
    fputs(value ? "true" : "false", json->out);
}
