/* buckets.h - the buckets of a brigade, one after the other.
 */
#ifndef NTLM_BENCH_BUCKETS_H
#define NTLM_BENCH_BUCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <apr_buckets.h>

/* Behind the last one. APR_BRIGADE_SENTINEL() casts a qualifier away, of which compilers warn. */
static inline apr_bucket *buckets_end(apr_bucket_brigade *brigade)
{
    return (apr_bucket *)((uintptr_t)&brigade->list - offsetof(apr_bucket, link));
}

static inline void buckets_append(apr_bucket_brigade *brigade, apr_bucket *bucket)
{
    APR_BUCKET_INSERT_BEFORE(buckets_end(brigade), bucket);
}

static inline bool buckets_are_none(apr_bucket_brigade *brigade)
{
    return APR_BRIGADE_FIRST(brigade) == buckets_end(brigade);
}

#define EACH_BUCKET(bucket, brigade)                                                               \
    apr_bucket *bucket = APR_BRIGADE_FIRST(brigade);                                               \
    bucket != buckets_end(brigade);                                                                \
    bucket = APR_BUCKET_NEXT(bucket)

#endif
