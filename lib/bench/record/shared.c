#include "shared.h"

#include <string.h>

#include <apr_strings.h>

#include "../site/octets.h"
#include "history.h"
#include "times.h"

typedef struct search_t {
    apr_pool_t *pool;
    const record_t *answer;
    bytes_t time;
    bool spent;
    shared_t *found;
} search_t;

/* The newest ones come first: an answer before its challenge. */
static bool look(void *baton, const record_t *record)
{
    search_t *search = baton;
    if (strcmp(record->run, search->answer->run) != 0) return true;
    if (strcmp(record->path, search->answer->path) != 0) return true;
    if (record->type3.len > 0) {
        if (bytes_equal(time_of_type3(record->type3), search->time)) search->spent = true;
        return !search->spent;
    }
    if (!bytes_equal(time_of_type2(record->type2), search->time)) return true;
    *search->found = (shared_t){.type1 = octets_copy(search->pool, record->type1),
                                .type2 = octets_copy(search->pool, record->type2),
                                .left = record->left};
    return false;
}

bool shared_find(apr_pool_t *pool, const record_t *answer, shared_t *found)
{
    search_t search = {
        .pool = pool, .answer = answer, .time = time_of_type3(answer->type3), .found = found};
    found->type2 = bytes_none();
    if (search.time.len > 0) history_each(look, &search);
    return found->type2.len > 0;
}
