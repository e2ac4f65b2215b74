#include "token_mends.h"

#include <string.h>

#include "../encoding.h"
#include "plain_text.h"

static void put(writer_t *out, uint8_t c)
{
    write_bytes(out, (bytes_t){&c, 1});
}

bool not_url_safe(bytes_t text, writer_t *out)
{
    for (size_t i = 0; i < text.len; i++)
        put(out, text.data[i] == '-' ? '+' : text.data[i] == '_' ? '/' : text.data[i]);
    const bool changed = !bytes_equal(written(out), text);
    while (out->len % 4) put(out, '='); /* most leave it out there */
    return changed;
}

bool not_wrapped(bytes_t text, writer_t *out)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_blank(text.data[i])) put(out, text.data[i]);
    return out->len < text.len;
}

/* Lines of one length, of which the last may be shorter. */
static bool is_in_lines(bytes_t text)
{
    size_t first = 0;
    while (first < text.len && !is_blank(text.data[first])) first++;
    for (size_t i = 0; i < text.len; i++)
        if (is_blank(text.data[i]) != (i % (first + 1) == first)) return false;
    return true;
}

bool not_plus_lost(bytes_t text, writer_t *out)
{
    for (size_t i = 0; i < text.len; i++) put(out, text.data[i] == ' ' ? '+' : text.data[i]);
    return !memchr(text.data, '+', text.len) && !is_in_lines(text);
}

bool not_percent(bytes_t text, writer_t *out)
{
    uint8_t c;
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] == '%' &&
            hex_read(text_part(text, i + 1, i + 3 < text.len ? i + 3 : text.len), &c, 1)) {
            if (!is_blank(c)) put(out, c);
            i += 2;
        } else {
            put(out, text.data[i]);
        }
    return out->len < text.len;
}

bool not_quoted(bytes_t text, writer_t *out)
{
    if (text.len < 2 || !text_is_one_of(text.data[0], "\"'<`") ||
        !text_is_one_of(text.data[text.len - 1], "\"'>`"))
        return false;
    write_bytes(out, text_part(text, 1, text.len - 1));
    return true;
}

bool not_python(bytes_t text, writer_t *out)
{
    return text.len > 0 && text.data[0] == 'b' && not_quoted(bytes_from(text, 1), out);
}

bool not_comma(bytes_t text, writer_t *out)
{
    if (text.len == 0 || !text_is_one_of(text.data[text.len - 1], ",;.:")) return false;
    write_bytes(out, text_trimmed(text_part(text, 0, text.len - 1)));
    return true;
}

bool not_parameter(bytes_t text, writer_t *out)
{
    const size_t name = text_span(text, 0, TEXT_NAME);
    if (name == 0 || name + 1 >= text.len || text.data[name] != '=') return false;
    const bytes_t value = bytes_from(text, name + 1);
    if (!not_quoted(value, out)) write_bytes(out, value);
    return true;
}

bool not_more(bytes_t text, writer_t *out)
{
    size_t end = text.len;
    while (end > 0 && text.data[end - 1] == '=') end--;
    write_bytes(out, text_part(text, 0, end));
    while (out->len % 4 && out->len < text.len) put(out, '=');
    return out->len < text.len;
}

bool not_unpadded(bytes_t text, writer_t *out)
{
    write_bytes(out, text);
    while (out->len % 4) put(out, '=');
    return out->len > text.len;
}

bool not_twice(bytes_t text, writer_t *out)
{
    return !decode_base64(text, out);
}

bool not_a_second(bytes_t text, writer_t *out)
{
    write_bytes(out, text_part(text, 0, text_span(text, 0, TEXT_BASE64)));
    return out->len < text.len && text.data[out->len] == ',';
}

bool not_a_second_scheme(bytes_t text, writer_t *out)
{
    const size_t end = text_span(text, 0, TEXT_NAME);
    write_bytes(out, text_trimmed(bytes_from(text, end)));
    return end > 0 && out->len > 0 && text.data[end] == ' ';
}

bool not_escaped(bytes_t text, writer_t *out)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] != '\\') put(out, text.data[i]);
    return out->len < text.len;
}
