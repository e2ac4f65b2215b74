#include "intern.h"

#include <apr_hash.h>

/* The table goes with pconf, so a restart begins with an empty one. */
static apr_hash_t *table_of(apr_pool_t *pconf)
{
    static const char key[] = "mod_auth_ntlmv2: interned";
    void *table = NULL;
    apr_pool_userdata_get(&table, key, pconf);
    if (!table) {
        table = apr_hash_make(pconf);
        apr_pool_userdata_setn(table, key, NULL, pconf);
    }
    return table;
}

void *intern_find(apr_pool_t *pconf, const char *text)
{
    return apr_hash_get(table_of(pconf), text, APR_HASH_KEY_STRING);
}

const void *intern_keep(apr_pool_t *pconf, const char *text, const void *made)
{
    apr_hash_set(table_of(pconf), text, APR_HASH_KEY_STRING, made);
    return made;
}
