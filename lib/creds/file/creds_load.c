#include "creds_load.h"

#include <apr_strings.h>

/* ---- reading a file ---- */

/* What makes a file unfit to hold password equivalents, or to be read at all. */
static const char *say_fault(apr_pool_t *pool, const char *path, own_file_fault_t fault,
                             const own_file_t *own)
{
    switch (fault) {
    case OWN_FILE_NOT_OPENED:
        return apr_psprintf(pool, "%s; %s", own->cannot,
                            APR_STATUS_IS_ENOENT(own->status)
                                ? "make it with: ntlmpasswd -c FILE USER"
                                : "let httpd's user read it");
    case OWN_FILE_NOT_REGULAR:
        return apr_psprintf(pool, "%s is not a regular file; name a password file", path);
    case OWN_FILE_WRITABLE:
        return apr_psprintf(pool, "%s can be written by everybody; chmod 640 it", path);
    case OWN_FILE_READABLE:
        return apr_psprintf(pool,
                            "%s can be read by everybody, and an NT hash is worth as much as the "
                            "password; chmod 640 it (or add worldreadable=on)",
                            path);
    default: return own->cannot;
    }
}

creds_stamp_t creds_stamp(const apr_finfo_t *info)
{
    return (creds_stamp_t){info->device, info->inode, info->mtime, info->ctime, info->size};
}

bool creds_stamp_equal(const creds_stamp_t *a, const creds_stamp_t *b)
{
    return a->device == b->device && a->inode == b->inode && a->modified == b->modified &&
           a->changed == b->changed && a->size == b->size;
}

const char *creds_read(apr_pool_t *pool, const char *path, bool world_readable, own_file_t *own,
                       creds_stamp_t *stamp)
{
    *own = (own_file_t){.everybody_may = world_readable ? APR_FPROT_WREAD : 0};
    own_file_fault_t fault = own_file_read(own, pool, path);
    *stamp = creds_stamp(&own->info);
    return fault == OWN_FILE_FINE ? NULL : say_fault(pool, path, fault, own);
}

const char *creds_load(apr_pool_t *pool, const char *path, bool world_readable,
                       creds_table_t **table, creds_stamp_t *stamp)
{
    own_file_t own;
    const char *why = creds_read(pool, path, world_readable, &own, stamp);
    if (why) return why;
    why = creds_table_parse(pool, path, (const char *)own.text, own.len, table);
    own_file_forget(&own);
    return why;
}

/* A file that is being written may end anywhere, also behind a whole line. */
const char *creds_half_written(apr_pool_t *pool, const char *path)
{
    char last = '\0';
    apr_size_t len = 1;
    apr_off_t offset = -1;
    apr_file_t *content;
    own_file_t own = {.everybody_may = APR_FPROT_WREAD | APR_FPROT_WWRITE};
    if (own_file_open(&own, pool, path, &content) != OWN_FILE_FINE)
        return NULL; /* creds_load() has the better words */
    if (apr_file_seek(content, APR_END, &offset) == APR_SUCCESS)
        apr_file_read(content, &last, &len);
    apr_file_close(content);
    if (offset < 0) return apr_psprintf(pool, "%s is empty", path);
    return last == '\n'
               ? NULL
               : apr_psprintf(pool, "%s does not end in a newline: it may be half written", path);
}
