#include "digest.h"

#include <openssl/evp.h>

struct digest_t {
    EVP_MD_CTX *context;
};

static apr_status_t forget(void *data)
{
    digest_t *digest = data;
    EVP_MD_CTX_free(digest->context);
    return APR_SUCCESS;
}

digest_t *digest_begin(apr_pool_t *pool)
{
    digest_t *digest = apr_palloc(pool, sizeof *digest);
    digest->context = EVP_MD_CTX_new();
    if (!digest->context) return NULL;
    apr_pool_cleanup_register(pool, digest, forget, apr_pool_cleanup_null);
    return EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL) ? digest : NULL;
}

bool digest_add(digest_t *digest, bytes_t bytes)
{
    return EVP_DigestUpdate(digest->context, bytes.data, bytes.len) == 1;
}

bool digest_end(digest_t *digest, uint8_t sum[DIGEST_LEN])
{
    return EVP_DigestFinal_ex(digest->context, sum, NULL) == 1;
}
