#include "creds_keep.h"

#include <stdlib.h>
#include <string.h>

#include "creds_segment.h"

typedef struct kept_t kept_t;
struct kept_t {
    kept_t *next;
    char *path;
    bool world_readable, used;
    int segment;
    creds_stamp_t stamp;
};

/* Of a pool that outlives this module, which httpd loads anew at each restart: so there is
 * nothing here that refers to it, no function and no text. The name tells what lies there. */
static kept_t **all(apr_pool_t *pool)
{
    static const char name[] = "mod_auth_ntlmv2: kept segments, 1";
    void *there = NULL;
    apr_pool_t *parent;
    while ((parent = apr_pool_parent_get(pool)) != NULL) pool = parent;
    apr_pool_userdata_get(&there, name, pool);
    if (!there) {
        there = apr_pcalloc(pool, sizeof(kept_t *));
        apr_pool_userdata_set(there, name, NULL, pool);
    }
    return there;
}

static kept_t *find(apr_pool_t *pool, const char *path, bool world_readable)
{
    kept_t *kept = *all(pool);
    while (kept && !(kept->world_readable == world_readable && strcmp(kept->path, path) == 0))
        kept = kept->next;
    if (kept) kept->used = true;
    return kept;
}

int creds_keep_find(apr_pool_t *pool, const char *path, bool world_readable, creds_stamp_t *stamp)
{
    const kept_t *kept = find(pool, path, world_readable);
    if (kept) *stamp = kept->stamp;
    return kept ? kept->segment : -1;
}

static kept_t *make(apr_pool_t *pool, const char *path, bool world_readable)
{
    kept_t *made = calloc(1, sizeof *made);
    char *copy = strdup(path);
    if (!made || !copy) {
        free(copy);
        free(made);
        return NULL;
    }
    *made = (kept_t){.next = *all(pool),
                     .path = copy,
                     .world_readable = world_readable,
                     .used = true,
                     .segment = -1};
    *all(pool) = made;
    return made;
}

void creds_keep_put(apr_pool_t *pool, const char *path, bool world_readable, int segment,
                    const creds_stamp_t *stamp)
{
    kept_t *kept = find(pool, path, world_readable);
    if (!kept) kept = make(pool, path, world_readable);
    if (!kept) return;
    creds_segment_close(&kept->segment);
    kept->segment = creds_segment_copy(segment);
    kept->stamp = *stamp;
}

static void drop(apr_pool_t *pool, bool all_of_them)
{
    kept_t **link = all(pool);
    while (*link) {
        kept_t *kept = *link;
        if (kept->used && !all_of_them) {
            kept->used = false;
            link = &kept->next;
            continue;
        }
        *link = kept->next;
        creds_segment_close(&kept->segment);
        free(kept->path);
        free(kept);
    }
}

void creds_keep_sweep(apr_pool_t *pool)
{
    drop(pool, false);
}

void creds_keep_nothing(apr_pool_t *pool)
{
    drop(pool, true);
}
