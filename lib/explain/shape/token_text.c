#include "token_text.h"

#include <string.h>

#include "../encoding.h"
#include "../unwrap.h"
#include "../../ntlm/message.h"
#include "layout.h"
#include "plain_text.h"
#include "token_mends.h"

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
    ESCAPED,
    LOWERED,
    PADDED_MORE,
    NO_PADDING,
    HEX,
    TWICE,
    NULL_WORD,
    PASSWORD,
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
    [ESCAPED] = {.id = "token-escaped",
                 .kind = REMARK_CAUSE,
                 .sentence =
                     "backslashes stand in the token, as JSON and other languages escape signs",
                 .source = "RFC 4648 4"},
    [LOWERED] = {.id = "token-case-changed",
                 .kind = REMARK_CAUSE,
                 .sentence =
                     "the token was written in lower or upper case: base64 tells the two apart",
                 .source = "RFC 4648 4"},
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
    [PASSWORD] = {.id = "token-password",
                  .kind = REMARK_CAUSE,
                  .sentence =
                      "a user and a password stand where the message belongs, as Basic has them",
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

bytes_t token_bytes(bytes_t text, writer_t *room)
{
    room->len = 0;
    room->overflow = false;
    if (text_span(text, 0, TEXT_BASE64) != text.len || decode_base64(text, room))
        return bytes_none();
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
    {ESCAPED, not_escaped},
    {PLUS_LOST, not_plus_lost},
    {WRAPPED, not_wrapped},
    {PADDED_MORE, not_more},
    {NO_PADDING, not_unpadded},
    {URL_SAFE, not_url_safe},
    {TWICE, not_twice},
};

static bool is_hex(bytes_t text)
{
    uint8_t memory[TOKEN_ROOM];
    writer_t out = writer_to(memory, sizeof memory);
    return is_hex_text(text) && !decode_hex(text, &out) && unwrap(written(&out)).message.len > 0;
}

/* Hex, or base64 of hex. */
static bool is_hex_message(bytes_t text)
{
    uint8_t memory[TOKEN_ROOM];
    writer_t room = writer_to(memory, sizeof memory);
    return is_hex(text) || is_hex(token_bytes(text, &room));
}

/* How the base64 of every message begins, in one case. */
static bool is_case_changed(bytes_t text)
{
    static const char lower[] = "tlrmtvntuaa", upper[] = "TLRMTVNTUAA";
    const bytes_t begin = text_part(text, 0, sizeof lower - 1);
    return bytes_equal(begin, bytes_of(lower)) || bytes_equal(begin, bytes_of(upper));
}

/* A Type 3 of which some quanta are missing, and perhaps a part of one. */
static bool is_cut(bytes_t text)
{
    uint8_t memory[TOKEN_ROOM], mended[TOKEN_ROOM];
    writer_t room = writer_to(memory, sizeof memory), out = writer_to(mended, sizeof mended);
    type3_t type3;
    if (text.len % 4 == 1) text.len--;
    if (text.len % 4 == 0)
        write_bytes(&out, text);
    else if (!not_unpadded(text, &out))
        return false;
    const bytes_t message = token_message(written(&out), &room);
    return message_type(message) == 3 && type3_parse(message, &type3) != NULL;
}

static bool is_null_word(bytes_t text)
{
    static const char *const words[] = {"null",  "undefined", "none",  "nil", "[object object]",
                                        "false", "(null)",    "<nil>", "nan"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (text_is(text, words[i])) return true;
    return false;
}

/* Text with a colon in it. */
static bool is_user_and_password(bytes_t text)
{
    bool colon = false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < ' ' || text.data[i] == 0x7F) return false;
        colon |= text.data[i] == ':' && i > 0;
    }
    return colon;
}

const remark_row_t *token_mistake(bytes_t text)
{
    uint8_t memory[TOKEN_ROOM];
    if (text.len == 0) return &token_text_remarks[MISSING];
    if (is_null_word(text)) return &token_text_remarks[NULL_WORD];
    if (text_begins(text, "ntlmssp")) return &token_text_remarks[RAW];
    if (is_hex_message(text)) return &token_text_remarks[HEX];
    if (is_case_changed(text)) return &token_text_remarks[LOWERED];
    if (is_cut(text)) return layout_cut;
    for (size_t i = 0; i < sizeof mends / sizeof mends[0]; i++) {
        writer_t out = writer_to(memory, sizeof memory);
        if (mends[i].mend(text, &out) && !out.overflow && token_holds(written(&out)))
            return &token_text_remarks[mends[i].row];
    }
    writer_t room = writer_to(memory, sizeof memory);
    const bytes_t bytes = token_bytes(text, &room);
    return is_user_and_password(bytes.len > 0 ? bytes : text) ? &token_text_remarks[PASSWORD]
                                                              : NULL;
}
