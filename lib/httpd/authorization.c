#include "authorization.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_encode.h>

const char authorization_scheme[] = "NTLM";

/* The text behind "NTLM" and its blanks; NULL if that is not the scheme. */
static const char *behind_scheme(const char *header)
{
    size_t len = strlen(authorization_scheme);
    if (apr_cstr_casecmpn(header, authorization_scheme, len) != 0) return NULL;
    if (header[len] != ' ' && header[len] != '\0') return NULL;
    return header + len + strspn(header + len, " ");
}

/* Strictly the base64 of its bytes: APR's decoder also takes base64url, missing
 * padding and stray bits, so what it decoded must encode to the same text. */
static bool decode(apr_pool_t *pool, const char *text, bytes_t *token)
{
    apr_size_t len = strlen(text), decoded_len = 0;
    if (len == 0 || len > HTTP_TOKEN_MAX) return false;
    const unsigned char *decoded =
        apr_pdecode_base64_binary(pool, text, (apr_ssize_t)len, APR_ENCODE_NONE, &decoded_len);
    if (!decoded) return false;
    const char *again =
        apr_pencode_base64_binary(pool, decoded, (apr_ssize_t)decoded_len, APR_ENCODE_NONE, NULL);
    if (!again || strcmp(again, text) != 0) return false;
    *token = (bytes_t){decoded, decoded_len};
    return true;
}

http_credentials_t authorization_read(apr_pool_t *pool, const char *header, bytes_t *token)
{
    *token = bytes_none();
    if (!header) return HTTP_NO_CREDENTIALS;
    const char *text = behind_scheme(header);
    if (!text) return HTTP_OTHER_SCHEME;
    return decode(pool, text, token) ? HTTP_TOKEN : HTTP_BAD_TOKEN;
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
