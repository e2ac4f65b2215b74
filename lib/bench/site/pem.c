#include "pem.h"

#include <string.h>

#include <apr_encode.h>
#include <apr_strings.h>

/* PEM holds base64 between two lines. */
bytes_t pem_certificate(apr_pool_t *pool, const char **pem)
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----", end[] = "-----END";
    const char *from = strstr(*pem, begin), *until = from ? strstr(from + 1, end) : NULL;
    apr_size_t len;
    if (!until) return bytes_none();
    *pem = until + sizeof end - 1;
    from += sizeof begin - 1;
    char *text = apr_pstrndup(pool, from, (apr_size_t)(until - from)), *to = text;
    for (const char *c = text; *c; c++)
        if (!strchr(" \r\n", *c)) *to++ = *c;
    *to = '\0';
    const void *der =
        apr_pdecode_base64_binary(pool, text, APR_ENCODE_STRING, APR_ENCODE_NONE, &len);
    return der ? (bytes_t){der, len} : bytes_none();
}
