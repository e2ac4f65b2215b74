#include "octets.h"

#include <apr_encode.h>
#include <apr_strings.h>

bytes_t octets_copy(apr_pool_t *pool, bytes_t bytes)
{
    if (bytes.len == 0) return bytes_none();
    return (bytes_t){apr_pmemdup(pool, bytes.data, bytes.len), bytes.len};
}

const char *octets_base64(apr_pool_t *pool, bytes_t bytes)
{
    return apr_pencode_base64_binary(pool, bytes.data, (apr_ssize_t)bytes.len, APR_ENCODE_NONE,
                                     NULL);
}
