#include "authorization.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>

#include "../finding/header.h"
#include "../ntlm/crypto.h"

/* The text behind the scheme and its blanks; NULL if it is none of ours. */
static const char *behind_scheme(const char *header, scheme_t *scheme)
{
    const char *blank = strchr(header, ' ');
    const size_t len = blank ? (size_t)(blank - header) : strlen(header);
    *scheme = scheme_of_text(header, len);
    for (header += len; *header == ' ';) header++;
    return *scheme == SCHEME_NONE ? NULL : header;
}

/* RFC 4648, table 1: what a character stands for, and VALID; 0 for what stands for nothing. */
enum { VALID = 64 };
static const uint8_t sextets[256] = {
    0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
    0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
    0,   0,   0,   0,   0,   126, 0,   0,   0,   127, 116, 117, 118, 119, 120, 121, 122, 123, 124,
    125, 0,   0,   0,   0,   0,   0,   0,   64,  65,  66,  67,  68,  69,  70,  71,  72,  73,  74,
    75,  76,  77,  78,  79,  80,  81,  82,  83,  84,  85,  86,  87,  88,  89,  0,   0,   0,   0,
    0,   0,   90,  91,  92,  93,  94,  95,  96,  97,  98,  99,  100, 101, 102, 103, 104, 105, 106,
    107, 108, 109, 110, 111, 112, 113, 114, 115, 0,   0,   0,   0,   0};

/* Four characters as three bytes. False if they are not base64. */
static inline bool decode_quantum(const unsigned char *text, uint8_t *out)
{
    const unsigned a = sextets[text[0]], b = sextets[text[1]];
    const unsigned c = sextets[text[2]], d = sextets[text[3]];
    const uint32_t bits = (a << 18) + (b << 12) + (c << 6) + d - VALID * 0x41041U;
    out[0] = (uint8_t)(bits >> 16);
    out[1] = (uint8_t)(bits >> 8);
    out[2] = (uint8_t)bits;
    return (a & b & c & d & VALID) != 0;
}

static size_t padding_of(const char *text, size_t len)
{
    if (text[len - 1] != '=') return 0;
    return text[len - 2] == '=' ? 2 : 1;
}

/* The last four, some of which may be padding: it stands for zeros. */
static bool decode_last(const char *text, size_t padding, uint8_t *out)
{
    unsigned char whole[4];
    memcpy(whole, text, sizeof whole);
    for (size_t i = 0; i < padding; i++) whole[3 - i] = 'A';
    if (!decode_quantum(whole, out)) return false;
    return (padding < 1 || out[2] == 0) && (padding < 2 || out[1] == 0);
}

typedef struct room_t {
    uint8_t *data;
    size_t size;
} room_t;

static apr_status_t wipe(void *data)
{
    const room_t *room = data;
    secret_wipe(room->data, room->size);
    return APR_SUCCESS;
}

/* A password is wiped when the pool ends at the latest, whatever becomes of it. */
static uint8_t *room_for(apr_pool_t *pool, size_t size, bool secret)
{
    uint8_t *data = apr_palloc(pool, size);
    if (!secret) return data;
    const room_t room = {data, size};
    apr_pool_cleanup_register(pool, apr_pmemdup(pool, &room, sizeof room), wipe,
                              apr_pool_cleanup_null);
    return data;
}

/* Strictly the base64 of its bytes, written by hand for that: libraries' decoders also take
 * base64url, blanks, missing padding or stray bits, and one message would have many texts. */
static bool decode(apr_pool_t *pool, const char *text, bool secret, bytes_t *token)
{
    const size_t len = strlen(text);
    if (len == 0 || len > HTTP_TOKEN_MAX || len % 4 != 0) return false;
    const char *last = text + len - 4;
    const size_t padding = padding_of(text, len);
    uint8_t *out = room_for(pool, len / 4 * 3, secret);
    *token = (bytes_t){out, len / 4 * 3 - padding};
    for (; text < last; text += 4, out += 3)
        if (!decode_quantum((const unsigned char *)text, out)) return false;
    return decode_last(last, padding, out);
}

http_credentials_t authorization_read(apr_pool_t *pool, const char *header, scheme_t *scheme,
                                      bytes_t *token)
{
    *token = bytes_none();
    *scheme = SCHEME_NONE;
    if (!header) return HTTP_NO_CREDENTIALS;
    const char *text = behind_scheme(header, scheme);
    if (!text) return HTTP_OTHER_SCHEME;
    if (decode(pool, text, *scheme == SCHEME_BASIC, token)) return HTTP_TOKEN;
    *token = bytes_none();
    return HTTP_BAD_TOKEN;
}

scheme_t authorization_scheme(const char *header)
{
    scheme_t scheme = SCHEME_NONE;
    if (header) (void)behind_scheme(header, &scheme);
    return scheme;
}

enum { WORDS_ROOM = 256 };

const char *authorization_say_token(apr_pool_t *pool, const char *header)
{
    char room[WORDS_ROOM];
    phrase_t out = phrase_to(room, sizeof room);
    scheme_t scheme;
    const char *token = behind_scheme(header, &scheme);
    header_say_token(&out, token ? token : "", HTTP_TOKEN_MAX, scheme == SCHEME_BASIC);
    return apr_pstrdup(pool, room);
}

static const char *begins_with(const char *header)
{
    for (scheme_t scheme = SCHEME_NONE + 1; scheme < SCHEME_COUNT; scheme++) {
        const char *name = scheme_name(scheme);
        if (apr_cstr_casecmpn(header, name, strlen(name)) == 0) return name;
    }
    return NULL;
}

const char *authorization_say_scheme(apr_pool_t *pool, const char *header)
{
    char room[WORDS_ROOM];
    phrase_t out = phrase_to(room, sizeof room);
    header_say_scheme(&out, header, begins_with(header));
    return apr_pstrdup(pool, room);
}

bool authorization_is_in(const char *text, const char *header)
{
    enum { SHORTEST = 16 }; /* base64 of an NTLM message's signature and type */
    scheme_t scheme;
    const char *token = header ? behind_scheme(header, &scheme) : NULL;
    if (!token || !*token) return false;
    if (strnlen(token, SHORTEST) == SHORTEST) return strstr(text, token) != NULL;
    return strcmp(text, token) == 0 || strcmp(text, header) == 0;
}
