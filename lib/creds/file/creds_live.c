#include "creds_live.h"

#include <stdatomic.h>

#include <apr_atomic.h>
#include <apr_strings.h>

#include "../../system/clock.h"
#include "../../system/shared.h"
#include "creds_keep.h"
#include "creds_segment.h"

/* ---- what is held ---- */

static void drop(const creds_held_t *held)
{
    if (held->mapped) creds_segment_unmap(held->table, held->mapped);
    if (held->pool) apr_pool_destroy(held->pool);
}

/* What the parent has laid out it has looked through: children need not. */
static bool hold_segment(creds_held_t *held, int segment, bool is_known)
{
    apr_size_t size = 0;
    const void *mapped = creds_segment_map(segment, &size);
    if (!mapped) return false;
    *held = (creds_held_t){is_known ? mapped : creds_table_at(mapped, size), size, NULL};
    if (!held->table) creds_segment_unmap(mapped, size);
    return held->table != NULL;
}

static void swap(creds_file_t *file, const creds_held_t *held, const creds_stamp_t *stamp)
{
    pthread_rwlock_wrlock(&file->lock);
    const creds_held_t old = file->held;
    file->held = *held;
    file->served = *stamp;
    pthread_rwlock_unlock(&file->lock);
    apr_atomic_set32(&file->generation, (apr_uint32_t)creds_table_generation(held->table));
    drop(&old);
}

static bool serve(creds_file_t *file, int segment, const creds_stamp_t *stamp, bool is_known)
{
    creds_held_t held = {NULL, 0, NULL};
    if (!hold_segment(&held, segment, is_known)) return false;
    swap(file, &held, stamp);
    return true;
}

bool creds_live_serve(creds_file_t *file, int segment, const creds_stamp_t *stamp)
{
    return serve(file, segment, stamp, false);
}

const creds_table_t *creds_live_borrow(creds_file_t *file)
{
    pthread_rwlock_rdlock(&file->lock);
    return file->held.table;
}

void creds_live_give_back(creds_file_t *file)
{
    pthread_rwlock_unlock(&file->lock);
}

/* ---- opening ---- */

static creds_file_t **list_of(apr_pool_t *pool)
{
    static const char name[] = "mod_auth_ntlmv2: password files";
    void *list = NULL;
    apr_pool_userdata_get(&list, name, pool);
    if (!list) {
        list = apr_pcalloc(pool, sizeof(creds_file_t *));
        apr_pool_userdata_set(list, name, NULL, pool);
    }
    return list;
}

creds_file_t *creds_live_all(apr_pool_t *pool)
{
    return *list_of(pool);
}

/* A word of memory that all children see: each finds out by itself that a file is
 * broken, but one of them says so. */
static const char *share(apr_pool_t *pool, creds_file_t *file)
{
    void *memory;
    apr_status_t rv = shared_memory(pool, sizeof *file->reported, &memory);
    if (rv != APR_SUCCESS) return creds_cannot(pool, "share memory for", file->path, rv);
    file->reported = memory;
    return NULL;
}

static apr_status_t close_file(void *data)
{
    creds_file_t *file = data;
    drop(&file->held);
    creds_segment_close(&file->segment);
    pthread_rwlock_destroy(&file->lock);
    file->held = (creds_held_t){NULL, 0, NULL};
    return APR_SUCCESS;
}

/* A segment of it, for reading alone; or -1. */
static int segment_of(const creds_table_t *table)
{
    int made = creds_segment_new(), reader = -1;
    if (made >= 0 && creds_segment_fill(made, table, creds_table_size(table)) == APR_SUCCESS)
        reader = creds_segment_reader(made);
    creds_segment_close(&made);
    return reader;
}

/* Reads what is there now, into a pool of its own that can be given back. */
static const char *load(apr_pool_t *pool, const creds_file_t *file, creds_held_t *held,
                        creds_stamp_t *stamp, const char *(*check)(apr_pool_t *, const char *))
{
    apr_pool_t *own;
    creds_table_t *table = NULL;
    *stamp = (creds_stamp_t){0};
    if (apr_pool_create_unmanaged_ex(&own, NULL, NULL) != APR_SUCCESS)
        return creds_cannot(pool, "hold", file->path, APR_ENOMEM);
    const char *why = check ? check(own, file->path) : NULL;
    if (!why) why = creds_load(own, file->path, file->world_readable, &table, stamp);
    if (why) {
        why = apr_pstrdup(pool, why);
        apr_pool_destroy(own);
        return why;
    }
    if (file->held.table) creds_table_succeed(table, file->held.table);
    *held = (creds_held_t){table, 0, own};
    return NULL;
}

static const char *read_first(apr_pool_t *pool, creds_file_t *file)
{
    creds_held_t held = {NULL, 0, NULL};
    const char *why = load(pool, file, &held, &file->served, NULL);
    if (why) return why;
    file->segment = segment_of(held.table);
    if (file->segment >= 0 && hold_segment(&file->held, file->segment, true))
        drop(&held);
    else
        file->held = held;
    return NULL;
}

const char *creds_live_open(apr_pool_t *pool, const char *path, bool world_readable,
                            creds_file_t **file)
{
    creds_file_t *made = apr_pcalloc(pool, sizeof *made);
    made->path = apr_pstrdup(pool, path);
    made->world_readable = world_readable;
    made->refused.size = made->told.size = -1;
    made->segment = -1;
    *file = made;
    const char *why = share(pool, made);
    if (why) return why;
    const int error = pthread_rwlock_init(&made->lock, NULL);
    if (error) return creds_cannot(pool, "make a lock for", path, APR_FROM_OS_ERROR(error));
    apr_pool_cleanup_register(pool, made, close_file, apr_pool_cleanup_null);
    const int kept = creds_keep_find(pool, path, world_readable, &made->served);
    if (kept >= 0 && hold_segment(&made->held, kept, false))
        made->segment = creds_segment_copy(kept);
    else if ((why = read_first(pool, made)) != NULL)
        return why;
    made->generation = (apr_uint32_t)creds_table_generation(made->held.table);
    made->next = creds_live_all(pool);
    *list_of(pool) = made;
    return NULL;
}

/* ---- following changes ---- */

/* A new inode was renamed into place, whole. The same inode may still be written:
 * it must have rested. */
static bool is_at_rest(const creds_file_t *file, const creds_stamp_t *stamp, apr_time_t now)
{
    const apr_time_t rest = apr_time_from_sec(2);
    bool renamed = stamp->inode != file->served.inode || stamp->device != file->served.device;
    return renamed || now - stamp->modified >= rest || stamp->modified > now + rest;
}

bool creds_live_has_changed(const creds_file_t *file, apr_time_t now, apr_pool_t *pool,
                            creds_stamp_t *stamp)
{
    apr_finfo_t info = {0};
    apr_status_t rv = apr_stat(&info, file->path, CREDS_STAMP_WANTED, pool);
    *stamp = rv == APR_SUCCESS ? creds_stamp(&info) : (creds_stamp_t){0};
    if (creds_stamp_equal(stamp, &file->served) || creds_stamp_equal(stamp, &file->refused))
        return false;
    return rv != APR_SUCCESS || is_at_rest(file, stamp, now);
}

/* A stamp as one number; which other stamp has the same hardly matters. */
static apr_uint32_t mark_of(const creds_stamp_t *stamp)
{
    apr_uint64_t mix = (apr_uint64_t)stamp->modified * 31 + (apr_uint64_t)stamp->changed;
    mix = mix * 31 + (apr_uint64_t)stamp->inode + (apr_uint64_t)stamp->size;
    return (apr_uint32_t)(mix ^ mix >> 32) | 1;
}

static void look(creds_file_t *file, apr_time_t now, apr_pool_t *pool, const char **why)
{
    creds_held_t held = {NULL, 0, NULL};
    creds_stamp_t stamp, loaded;
    if (!creds_live_has_changed(file, now, pool, &stamp)) return;
    const char *problem = load(pool, file, &held, &loaded, creds_half_written);
    if (!problem) {
        swap(file, &held, &loaded);
        return;
    }
    file->refused = stamp;
    apr_uint32_t mark = mark_of(&stamp);
    if (apr_atomic_xchg32(file->reported, mark) != mark)
        *why = apr_pstrcat(pool, problem,
                           "; the accounts that were read before go on serving (apachectl "
                           "graceful reads it as root)",
                           NULL);
}

/* One look a second, and one thread at a time. */
static bool is_due(creds_file_t *file, apr_time_t ticks)
{
    apr_time_t looked = atomic_load(&file->looked);
    return ticks - looked >= APR_USEC_PER_SEC &&
           atomic_compare_exchange_strong(&file->looked, &looked, ticks);
}

static bool begins(creds_file_t *file)
{
    return apr_atomic_cas32(&file->busy, 1, 0) == 0;
}

static void ends(creds_file_t *file)
{
    apr_atomic_set32(&file->busy, 0);
}

bool creds_live_take(creds_file_t *file)
{
    creds_parcel_t parcel;
    const apr_uint32_t newest = file->shelf ? creds_shelf_newest(file->shelf) : CREDS_SHELF_CLOSED;
    if (newest == CREDS_SHELF_CLOSED) return false;
    if (newest == apr_atomic_read32(&file->generation) || !begins(file)) return true;
    int segment = creds_shelf_take(file->shelf, &parcel);
    if (segment >= 0) serve(file, segment, &parcel.stamp, true);
    creds_segment_close(&segment);
    ends(file);
    return true;
}

void creds_live_refresh(creds_file_t *file, apr_time_t now, apr_time_t ticks, apr_pool_t *pool,
                        const char **why)
{
    if (creds_live_take(file) || !is_due(file, ticks) || !begins(file)) return;
    look(file, now, pool, why);
    ends(file);
}

/* Each request does this: a clock is read only if it may matter. */
void creds_live_follow(creds_file_t *file, apr_pool_t *pool, const char **why)
{
    if (creds_live_take(file)) return;
    const apr_time_t ticks = clock_ticks();
    if (ticks - atomic_load(&file->looked) >= APR_USEC_PER_SEC)
        creds_live_refresh(file, apr_time_now(), ticks, pool, why);
}
