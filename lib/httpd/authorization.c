#include "authorization.h"

#include <string.h>

#include <apr_cstr.h>

const char authorization_scheme[] = "NTLM";

/* The text behind "NTLM" and its blanks; NULL if that is not the scheme. */
static const char *behind_scheme(const char *header)
{
    size_t len = strlen(authorization_scheme);
    if (apr_cstr_casecmpn(header, authorization_scheme, len) != 0) return NULL;
    if (header[len] != ' ' && header[len] != '\0') return NULL;
    return header + len + strspn(header + len, " ");
}

/* RFC 4648, table 1: what each character from '+' to 'z' stands for. */
enum { NONE = 0x80, FIRST = '+', LAST = 'z' };
static const uint8_t sextets[LAST - FIRST + 1] = {
    62,   NONE, NONE, NONE, 63,   52,   53, 54, 55, 56, 57, 58, 59, 60, 61, NONE,
    NONE, NONE, NONE, NONE, NONE, NONE, 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,
    10,   11,   12,   13,   14,   15,   16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
    NONE, NONE, NONE, NONE, NONE, NONE, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
    36,   37,   38,   39,   40,   41,   42, 43, 44, 45, 46, 47, 48, 49, 50, 51};

static unsigned sextet(char character)
{
    const unsigned at = (unsigned char)character - (unsigned)FIRST;
    return at < sizeof sextets ? sextets[at] : NONE;
}

/* Four characters, of which the last two may be padding, as 24 bits; more than that if they are
 * not base64. */
static uint32_t quantum(const char *text, size_t padding)
{
    const unsigned a = sextet(text[0]), b = sextet(text[1]);
    const unsigned c = padding > 1 ? 0 : sextet(text[2]), d = padding > 0 ? 0 : sextet(text[3]);
    const uint32_t bits = (uint32_t)a << 18 | (uint32_t)b << 12 | (uint32_t)c << 6 | d;
    return (a | b | c | d) & NONE ? UINT32_MAX : bits;
}

static size_t padding_of(const char *text, size_t len)
{
    if (text[len - 1] != '=') return 0;
    return text[len - 2] == '=' ? 2 : 1;
}

/* Strictly the base64 of its bytes, written by hand for that: libraries' decoders also take
 * base64url, blanks, missing padding or stray bits, and one message would have many texts. */
static bool decode(apr_pool_t *pool, const char *text, bytes_t *token)
{
    const size_t len = strlen(text), whole = len / 4;
    if (len == 0 || len > HTTP_TOKEN_MAX || len % 4 != 0) return false;
    const size_t padding = padding_of(text, len);
    uint8_t *out = apr_palloc(pool, 3 * whole);
    *token = (bytes_t){out, 3 * whole - padding};
    for (size_t i = 0; i < whole; i++, out += 3) {
        const uint32_t bits = quantum(text + 4 * i, i + 1 == whole ? padding : 0);
        if (bits == UINT32_MAX) return false;
        out[0] = (uint8_t)(bits >> 16);
        out[1] = (uint8_t)(bits >> 8);
        out[2] = (uint8_t)bits;
    }
    return (padding < 1 || out[-1] == 0) && (padding < 2 || out[-2] == 0);
}

http_credentials_t authorization_read(apr_pool_t *pool, const char *header, bytes_t *token)
{
    *token = bytes_none();
    if (!header) return HTTP_NO_CREDENTIALS;
    const char *text = behind_scheme(header);
    if (!text) return HTTP_OTHER_SCHEME;
    if (decode(pool, text, token)) return HTTP_TOKEN;
    *token = bytes_none();
    return HTTP_BAD_TOKEN;
}

bool authorization_is_ours(const char *header)
{
    return header && behind_scheme(header) != NULL;
}

bool authorization_is_in(const char *text, const char *header)
{
    enum { SHORTEST = 16 }; /* base64 of a signature and a type */
    const char *token = header ? behind_scheme(header) : NULL;
    return token && strlen(token) >= SHORTEST && strstr(text, token) != NULL;
}
