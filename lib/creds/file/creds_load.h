/* creds_load.h - reads a password file from disk, if it is fit to be one. */
#ifndef NTLM_CREDS_LOAD_H
#define NTLM_CREDS_LOAD_H

#include <apr_file_info.h>

#include "../../system/own_file.h"
#include "creds_table.h"

/* Which state of a file something is about. */
typedef struct creds_stamp_t {
    apr_dev_t device;
    apr_ino_t inode;
    apr_time_t modified, changed;
    apr_off_t size;
} creds_stamp_t;

/* What apr_stat() must be asked for. */
enum { CREDS_STAMP_WANTED = APR_FINFO_IDENT | APR_FINFO_MTIME | APR_FINFO_CTIME | APR_FINFO_SIZE };

creds_stamp_t creds_stamp(const apr_finfo_t *info);
bool creds_stamp_equal(const creds_stamp_t *a, const creds_stamp_t *b);

/* Reads the file into a table; the stamp is of what was read. Refuses what is no
 * regular file, what everybody may write, and (unless world_readable) what everybody
 * may read. Gives NULL, or (from pool) a sentence with what to do about it. */
const char *creds_load(apr_pool_t *pool, const char *path, bool world_readable,
                       creds_table_t **table, creds_stamp_t *stamp);

/* The first half of that: its content, which the caller forgets (own_file_forget()). */
const char *creds_read(apr_pool_t *pool, const char *path, bool world_readable, own_file_t *own,
                       creds_stamp_t *stamp);

/* NULL, or (from pool) why a file that has changed looks unfinished: it is empty, or
 * its last line does not end. */
const char *creds_half_written(apr_pool_t *pool, const char *path);

#endif
