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

static size_t text_len(const char *text)
{
    return text ? strlen(text) : 0;
}

/* A path may name all of these, as long as a line of a request. */
static size_t size_of_names(const record_t *record)
{
    const settings_t *settings = &record->settings;
    const site_account_t *account = &record->account;
    return strlen(record->path) + strlen(record->host) + strlen(record->user) +
           text_len(settings->accept_domain) + text_len(settings->domain) +
           text_len(settings->user) + text_len(settings->password) + strlen(account->domain) +
           strlen(account->user) + strlen(account->password);
}

/* The room is taken as a whole. */
static size_t size_of_body(bytes_t kept)
{
    return kept.len > 0 ? LEG_BODY_KEPT : 0;
}

/* What APR takes for a pool at the least, and what of it is ours. */
size_t record_size(const record_t *record)
{
    size_t size = 2 * 8192 + size_of_names(record) + record->certificate.len +
                  record->authorization.len + record->type1.len + record->type2.len +
                  record->type3.len;
    for (size_t i = 0; i < record->legs_count; i++)
        size += strlen(record->legs[i].request) + strlen(record->legs[i].answer) +
                size_of_body(record->legs[i].sent) + size_of_body(record->legs[i].got);
    return size;
}

void record_free(record_t *record)
{
    apr_pool_destroy(record->pool);
}
