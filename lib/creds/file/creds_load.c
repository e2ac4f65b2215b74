#include "creds_load.h"

#include <stdlib.h>

#include <apr_file_io.h>
#include <apr_strings.h>

#include "../../ntlm/crypto.h"

/* ---- reading a file ---- */

const char *creds_cannot(apr_pool_t *pool, const char *verb, const char *path, apr_status_t rv)
{
    char text[128];
    return apr_psprintf(pool, "cannot %s %s: %s", verb, path, apr_strerror(rv, text, sizeof text));
}

/* What makes a file unfit to hold password equivalents, or to be read at all. */
static const char *unfit(apr_pool_t *pool, const char *path, const apr_finfo_t *info,
                         bool world_readable)
{
    if (info->filetype != APR_REG)
        return apr_psprintf(pool, "%s is not a regular file; name a password file", path);
    if (info->protection & APR_FPROT_WWRITE)
        return apr_psprintf(pool, "%s can be written by everybody; chmod 640 it", path);
    if ((info->protection & APR_FPROT_WREAD) && !world_readable)
        return apr_psprintf(pool,
                            "%s can be read by everybody, and an NT hash is worth as much as the "
                            "password; chmod 640 it (or add worldreadable=on)",
                            path);
    return NULL;
}

static const char *parse_content(apr_pool_t *pool, const char *path, apr_file_t *content,
                                 apr_size_t size, creds_table_t **table)
{
    apr_size_t len = 0;
    char *text = malloc(size + 1);
    if (!text) return creds_cannot(pool, "hold", path, APR_ENOMEM);
    apr_status_t rv = apr_file_read_full(content, text, size, &len);
    const char *why = rv == APR_SUCCESS || rv == APR_EOF
                          ? creds_table_parse(pool, path, text, len, table)
                          : creds_cannot(pool, "read", path, rv);
    secret_wipe(text, size);
    free(text);
    return why;
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

/* Not waiting for the other end, if it should be a pipe. */
static apr_status_t open_file(apr_pool_t *pool, const char *path, apr_file_t **file)
{
    return apr_file_open(file, path, APR_FOPEN_READ | APR_FOPEN_NONBLOCK, APR_FPROT_OS_DEFAULT,
                         pool);
}

const char *creds_load(apr_pool_t *pool, const char *path, bool world_readable,
                       creds_table_t **table, creds_stamp_t *stamp)
{
    enum { WANTED = CREDS_STAMP_WANTED | APR_FINFO_TYPE | APR_FINFO_PROT };
    apr_file_t *content;
    apr_finfo_t info = {0};
    apr_status_t rv = open_file(pool, path, &content);
    if (rv != APR_SUCCESS)
        return apr_psprintf(pool, "%s; %s", creds_cannot(pool, "open", path, rv),
                            APR_STATUS_IS_ENOENT(rv) ? "make it with: ntlmpasswd -c FILE USER"
                                                     : "let httpd's user read it");
    rv = apr_file_info_get(&info, WANTED, content);
    const char *why = rv != APR_SUCCESS ? creds_cannot(pool, "stat", path, rv)
                                        : unfit(pool, path, &info, world_readable);
    *stamp = creds_stamp(&info);
    if (!why) why = parse_content(pool, path, content, (apr_size_t)info.size, table);
    apr_file_close(content);
    return why;
}

/* A file that is being written may end anywhere, also behind a whole line. */
const char *creds_half_written(apr_pool_t *pool, const char *path)
{
    char last = '\0';
    apr_size_t len = 1;
    apr_off_t offset = -1;
    apr_file_t *content;
    if (open_file(pool, path, &content) != APR_SUCCESS)
        return NULL; /* creds_load() has the better words */
    if (apr_file_seek(content, APR_END, &offset) == APR_SUCCESS)
        apr_file_read(content, &last, &len);
    apr_file_close(content);
    if (offset < 0) return apr_psprintf(pool, "%s is empty", path);
    return last == '\n'
               ? NULL
               : apr_psprintf(pool, "%s does not end in a newline: it may be half written", path);
}
