#include "history.h"

#include <stdlib.h>
#include <string.h>

#include <apr_hash.h>
#include <apr_strings.h>
#include <apr_thread_mutex.h>

enum { VISITS_MAX = 4096 }; /* so many addresses are counted; then all begin anew */

static struct {
    apr_thread_mutex_t *mutex;
    record_t *first, *last; /* the oldest one is the first */
    size_t records, bytes, most_records, most_bytes;
    uint64_t connections, ids;
    apr_pool_t *counts_pool;
    apr_hash_t *counts;
    size_t keys; /* made for it since it was emptied, those that are forgotten among them */
} all;

static void lock(void)
{
    apr_thread_mutex_lock(all.mutex);
}

static void unlock(void)
{
    apr_thread_mutex_unlock(all.mutex);
}

static void forget_counts(void)
{
    all.keys = 0;
    apr_pool_clear(all.counts_pool);
    all.counts = apr_hash_make(all.counts_pool);
}

apr_status_t history_open(apr_pool_t *pool, size_t records, size_t bytes)
{
    memset(&all, 0, sizeof all);
    all.most_records = records;
    all.most_bytes = bytes;
    apr_pool_create(&all.counts_pool, pool);
    forget_counts();
    return apr_thread_mutex_create(&all.mutex, APR_THREAD_MUTEX_DEFAULT, pool);
}

uint64_t history_next_connection(void)
{
    lock();
    const uint64_t number = ++all.connections;
    unlock();
    return number;
}

uint64_t history_next_id(void)
{
    lock();
    const uint64_t id = ++all.ids;
    unlock();
    return id;
}

/* ---- the list ---- */

static void give_back(record_t *record)
{
    if (--record->lent == 0) record_free(record);
}

/* What *link points to leaves the list; before: the one whose link that is, or NULL. */
static void take_out(record_t **link, record_t *before)
{
    record_t *record = *link;
    *link = record->next;
    if (all.last == record) all.last = before;
    all.records--;
    all.bytes -= record->size;
    give_back(record);
}

static bool is_too_much(void)
{
    return all.records > all.most_records || (all.bytes > all.most_bytes && all.records > 1);
}

const record_t *history_append(record_t *record)
{
    record->lent = 2;
    record->size = record_size(record);
    lock();
    if (all.last) all.last->next = record;
    if (!all.first) all.first = record;
    all.last = record;
    all.records++;
    all.bytes += record->size;
    while (is_too_much()) take_out(&all.first, NULL);
    unlock();
    return record;
}

void history_release(const record_t *record)
{
    lock();
    for (record_t *mine = (record_t *)(uintptr_t)record; mine; mine = NULL) give_back(mine);
    unlock();
}

/* ---- looking ---- */

static bool is_of_run(const record_t *record, const char *run)
{
    return *run == '\0' || strcmp(record->run, run) == 0;
}

static const record_t *lend(record_t *record)
{
    if (record) record->lent++;
    return record;
}

const record_t *history_find(const char *run, uint64_t id)
{
    lock();
    record_t *record = all.first;
    while (record && !(record->id == id && is_of_run(record, run))) record = record->next;
    const record_t *found = lend(record);
    unlock();
    return found;
}

/* The newest one of exactly that run, for each kind. */
const record_t *history_last(const char *run)
{
    record_t *any = NULL, *with_token = NULL;
    lock();
    for (record_t *record = all.first; record; record = record->next) {
        if (strcmp(record->run, run) != 0) continue;
        any = record;
        if (record->authorization.len > 0) with_token = record;
    }
    const record_t *found = lend(with_token ? with_token : any);
    unlock();
    return found;
}

/* The list is bounded, and links run the other way: a table of them, the newest first. */
void history_each(bool (*with)(void *baton, const record_t *record), void *baton)
{
    lock();
    const size_t count = all.records;
    const record_t **records = calloc(count + 1, sizeof(*records));
    size_t i = count;
    for (const record_t *record = all.first; records && record; record = record->next)
        records[--i] = record;
    for (i = 0; records && i < count && with(baton, records[i]); i++) continue;
    free(records);
    unlock();
}

/* ---- runs ---- */

unsigned history_count_visit(const char *key)
{
    lock();
    if (all.keys >= VISITS_MAX) forget_counts();
    unsigned *count = apr_hash_get(all.counts, key, APR_HASH_KEY_STRING);
    if (!count) {
        all.keys++;
        count = apr_pcalloc(all.counts_pool, sizeof *count);
        apr_hash_set(all.counts, apr_pstrdup(all.counts_pool, key), APR_HASH_KEY_STRING, count);
    }
    const unsigned visits = ++*count;
    unlock();
    return visits;
}

/* Those of one run begin with its name. */
static void forget_visits(const char *run)
{
    const size_t len = strlen(run);
    for (apr_hash_index_t *i = apr_hash_first(NULL, all.counts); i; i = apr_hash_next(i)) {
        const char *key = apr_hash_this_key(i);
        if (strncmp(key, run, len) == 0 && key[len] == '\n')
            apr_hash_set(all.counts, key, APR_HASH_KEY_STRING, NULL);
    }
}

void history_reset(const char *run)
{
    lock();
    record_t *before = NULL;
    for (record_t **link = &all.first; *link;) {
        if (strcmp((*link)->run, run) == 0) {
            take_out(link, before);
        } else {
            before = *link;
            link = &before->next;
        }
    }
    forget_visits(run);
    unlock();
}
