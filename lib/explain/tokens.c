#include "tokens.h"

#include <string.h>

#include "../finding/header.h"
#include "encoding.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const headers[] = {"Authorization", "Proxy-Authorization", "WWW-Authenticate",
                                      "Proxy-Authenticate"};
static const char *const schemes[] = {"NTLM", "Negotiate"};

void tokens_over(tokens_t *tokens, bytes_t text)
{
    memset(tokens, 0, sizeof *tokens);
    tokens->text = text;
}

/* ---- words ---- */

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

/* Without regard to the case of ASCII letters, as HTTP compares. */
static bool begins(bytes_t text, const char *word)
{
    size_t len = strlen(word);
    if (text.len < len) return false;
    for (size_t i = 0; i < len; i++)
        if (lower(text.data[i]) != lower((uint8_t)word[i])) return false;
    return true;
}

static bool begins_exactly(bytes_t text, const char *word)
{
    size_t len = strlen(word);
    return text.len >= len &&
           bytes_equal((bytes_t){text.data, len}, (bytes_t){(const uint8_t *)word, len});
}

static bool is_name_char(uint8_t c)
{
    c = lower(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool is_quote(uint8_t c)
{
    return c == '"' || c == '\'';
}

static bytes_t skip(bytes_t text, bool (*what)(uint8_t))
{
    size_t at = 0;
    while (at < text.len && what(text.data[at])) at++;
    return bytes_from(text, at);
}

static bool is_between(uint8_t c)
{
    return is_blank(c) || is_quote(c) || c == ',';
}

static bytes_t trimmed(bytes_t line)
{
    line = skip(line, is_blank);
    while (line.len > 0 && is_blank(line.data[line.len - 1])) line.len--;
    return line;
}

/* ---- lines ---- */

static bytes_t first_line(bytes_t text)
{
    const uint8_t *end = text.len ? memchr(text.data, '\n', text.len) : NULL;
    return (bytes_t){text.data, end ? (size_t)(end - text.data) : text.len};
}

/* The length of a line's end in words that stands there, or 0. */
static size_t end_in_words(bytes_t text)
{
    static const char *const ends[] = {"\\r\\n", "[\\r][\\n]"};
    for (size_t i = 0; i < COUNT(ends); i++)
        if (begins_exactly(text, ends[i])) return strlen(ends[i]);
    return 0;
}

static bytes_t next_line(tokens_t *tokens)
{
    bytes_t line = first_line(tokens->text);
    size_t len = 0, end = 0;
    while (len < line.len && (end = end_in_words(bytes_from(line, len))) == 0) len++;
    if (!tokens->inside) tokens->line++;
    tokens->inside = end > 0;
    tokens->text = bytes_from(tokens->text, len + (end ? end : 1));
    return (bytes_t){line.data, len};
}

/* "> " and "< " are how curl -v marks what was sent and received. */
static bytes_t content_of(bytes_t line)
{
    line = trimmed(line);
    if (begins_exactly(line, "> ") || begins_exactly(line, "< ")) line = bytes_from(line, 2);
    return trimmed(line);
}

/* ---- tokens ---- */

static void read_token(tokens_t *tokens, bytes_t text, bool is_hex, token_t *token)
{
    writer_t out = writer_to(tokens->room, sizeof tokens->room);
    const char *why = is_hex ? decode_hex(text, &out) : decode_base64(text, &out);
    token->bytes = written(&out);
    token->is_decoded = !why;
    const unwrapped_t refused = {.why = why};
    token->contents = why ? refused : unwrap(token->bytes);
}

/* Up to what ends a token in a list of challenges or in a quoted string. */
static bytes_t token_text(bytes_t text)
{
    size_t len = 0;
    while (len < text.len && !is_between(text.data[len])) len++;
    return (bytes_t){text.data, len};
}

/* The scheme that text begins with, a blank behind it; NULL if it is none. */
static const char *scheme_at(bytes_t text)
{
    for (size_t i = 0; i < COUNT(schemes); i++) {
        bytes_t rest = bytes_from(text, strlen(schemes[i]));
        if (begins(text, schemes[i]) && rest.len > 0 && is_blank(rest.data[0])) return schemes[i];
    }
    return NULL;
}

/* The next challenge or credentials with a token, of those that stand in a header. */
static bool next_of_header(tokens_t *tokens, token_t *token)
{
    while (tokens->challenges.len > 0) {
        bytes_t rest = tokens->challenges = skip(tokens->challenges, is_between);
        const char *scheme = scheme_at(rest);
        if (scheme) rest = skip(bytes_from(rest, strlen(scheme)), is_blank);
        bytes_t text = token_text(rest);
        tokens->challenges = bytes_from(rest, text.len);
        if (!scheme || text.len == 0) continue;
        *token = (token_t){.line = tokens->line,
                           .header = tokens->header,
                           .scheme = scheme,
                           .value = tokens->value,
                           .again = tokens->told};
        read_token(tokens, text, false, token);
        return tokens->told = true;
    }
    return false;
}

static bool is_answer(const char *header)
{
    return header == headers[0] || header == headers[1];
}

static bool next_in_header(tokens_t *tokens, token_t *token)
{
    if (next_of_header(tokens, token)) return true;
    if (tokens->told || !tokens->every_answer || !is_answer(tokens->header)) return false;
    *token = (token_t){.line = tokens->line,
                       .header = tokens->header,
                       .value = tokens->value,
                       .bytes = bytes_none()};
    token->contents = (unwrapped_t){.message = bytes_none(), .why = "it has no token of NTLM"};
    return tokens->told = true;
}

/* ---- header lines ---- */

static const char *header_at(bytes_t text, bytes_t *value)
{
    for (size_t i = 0; i < COUNT(headers); i++) {
        if (!begins(text, headers[i])) continue;
        bytes_t rest = skip(bytes_from(text, strlen(headers[i])), is_quote);
        if (rest.len == 0 || rest.data[0] != ':') continue;
        *value = bytes_from(rest, 1);
        return headers[i];
    }
    return NULL;
}

/* A value in quotes ends with them: those in front of the header's name, or, where the name
 * has its own, those in front of the value. */
static bytes_t unquoted(bytes_t value, uint8_t before, uint8_t behind)
{
    uint8_t quote = is_quote(behind) ? behind : is_quote(before) ? before : 0;
    value = trimmed(value);
    if (quote == behind && value.len > 0 && value.data[0] == quote) value = bytes_from(value, 1);
    const uint8_t *end = quote && value.len ? memchr(value.data, quote, value.len) : NULL;
    if (end) value.len = (size_t)(end - value.data);
    return trimmed(value);
}

/* Java logs headers as {name: value}{name: value}. */
static bytes_t up_to_brace(bytes_t value)
{
    const uint8_t *end = value.len ? memchr(value.data, '}', value.len) : NULL;
    return end ? (bytes_t){value.data, (size_t)(end - value.data)} : value;
}

/* Anywhere in the line: traces and logs put their own words in front. */
static bool is_header_line(tokens_t *tokens, bytes_t line)
{
    for (size_t at = 0; at < line.len; at++) {
        uint8_t before = at > 0 ? line.data[at - 1] : 0;
        if (is_name_char(before)) continue;
        tokens->header = header_at(bytes_from(line, at), &tokens->challenges);
        if (!tokens->header) continue;
        tokens->told = false;
        if (before == '{') tokens->challenges = up_to_brace(tokens->challenges);
        tokens->value =
            unquoted(tokens->challenges, before, line.data[at + strlen(tokens->header)]);
        return true;
    }
    return false;
}

bool tokens_over_header(tokens_t *tokens, bytes_t name, bytes_t value)
{
    tokens_over(tokens, bytes_none());
    for (size_t i = 0; i < COUNT(headers); i++)
        if (name.len == strlen(headers[i]) && begins(name, headers[i])) tokens->header = headers[i];
    tokens->challenges = value;
    tokens->value = trimmed(value);
    return tokens->header != NULL;
}

/* ---- tokens by themselves ---- */

static bool is_base64_text(bytes_t text)
{
    for (size_t i = 0; i < text.len; i++)
        if (base64_value(text.data[i]) < 0 && text.data[i] != '=') return false;
    return text.len > 0;
}

static bool starts_message(bytes_t line)
{
    return begins(line, "4e544c4d53535000") || begins(line, "4e 54 4c 4d 53 53 50 00") ||
           begins(line, "4e:54:4c:4d:53:53:50:00") || begins_exactly(line, "TlRMTVNTUA");
}

/* base64(1) and xxd(1) wrap: every line of a token but its last has the same
 * length, which is no short one. Gives all the lines, the first one included. */
static bytes_t with_wrapped_lines(tokens_t *tokens, bytes_t line, bool is_hex)
{
    enum { WRAPPED_MIN = 32 };
    bytes_t whole = line, last = line;
    while (last.len == line.len && line.len >= WRAPPED_MIN) {
        bytes_t next = first_line(tokens->text), text = trimmed(next);
        bool same_kind = is_hex ? is_hex_text(text) : is_base64_text(text);
        if (!same_kind || text.len > line.len || starts_message(text)) break;
        (void)next_line(tokens);
        last = text;
        whole.len = (size_t)(text.data + text.len - whole.data);
    }
    return whole;
}

/* Much of a text looks like base64 or hex: only what turns out to be a message,
 * or begins like one, counts. */
static bool is_token_line(tokens_t *tokens, bytes_t line, token_t *token)
{
    *token = (token_t){.line = tokens->line, .scheme = scheme_at(line)};
    token->value = token->scheme ? line : bytes_none();
    if (token->scheme) line = skip(bytes_from(line, strlen(token->scheme)), is_blank);
    bool is_hex = is_hex_text(line);
    if (!is_hex && !is_base64_text(line)) return false;
    bool certain = starts_message(line);
    read_token(tokens, with_wrapped_lines(tokens, line, is_hex), is_hex, token);
    tokens->hint = token->contents.why;
    return certain || token->contents.wrapping || !token->contents.why;
}

bool tokens_next(tokens_t *tokens, token_t *token)
{
    if (next_in_header(tokens, token)) return true;
    while (tokens->text.len > 0) {
        bytes_t line = content_of(next_line(tokens));
        if (line.len == 0) continue;
        if (is_header_line(tokens, line)) {
            if (next_in_header(tokens, token)) return true;
        } else if (is_token_line(tokens, line, token)) {
            return true;
        }
    }
    return false;
}
