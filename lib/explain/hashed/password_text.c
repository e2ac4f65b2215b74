#include "password_text.h"

#include <string.h>

#include "digests.h"

/* Each gives false where it does not apply. */

static void write_text(writer_t *out, const char *text)
{
    write_bytes(out, bytes_of(text));
}

static void write_byte(writer_t *out, int byte)
{
    const uint8_t one = (uint8_t)byte;
    write_bytes(out, (bytes_t){&one, 1});
}

static bool with_newline(writer_t *out, bytes_t utf8)
{
    write_bytes(out, utf8);
    write_text(out, "\n");
    return true;
}

static bool with_crlf(writer_t *out, bytes_t utf8)
{
    write_bytes(out, utf8);
    write_text(out, "\r\n");
    return true;
}

static bool with_blank(writer_t *out, bytes_t utf8)
{
    write_bytes(out, utf8);
    write_text(out, " ");
    return true;
}

static bool with_blank_before(writer_t *out, bytes_t utf8)
{
    write_text(out, " ");
    write_bytes(out, utf8);
    return true;
}

static bool trimmed(writer_t *out, bytes_t utf8)
{
    while (utf8.len > 0 && strchr(" \t\r\n", utf8.data[utf8.len - 1])) utf8.len--;
    while (utf8.len > 0 && strchr(" \t\r\n", utf8.data[0])) utf8 = bytes_from(utf8, 1);
    write_bytes(out, utf8);
    return true;
}

static bool empty(writer_t *out, bytes_t utf8)
{
    (void)out;
    (void)utf8;
    return true;
}

static bool is_unreserved(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c != 0 && strchr("-_.~", c));
}

static bool url_encoded(writer_t *out, bytes_t utf8)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < utf8.len; i++) {
        const uint8_t c = utf8.data[i];
        if (is_unreserved(c)) {
            write_byte(out, c);
        } else {
            write_text(out, "%");
            write_byte(out, digits[c >> 4]);
            write_byte(out, digits[c & 15]);
        }
    }
    return true;
}

/* As forms are: '+' is a blank. */
static bool url_decoded(writer_t *out, bytes_t utf8)
{
    for (size_t i = 0; i < utf8.len; i++) {
        uint8_t byte;
        const bytes_t digits = bytes_from(utf8, i + 1);
        if (utf8.data[i] == '%' && digits.len >= 2 &&
            hex_read((bytes_t){digits.data, 2}, &byte, 1)) {
            write_byte(out, byte);
            i += 2;
        } else {
            write_byte(out, utf8.data[i] == '+' ? ' ' : utf8.data[i]);
        }
    }
    return true;
}

static bool cut_to_14(writer_t *out, bytes_t utf8)
{
    if (utf8.len <= 14) return false;
    write_bytes(out, (bytes_t){utf8.data, 14});
    return true;
}

static bool quoted(writer_t *out, bytes_t utf8)
{
    write_text(out, "\"");
    write_bytes(out, utf8);
    write_text(out, "\"");
    return true;
}

static bool single_quoted(writer_t *out, bytes_t utf8)
{
    write_text(out, "'");
    write_bytes(out, utf8);
    write_text(out, "'");
    return true;
}

static bool cut_at(writer_t *out, bytes_t utf8, int sign)
{
    const uint8_t *end = memchr(utf8.data, sign, utf8.len);
    if (!end) return false;
    write_bytes(out, (bytes_t){utf8.data, (size_t)(end - utf8.data)});
    return true;
}

static bool cut_at_colon(writer_t *out, bytes_t utf8)
{
    return cut_at(out, utf8, ':');
}

static bool cut_at_blank(writer_t *out, bytes_t utf8)
{
    return cut_at(out, utf8, ' ');
}

static bool escaped(writer_t *out, bytes_t utf8)
{
    for (size_t i = 0; i < utf8.len; i++) {
        if (utf8.data[i] == '\\' || utf8.data[i] == '"') write_text(out, "\\");
        write_byte(out, utf8.data[i]);
    }
    return true;
}

/* A shell, or a program that undoes escapes. */
static bool unescaped(writer_t *out, bytes_t utf8)
{
    for (size_t i = 0; i < utf8.len; i++)
        if (utf8.data[i] != '\\' || (i > 0 && utf8.data[i - 1] == '\\'))
            write_byte(out, utf8.data[i]);
    return true;
}

static bool as_latin1_of_utf8(writer_t *out, bytes_t utf8)
{
    for (size_t i = 0; i < utf8.len; i++) {
        const uint8_t c = utf8.data[i];
        if (c >= 0x80) write_byte(out, 0xC0 | c >> 6);
        write_byte(out, c >= 0x80 ? 0x80 | (c & 0x3F) : c);
    }
    return true;
}

static bool with_question_marks(writer_t *out, bytes_t utf8)
{
    for (size_t i = 0; i < utf8.len; i++) {
        if (utf8.data[i] < 0x80)
            write_byte(out, utf8.data[i]);
        else if (utf8.data[i] >= 0xC0)
            write_text(out, "?");
    }
    return true;
}

static bool ascii_left_over(writer_t *out, bytes_t utf8)
{
    for (size_t i = 0; i < utf8.len; i++)
        if (utf8.data[i] < 0x80) write_byte(out, utf8.data[i]);
    return true;
}

static bool in_base64(writer_t *out, bytes_t utf8)
{
    digest_write_base64(out, utf8, 0);
    return true;
}

static bool (*const changes[PASSWORD_TEXTS])(writer_t *out, bytes_t utf8) = {
    [PASSWORD_UPPER] = digest_write_upper,
    [PASSWORD_LOWER] = digest_write_lower,
    [PASSWORD_NEWLINE] = with_newline,
    [PASSWORD_CRLF] = with_crlf,
    [PASSWORD_BLANK] = with_blank,
    [PASSWORD_BLANK_BEFORE] = with_blank_before,
    [PASSWORD_TRIMMED] = trimmed,
    [PASSWORD_EMPTY] = empty,
    [PASSWORD_URL_ENCODED] = url_encoded,
    [PASSWORD_URL_DECODED] = url_decoded,
    [PASSWORD_NFD] = digest_write_nfd,
    [PASSWORD_CUT] = cut_to_14,
    [PASSWORD_QUOTED] = quoted,
    [PASSWORD_SINGLE_QUOTED] = single_quoted,
    [PASSWORD_CUT_AT_COLON] = cut_at_colon,
    [PASSWORD_CUT_AT_BLANK] = cut_at_blank,
    [PASSWORD_ESCAPED] = escaped,
    [PASSWORD_UNESCAPED] = unescaped,
    [PASSWORD_UTF8_AS_LATIN1] = as_latin1_of_utf8,
    [PASSWORD_ASCII] = with_question_marks,
    [PASSWORD_ASCII_LEFT_OVER] = ascii_left_over,
    [PASSWORD_BASE64] = in_base64,
};

bool password_text(writer_t *out, int text, bytes_t utf8)
{
    return changes[text](out, utf8) && !out->overflow;
}
