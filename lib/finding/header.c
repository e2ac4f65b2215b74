#include "header.h"

#include <string.h>

/* ---- the token ---- */

int base64_value(uint8_t digit)
{
    if (digit >= 'A' && digit <= 'Z') return digit - 'A';
    if (digit >= 'a' && digit <= 'z') return digit - 'a' + 26;
    if (digit >= '0' && digit <= '9') return digit - '0' + 52;
    if (digit == '+') return 62;
    return digit == '/' ? 63 : -1;
}

/* Padding that fills the last four, or a beginning of it at the end, is no stranger. */
static const char *first_stranger(const char *token)
{
    const char *at = token;
    while (base64_value((uint8_t)*at) >= 0) at++;
    const size_t digits = (size_t)(at - token) % 4, signs = strspn(at, "=");
    if (digits >= 2 && digits + signs >= 4) return at + 4 - digits;
    return signs <= 2 && at[signs] == '\0' ? at + signs : at;
}

/* httpd has joined headers of one name by ", ". */
static bool begins_a_second(const char *at)
{
    return at[0] == ',' && at[1] == ' ' && base64_value((uint8_t)at[2]) >= 0;
}

static void say_stranger(phrase_t *out, const char *at, size_t place, bool secret)
{
    const char character[] = {*at, '\0'};
    if (secret) { /* neither a character nor a place */
        phrase_say(out, begins_a_second(at) ? "the header came twice"
                                            : "it holds a character that is no base64");
        return;
    }
    if (begins_a_second(at)) {
        phrase_say(out, "the header came twice: a second one begins behind character %zu", place);
        return;
    }
    phrase_quote(out, character);
    phrase_say(out, ", character %zu behind the scheme, is no base64", place);
    if (*at == '-' || *at == '_') phrase_say(out, " (base64url is another alphabet)");
}

static void say_length(phrase_t *out, size_t len, bool secret)
{
    if (secret)
        phrase_say(out, "its length is no multiple of 4");
    else
        phrase_say(out, "it has %zu characters, which is no multiple of 4", len);
}

void header_say_token(phrase_t *out, const char *token, size_t most, bool secret)
{
    const size_t len = strlen(token);
    const char *stranger = first_stranger(token);
    if (len == 0)
        phrase_say(out, "nothing stands behind the scheme");
    else if (len > most)
        phrase_say(out, "it has %zu characters, more than %zu", len, most);
    else if (*stranger)
        say_stranger(out, stranger, (size_t)(stranger - token) + 1, secret);
    else if (len % 4 != 0)
        say_length(out, len, secret);
    else
        phrase_say(out, "its last character holds bits that belong to no byte");
}

/* ---- the scheme ---- */

/* RFC 9110 5.6.2 has some signs more, but no registered scheme has them. */
static size_t scheme_len(const char *header)
{
    static const char name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    return strspn(header, name);
}

/* One word alone may be a key or a password that somebody sends without a scheme. */
static bool is_word_and_blank(const char *header, size_t len, size_t longest)
{
    return len > 0 && len <= longest && header[len] == ' ';
}

void header_say_scheme(phrase_t *out, const char *header, const char *begins)
{
    enum { LONGEST = 32 };
    char word[LONGEST + 1];
    const size_t len = scheme_len(header);
    if (is_word_and_blank(header, len, LONGEST)) {
        memcpy(word, header, len);
        word[len] = '\0';
        phrase_say(out, "the scheme is ");
        phrase_quote(out, word);
    } else if (begins) {
        phrase_say(out, "no blank stands behind %s", begins);
    } else {
        phrase_say(out, "no scheme and blank stand in front");
    }
}
