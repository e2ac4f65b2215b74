#include "audit_text.h"

#include <string.h>

/* ---- reading ---- */

static const char cut[] = "...";

static bool is_printable(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7F;
}

/* As httpd's ap_escape_errorlog_item() has it. */
static size_t escape(uint8_t byte, char out[4])
{
    static const char plain[] = "\b\n\r\t\v\\", letters[] = "bnrtv\\";
    const char *special = byte ? strchr(plain, byte) : NULL;
    out[0] = '\\';
    if (special) {
        out[1] = letters[special - plain];
        return 2;
    }
    out[1] = 'x';
    hex_write(out + 2, (bytes_t){&byte, 1});
    return 4;
}

/* One character of the text as it is shown; how many bytes of the text it took. */
static size_t next_shown(bytes_t text, audit_source_t source, bool quoted, char out[4], size_t *len)
{
    uint8_t byte = text.data[0];
    bool escaped = source == AUDIT_ERROR_LOG;
    size_t taken = 1;
    if (quoted && byte == '%' && text.len >= 3 && hex_read((bytes_t){text.data + 1, 2}, &byte, 1))
        taken = 3;
    *len = 1;
    out[0] = (char)byte;
    if (!is_printable(byte) || (byte == '\\' && !escaped)) *len = escape(byte, out);
    return taken;
}

void audit_text(char *room, size_t size, bytes_t text, audit_source_t source)
{
    bool quoted = source == AUDIT_ERROR_LOG && text.len >= 2 && text.data[0] == '"';
    size_t len = 0, whole = 0; /* whole: what leaves room for the sign that it was cut */
    if (quoted) text = (bytes_t){text.data + 1, text.len - 2};
    while (text.len > 0) {
        char shown[4];
        size_t shown_len, taken = next_shown(text, source, quoted, shown, &shown_len);
        if (len + shown_len >= size) {
            memcpy(room + whole, cut, sizeof cut);
            return;
        }
        memcpy(room + len, shown, shown_len);
        len += shown_len;
        if (len + sizeof cut <= size) whole = len;
        text = bytes_from(text, taken);
    }
    room[len] = '\0';
}

/* ---- writing ---- */

static bool needs_quotes(const char *text)
{
    return *text == '\0' || strpbrk(text, " \"") != NULL;
}

size_t audit_text_width(const char *text)
{
    size_t width = strlen(text);
    if (!needs_quotes(text)) return width;
    for (const char *special = text; (special = strpbrk(special, "\"%")) != NULL; special++)
        width += 2;
    return width + 2;
}

void audit_text_write(FILE *out, const char *text, size_t width)
{
    size_t filled = audit_text_width(text);
    bool quotes = needs_quotes(text);
    if (quotes) fputc('"', out);
    for (const char *at = text; *at; at++) {
        if (quotes && (*at == '"' || *at == '%'))
            fputs(*at == '"' ? "%22" : "%25", out);
        else
            fputc(*at, out);
    }
    if (quotes) fputc('"', out);
    for (; filled < width; filled++) fputc(' ', out);
}
