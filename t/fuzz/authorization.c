/* The value of an Authorization header: what is taken for a token is a scheme, blanks and
 * the one base64 text of its bytes, and nothing else is. */
#include "fuzz.h"

#include <apr_general.h>

#include "../../lib/http/authorization.h"

static int digit(char letter)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = letter ? strchr(digits, letter) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* RFC 4648 4 with 3.5: no letter too few, none too many, no bit that says nothing. Gives the
 * number of bytes, or -1. */
static int strict_base64(const char *text, uint8_t *out)
{
    size_t len = strlen(text), fill = 0, bytes = 0;
    if (len == 0 || len % 4 != 0) return -1;
    while (fill < 2 && text[len - 1 - fill] == '=') fill++;
    uint32_t bits = 0;
    for (size_t i = 0; i < len; i++) {
        int value = i < len - fill ? digit(text[i]) : 0;
        if (value < 0) return -1;
        bits = bits << 6 | (uint32_t)value;
        if (i % 4 != 3) continue;
        for (int shift = 16; shift >= 0; shift -= 8) out[bytes++] = (uint8_t)(bits >> shift);
        bits = 0;
    }
    for (size_t i = bytes - fill; i < bytes; i++)
        if (out[i] != 0) return -1;
    return (int)(bytes - fill);
}

static const char *behind(const char *header, const char *name)
{
    for (; *name; name++, header++)
        if ((*header | 0x20) != *name || *header < 'A') return NULL;
    if (*header != ' ' && *header != '\0') return NULL;
    while (*header == ' ') header++;
    return header;
}

static void expect(const char *header, http_credentials_t said, scheme_t scheme, bytes_t token)
{
    static const char *const names[SCHEME_COUNT] = {"", "ntlm", "negotiate", "basic"};
    static uint8_t decoded[1 << 20];
    const char *text = NULL;
    scheme_t expected = SCHEME_NONE;
    for (scheme_t i = SCHEME_NONE + 1; i < SCHEME_COUNT && !text; i++)
        if ((text = behind(header, names[i])) != NULL) expected = i;
    REQUIRE(scheme == expected);
    REQUIRE((said == HTTP_OTHER_SCHEME) == (text == NULL));
    if (!text) return;
    int len = strlen(text) <= HTTP_TOKEN_MAX ? strict_base64(text, decoded) : -1;
    REQUIRE((said == HTTP_TOKEN) == (len >= 0));
    if (len < 0) return;
    REQUIRE(token.len == (size_t)len && memcmp(token.data, decoded, token.len) == 0);
}

/* Words for the log: one line of them. */
static void expect_words(apr_pool_t *pool, const char *header, http_credentials_t said)
{
    const char *words = said == HTTP_BAD_TOKEN ? authorization_say_token(pool, header)
                                               : authorization_say_scheme(pool, header);
    const size_t len = strlen(words);
    REQUIRE(len > 0 && len < 256);
    for (size_t i = 0; i < len; i++) REQUIRE((uint8_t)words[i] >= 0x20 && words[i] != 0x7F);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static apr_pool_t *pool;
    if (!pool) {
        apr_initialize();
        apr_pool_create(&pool, NULL);
    }
    bytes_t token;
    scheme_t scheme;
    char *header = malloc(size + 1);
    REQUIRE(header);
    if (size) memcpy(header, data, size);
    header[size] = '\0';
    http_credentials_t said = authorization_read(pool, header, &scheme, &token);
    expect(header, said, scheme, token);
    expect_words(pool, header, said);
    said = authorization_read(pool, NULL, &scheme, &token);
    REQUIRE(said == HTTP_NO_CREDENTIALS && scheme == SCHEME_NONE && token.len == 0);
    free(header);
    apr_pool_clear(pool);
    return 0;
}
