#include "creds_file.h"

#include <string.h>

#include <apr_atomic.h>
#include <apr_strings.h>
#include <apr_thread_mutex.h>

#include "../../ntlm/crypto.h"
#include "../clock.h"
#include "../own_file.h"
#include "../shared.h"
#include "creds_load.h"

struct creds_file_t {
    const char *path;
    bool world_readable;
    volatile apr_uint32_t *reported; /* shared by all children: what one complained about */
    apr_thread_mutex_t *lock;        /* guards what follows */
    creds_table_t *table;            /* what is served */
    apr_pool_t *table_pool;          /* its own pool; NULL for the parent's, which children share */
    creds_stamp_t served;            /* what the table was read from */
    creds_stamp_t refused;           /* what was tried, and cannot be served */
    apr_time_t looked;               /* when the file was last looked at, in ticks */
    bool loading;                    /* some thread reads a new table */
};

/* ---- opening ---- */

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

static apr_status_t drop_own_table(void *data)
{
    creds_file_t *file = data;
    if (file->table_pool) apr_pool_destroy(file->table_pool);
    file->table_pool = NULL;
    return APR_SUCCESS;
}

const char *creds_file_open(apr_pool_t *pool, const char *path, bool world_readable,
                            creds_file_t **file)
{
    creds_file_t *made = apr_pcalloc(pool, sizeof *made);
    made->path = apr_pstrdup(pool, path);
    made->world_readable = world_readable;
    made->refused.size = -1;
    *file = made;
    const char *why = share(pool, made);
    if (why) return why;
    apr_status_t rv = apr_thread_mutex_create(&made->lock, APR_THREAD_MUTEX_DEFAULT, pool);
    if (rv != APR_SUCCESS) return creds_cannot(pool, "make a lock for", path, rv);
    apr_pool_cleanup_register(pool, made, drop_own_table, apr_pool_cleanup_null);
    return creds_load(pool, path, world_readable, &made->table, &made->served);
}

/* ---- following changes ---- */

/* One look a second, and one thread at a time. */
static bool may_look(creds_file_t *file, apr_time_t ticks)
{
    apr_thread_mutex_lock(file->lock);
    bool due = !file->loading && ticks - file->looked >= APR_USEC_PER_SEC;
    if (due) {
        file->looked = ticks;
        file->loading = true;
    }
    apr_thread_mutex_unlock(file->lock);
    return due;
}

/* A new inode was renamed into place, whole. The same inode may still be written:
 * it must have rested. */
static bool is_at_rest(const creds_file_t *file, const creds_stamp_t *stamp, apr_time_t now)
{
    const apr_time_t rest = apr_time_from_sec(2);
    bool renamed = stamp->inode != file->served.inode || stamp->device != file->served.device;
    return renamed || now - stamp->modified >= rest || stamp->modified > now + rest;
}

static void swap(creds_file_t *file, apr_pool_t *pool, creds_table_t *table,
                 const creds_stamp_t *stamp)
{
    apr_pool_t *old = file->table_pool;
    creds_table_succeed(table, file->table);
    apr_thread_mutex_lock(file->lock);
    file->table = table;
    file->table_pool = pool;
    file->served = *stamp;
    apr_thread_mutex_unlock(file->lock);
    if (old) apr_pool_destroy(old);
}

/* Reads what is there now, into a pool of its own that can be given back. */
static const char *take(creds_file_t *file, apr_pool_t *pool)
{
    apr_pool_t *own;
    creds_table_t *table = NULL;
    creds_stamp_t stamp;
    if (apr_pool_create_unmanaged_ex(&own, NULL, NULL) != APR_SUCCESS)
        return creds_cannot(pool, "hold", file->path, APR_ENOMEM);
    const char *why = creds_half_written(own, file->path);
    if (!why) why = creds_load(own, file->path, file->world_readable, &table, &stamp);
    if (!why) {
        swap(file, own, table, &stamp);
        return NULL;
    }
    why =
        apr_pstrcat(pool, why,
                    "; the accounts that were read before go on serving (apachectl graceful reads "
                    "it as root)",
                    NULL);
    apr_pool_destroy(own);
    return why;
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
    apr_finfo_t info = {0};
    apr_status_t rv = apr_stat(&info, file->path, CREDS_STAMP_WANTED, pool);
    creds_stamp_t stamp = rv == APR_SUCCESS ? creds_stamp(&info) : (creds_stamp_t){0};
    if (creds_stamp_equal(&stamp, &file->served) || creds_stamp_equal(&stamp, &file->refused))
        return;
    if (rv == APR_SUCCESS && !is_at_rest(file, &stamp, now)) return;
    const char *problem = take(file, pool);
    if (!problem) return;
    file->refused = stamp;
    apr_uint32_t mark = mark_of(&stamp);
    if (apr_atomic_xchg32(file->reported, mark) != mark) *why = problem;
}

void creds_file_refresh(creds_file_t *file, apr_time_t now, apr_time_t ticks, apr_pool_t *pool,
                        const char **why)
{
    if (!may_look(file, ticks)) return;
    look(file, now, pool, why);
    apr_thread_mutex_lock(file->lock);
    file->loading = false;
    apr_thread_mutex_unlock(file->lock);
}

/* ---- asking ---- */

static void copy_names(apr_pool_t *pool, creds_account_t *account)
{
    name_parts_t parts = name_of_account(account->name);
    account->name = apr_pstrdup(pool, account->name);
    account->domain = parts.apart ? apr_pstrndup(pool, account->name, parts.domain.len) : NULL;
}

bool creds_file_find(creds_file_t *file, apr_pool_t *pool, const char *name,
                     creds_account_t *account)
{
    apr_thread_mutex_lock(file->lock);
    bool found = creds_table_find(file->table, name, account);
    if (found) copy_names(pool, account);
    apr_thread_mutex_unlock(file->lock);
    return found;
}

/* All entries of that user in a domain, before those that are there already. */
static void find_in_domains(creds_file_t *file, apr_pool_t *pool, const char *user,
                            creds_account_t **others)
{
    creds_account_t account = {0};
    creds_account_t *rest = *others, **end = others;
    apr_uint32_t where = 0;
    apr_thread_mutex_lock(file->lock);
    while (creds_table_find_in_domain(file->table, user, &where, &account)) {
        copy_names(pool, &account);
        *end = apr_pmemdup(pool, &account, sizeof account);
        end = &(*end)->others;
    }
    apr_thread_mutex_unlock(file->lock);
    *end = rest;
    secret_wipe(&account, sizeof account);
}

/* ---- the backend ---- */

static const creds_option_t options[] = {
    {.name = "worldreadable",
     .kind = CREDS_SWITCH,
     .fallback = "off",
     .help = "worldreadable takes on or off"},
    {0},
};

static const char *file_open(apr_pool_t *pool, struct server_rec *server, const char *path,
                             const apr_table_t *given, void **opened)
{
    creds_file_t *file = NULL;
    (void)server;
    const char *why = creds_options_check(pool, creds_file_backend.name, options, given);
    if (!why)
        why =
            creds_file_open(pool, path, creds_option_is_on(options, given, "worldreadable"), &file);
    *opened = file;
    return why;
}

/* Looks whether or not something was found before, so that it costs the same. */
static void look_for(creds_file_t *file, apr_pool_t *pool, const char *name,
                     creds_account_t *account, ntlm_status_t *status)
{
    creds_account_t found = {0};
    if (creds_file_find(file, pool, name, &found) && *status == NTLM_NO_SUCH_USER) {
        *account = found;
        *status = NTLM_OK;
    }
    secret_wipe(&found, sizeof found);
}

static ntlm_status_t file_find(void *opened, apr_pool_t *pool, const creds_login_t *login,
                               creds_account_t *account, const char **why)
{
    creds_file_t *file = opened;
    ntlm_status_t status = NTLM_NO_SUCH_USER;
    creds_account_t *others = NULL;
    creds_file_refresh(file, apr_time_now(), clock_ticks(), pool, why);
    for (size_t i = 0; i < login->name_count; i++)
        look_for(file, pool, login->names[i].text, account, &status);
    for (size_t i = login->name_count; i-- > 0;)
        if (!login->names[i].domain) find_in_domains(file, pool, login->names[i].user, &others);
    if (status == NTLM_NO_SUCH_USER)
        account->others = others;
    else
        creds_wipe(others);
    return status;
}

static apr_uint64_t file_generation(void *opened, apr_pool_t *pool, const char **why)
{
    creds_file_t *file = opened;
    creds_file_refresh(file, apr_time_now(), clock_ticks(), pool, why);
    apr_thread_mutex_lock(file->lock);
    apr_uint64_t generation = creds_table_generation(file->table);
    apr_thread_mutex_unlock(file->lock);
    return generation;
}

static void file_each(void *opened, void (*visit)(void *baton, const char *name), void *baton)
{
    const creds_file_t *file = opened;
    creds_table_each(file->table, visit, baton);
}

const creds_backend_t creds_file_backend = {
    .name = "file",
    .source_word = CREDS_SOURCE_PATH,
    .options = options,
    .open = file_open,
    .find = file_find,
    .generation = file_generation,
    .each = file_each,
};
