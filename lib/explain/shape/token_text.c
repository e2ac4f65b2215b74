#include "token_text.h"

#include <string.h>

#include "../encoding.h"
#include "../unwrap.h"
#include "plain_text.h"

enum {
    MISSING,
    URL_SAFE,
    WRAPPED,
    PLUS_LOST,
    PERCENT,
    PYTHON,
    QUOTED,
    COMMA,
    PARAMETER,
    PADDED_MORE,
    NO_PADDING,
    HEX,
    TWICE,
    NULL_WORD,
    RAW,
    HEADER_TWICE,
    SCHEME_TWICE,
};

const remark_row_t token_text_remarks[] = {
    [MISSING] = {.id = "token-missing",
                 .kind = REMARK_CAUSE,
                 .sentence = "nothing stands behind the scheme, where a message belongs in base64",
                 .source = "RFC 4559 4.1"},
    [URL_SAFE] = {.id = "base64-url-safe",
                  .kind = REMARK_CAUSE,
                  .sentence = "the token is base64url, which has - and _ for + and /",
                  .source = "RFC 4648 4"},
    [WRAPPED] = {.id = "base64-wrapped",
                 .kind = REMARK_CAUSE,
                 .sentence = "the token is wrapped in lines, or has blanks in it",
                 .source = "RFC 4648 4"},
    [PLUS_LOST] =
        {.id = "base64-plus-lost",
         .kind = REMARK_CAUSE,
         .sentence =
             "blanks stand in the token where it had +, as if it had been read as part of a form",
         .source = "RFC 4648 4"},
    [PERCENT] = {.id = "base64-percent-encoded",
                 .kind = REMARK_CAUSE,
                 .sentence = "the token is %-encoded",
                 .source = "RFC 4648 4"},
    [PYTHON] = {.id = "base64-python-bytes",
                .kind = REMARK_CAUSE,
                .sentence = "the token stands in b'...', as Python writes bytes",
                .source = "RFC 4648 4"},
    [QUOTED] = {.id = "token-quoted",
                .kind = REMARK_CAUSE,
                .sentence = "the token stands in quotes",
                .source = "RFC 9110 11.4"},
    [COMMA] = {.id = "token-comma",
               .kind = REMARK_CAUSE,
               .sentence = "a comma, or another sign of punctuation, ends the token",
               .source = "RFC 9110 11.4"},
    [PARAMETER] = {.id = "token-parameter",
                   .kind = REMARK_CAUSE,
                   .sentence = "the token is written as a parameter, with a name and = in front",
                   .source = "RFC 9110 11.4"},
    [PADDED_MORE] = {.id = "base64-more-padding",
                     .kind = REMARK_CAUSE,
                     .sentence = "the token ends in more = than its length asks for",
                     .source = "RFC 4648 4"},
    [NO_PADDING] = {.id = "base64-no-padding",
                    .kind = REMARK_CAUSE,
                    .sentence = "the = at the end of the token are missing",
                    .source = "RFC 4648 4"},
    [HEX] = {.id = "token-hex",
             .kind = REMARK_CAUSE,
             .sentence = "the token is hex, not base64",
             .source = "RFC 4559 4.1"},
    [TWICE] = {.id = "base64-twice",
               .kind = REMARK_CAUSE,
               .sentence = "the token is base64 of base64",
               .source = "RFC 4559 4.1"},
    [NULL_WORD] = {.id = "token-null",
                   .kind = REMARK_CAUSE,
                   .sentence =
                       "the word for no value of some language stands where the token belongs",
                   .source = "RFC 4559 4.1"},
    [RAW] = {.id = "token-raw",
             .kind = REMARK_CAUSE,
             .sentence = "the message stands in the header as it is, not in base64",
             .source = "RFC 4559 4.1"},
    [HEADER_TWICE] = {.id = "header-twice",
                      .kind = REMARK_CAUSE,
                      .sentence = "the header came twice",
                      .source = "RFC 9110 5.3"},
    [SCHEME_TWICE] = {.id = "scheme-twice",
                      .kind = REMARK_CAUSE,
                      .sentence = "the scheme stands twice in front of the token",
                      .source = "RFC 9110 11.4"},
    {.id = NULL},
};

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

bytes_t token_bytes(bytes_t text, writer_t *room)
{
    room->len = 0;
    room->overflow = false;
    if (text_span(text, 0, digits) != text.len || decode_base64(text, room)) return bytes_none();
    return written(room);
}

bytes_t token_message(bytes_t text, writer_t *room)
{
    return unwrap(token_bytes(text, room)).message;
}

bool token_holds(bytes_t text)
{
    uint8_t memory[TOKEN_ROOM];
    writer_t room = writer_to(memory, sizeof memory);
    return token_message(text, &room).len > 0;
}

/* ---- the token: each undoes a mistake, and gives false if it is not that ---- */

static void put(writer_t *out, uint8_t c)
{
    write_bytes(out, (bytes_t){&c, 1});
}

static bool not_url_safe(bytes_t text, writer_t *out)
{
    for (size_t i = 0; i < text.len; i++)
        put(out, text.data[i] == '-' ? '+' : text.data[i] == '_' ? '/' : text.data[i]);
    const bool changed = !bytes_equal(written(out), text);
    while (out->len % 4) put(out, '='); /* most leave it out there */
    return changed;
}

static bool not_wrapped(bytes_t text, writer_t *out)
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

static bool not_plus_lost(bytes_t text, writer_t *out)
{
    for (size_t i = 0; i < text.len; i++) put(out, text.data[i] == ' ' ? '+' : text.data[i]);
    return !memchr(text.data, '+', text.len) && !is_in_lines(text);
}

static bool not_percent(bytes_t text, writer_t *out)
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

static bool not_quoted(bytes_t text, writer_t *out)
{
    if (text.len < 2 || !text_is_one_of(text.data[0], "\"'<`") ||
        !text_is_one_of(text.data[text.len - 1], "\"'>`"))
        return false;
    write_bytes(out, text_part(text, 1, text.len - 1));
    return true;
}

static bool not_python(bytes_t text, writer_t *out)
{
    return text.len > 0 && text.data[0] == 'b' && not_quoted(bytes_from(text, 1), out);
}

static bool not_comma(bytes_t text, writer_t *out)
{
    if (text.len == 0 || !text_is_one_of(text.data[text.len - 1], ",;.:")) return false;
    write_bytes(out, text_trimmed(text_part(text, 0, text.len - 1)));
    return true;
}

static bool not_parameter(bytes_t text, writer_t *out)
{
    const size_t name = text_span(text, 0, TEXT_NAME);
    if (name == 0 || name + 1 >= text.len || text.data[name] != '=') return false;
    const bytes_t value = bytes_from(text, name + 1);
    if (!not_quoted(value, out)) write_bytes(out, value);
    return true;
}

static bool not_more(bytes_t text, writer_t *out)
{
    size_t end = text.len;
    while (end > 0 && text.data[end - 1] == '=') end--;
    write_bytes(out, text_part(text, 0, end));
    while (out->len % 4 && out->len < text.len) put(out, '=');
    return out->len < text.len;
}

static bool not_unpadded(bytes_t text, writer_t *out)
{
    write_bytes(out, text);
    while (out->len % 4) put(out, '=');
    return out->len > text.len;
}

static bool not_twice(bytes_t text, writer_t *out)
{
    return !decode_base64(text, out);
}

static bool not_a_second(bytes_t text, writer_t *out)
{
    write_bytes(out, text_part(text, 0, text_span(text, 0, digits)));
    return out->len < text.len && text.data[out->len] == ',';
}

static bool not_a_second_scheme(bytes_t text, writer_t *out)
{
    const size_t end = text_span(text, 0, TEXT_NAME);
    write_bytes(out, text_trimmed(bytes_from(text, end)));
    return end > 0 && out->len > 0 && text.data[end] == ' ';
}

static const struct {
    int row;
    bool (*mend)(bytes_t text, writer_t *out);
} mends[] = {
    {SCHEME_TWICE, not_a_second_scheme},
    {COMMA, not_comma},
    {HEADER_TWICE, not_a_second},
    {PYTHON, not_python},
    {QUOTED, not_quoted},
    {PERCENT, not_percent},
    {PARAMETER, not_parameter},
    {PLUS_LOST, not_plus_lost},
    {WRAPPED, not_wrapped},
    {PADDED_MORE, not_more},
    {NO_PADDING, not_unpadded},
    {URL_SAFE, not_url_safe},
    {TWICE, not_twice},
};

static bool is_hex_message(bytes_t text)
{
    uint8_t memory[TOKEN_ROOM];
    writer_t out = writer_to(memory, sizeof memory);
    return is_hex_text(text) && !decode_hex(text, &out) && unwrap(written(&out)).message.len > 0;
}

static bool is_null_word(bytes_t text)
{
    static const char *const words[] = {"null",  "undefined", "none",  "nil", "[object object]",
                                        "false", "(null)",    "<nil>", "nan"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (text_is(text, words[i])) return true;
    return false;
}

const remark_row_t *token_mistake(bytes_t text)
{
    uint8_t memory[TOKEN_ROOM];
    if (text.len == 0) return &token_text_remarks[MISSING];
    if (is_null_word(text)) return &token_text_remarks[NULL_WORD];
    if (text_begins(text, "ntlmssp")) return &token_text_remarks[RAW];
    if (is_hex_message(text)) return &token_text_remarks[HEX];
    for (size_t i = 0; i < sizeof mends / sizeof mends[0]; i++) {
        writer_t out = writer_to(memory, sizeof memory);
        if (mends[i].mend(text, &out) && !out.overflow && token_holds(written(&out)))
            return &token_text_remarks[mends[i].row];
    }
    return NULL;
}
