#include "record.h"

#include <stdlib.h>
#include <string.h>

#include <apr_allocator.h>

record_t *record_new(void)
{
    apr_allocator_t *allocator;
    apr_pool_t *pool;
    if (apr_allocator_create(&allocator) != APR_SUCCESS) abort();
    if (apr_pool_create_unmanaged_ex(&pool, NULL, allocator) != APR_SUCCESS) abort();
    apr_allocator_owner_set(allocator, pool);
    record_t *record = apr_pcalloc(pool, sizeof *record);
    record->pool = pool;
    record->run = record->path = record->scheme = record->host = record->client = "";
    record->status = record->detail = record->user = "";
    record->mic = record->binding = record->service = "";
    record->authorization = record->type1 = record->type2 = record->type3 = bytes_none();
    record->certificate = record->tls_unique = bytes_none();
    record->account.domain = record->account.user = record->account.password = "";
    for (size_t i = 0; i < 2; i++) {
        record->legs[i].request = record->legs[i].answer = "";
        record->legs[i].sent = record->legs[i].got = bytes_none();
    }
    return record;
}

/* What APR takes for a pool at the least, and what of it is ours. */
size_t record_size(const record_t *record)
{
    size_t size = 2 * 8192 + record->authorization.len + record->type1.len + record->type2.len +
                  record->type3.len;
    for (size_t i = 0; i < record->legs_count; i++)
        size += strlen(record->legs[i].request) + strlen(record->legs[i].answer) +
                record->legs[i].sent.len + record->legs[i].got.len;
    return size;
}

void record_free(record_t *record)
{
    apr_pool_destroy(record->pool);
}
