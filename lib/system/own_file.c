#include "own_file.h"

#include <errno.h>
#include <stdlib.h>

#include <apr_strings.h>

#include "../ntlm/crypto.h"

const char *creds_cannot(apr_pool_t *pool, const char *verb, const char *path, apr_status_t status)
{
    char text[128];
    return apr_psprintf(pool, "cannot %s %s: %s", verb, path,
                        apr_strerror(status, text, sizeof text));
}

static own_file_fault_t fault(own_file_t *own, own_file_fault_t which, apr_status_t status)
{
    own->status = status;
    return which;
}

static own_file_fault_t judge(own_file_t *own)
{
    const apr_fileperms_t everybody = own->info.protection & ~own->everybody_may;
    if (own->info.filetype == APR_DIR) return fault(own, OWN_FILE_NOT_REGULAR, EISDIR);
    if (own->info.filetype != APR_REG) return fault(own, OWN_FILE_NOT_REGULAR, APR_EINVAL);
    if (everybody & APR_FPROT_WWRITE) return fault(own, OWN_FILE_WRITABLE, APR_EACCES);
    if (everybody & APR_FPROT_WREAD) return fault(own, OWN_FILE_READABLE, APR_EACCES);
    return OWN_FILE_FINE;
}

/* Not waiting for the other end, if it should be a pipe. */
own_file_fault_t own_file_open(own_file_t *own, apr_pool_t *pool, const char *path,
                               apr_file_t **file)
{
    enum { FLAGS = APR_FOPEN_READ | APR_FOPEN_NONBLOCK };
    enum {
        WANTED = APR_FINFO_IDENT | APR_FINFO_MTIME | APR_FINFO_CTIME | APR_FINFO_SIZE |
                 APR_FINFO_TYPE | APR_FINFO_PROT
    };
    apr_status_t status = apr_file_open(file, path, FLAGS, APR_FPROT_OS_DEFAULT, pool);
    if (status != APR_SUCCESS) {
        own->cannot = creds_cannot(pool, "open", path, status);
        return fault(own, OWN_FILE_NOT_OPENED, status);
    }
    status = apr_file_info_get(&own->info, WANTED, *file);
    if (status != APR_SUCCESS) own->cannot = creds_cannot(pool, "stat", path, status);
    own_file_fault_t which =
        status == APR_SUCCESS ? judge(own) : fault(own, OWN_FILE_NOT_READ, status);
    if (which != OWN_FILE_FINE) apr_file_close(*file);
    return which;
}

void own_file_forget(own_file_t *own)
{
    if (own->text) secret_wipe(own->text, own->len);
    free(own->text);
    own->text = NULL;
}

/* One byte more than it may have tells that it has more, whatever its size is said to be. */
static own_file_fault_t read_content(own_file_t *own, apr_pool_t *pool, const char *path,
                                     apr_file_t *file)
{
    const apr_size_t room = own->max ? own->max + 1 : (apr_size_t)own->info.size;
    own->text = malloc(room + 1);
    if (!own->text) {
        own->cannot = creds_cannot(pool, "hold", path, APR_ENOMEM);
        return fault(own, OWN_FILE_NOT_READ, APR_ENOMEM);
    }
    apr_status_t status = apr_file_read_full(file, own->text, room, &own->len);
    if (status == APR_SUCCESS && own->max) return fault(own, OWN_FILE_TOO_LARGE, EFBIG);
    if (status == APR_SUCCESS || status == APR_EOF) return OWN_FILE_FINE;
    own->cannot = creds_cannot(pool, "read", path, status);
    return fault(own, OWN_FILE_NOT_READ, status);
}

own_file_fault_t own_file_read(own_file_t *own, apr_pool_t *pool, const char *path)
{
    apr_file_t *file;
    own_file_fault_t which = own_file_open(own, pool, path, &file);
    if (which != OWN_FILE_FINE) return which;
    which = read_content(own, pool, path, file);
    apr_file_close(file);
    if (which != OWN_FILE_FINE) own_file_forget(own);
    return which;
}
