/* creds_file.h - the backend "file": a password file that may change.
 *
 *   NTLMCredentials file PATH [worldreadable=on]
 *
 * The file is read by the parent process, while it reads its configuration, and the
 * table is shared with the children by fork. A child looks at most once a second
 * whether the file has changed, and then reads a table of its own, whole, while
 * the one it has goes on serving. What it cannot read, or what is broken, never
 * replaces what is good.
 */
#ifndef NTLM_CREDS_FILE_H
#define NTLM_CREDS_FILE_H

#include <apr_time.h>

#include "creds_table.h"

extern const creds_backend_t creds_file_backend;

typedef struct creds_file_t creds_file_t;

/* Opens a password file and reads it. Gives NULL, or (from pool) a sentence that
 * says what is wrong and what to do about it. */
const char *creds_file_open(apr_pool_t *pool, const char *path, bool world_readable,
                            creds_file_t **file);

/* Looks for a change if the last look is a second old by ticks (clock.h), and takes it. now: by
 * the clock that dates files. *why is set (from pool), once for each change of the file, when
 * it has changed and cannot be taken. */
void creds_file_refresh(creds_file_t *file, apr_time_t now, apr_time_t ticks, apr_pool_t *pool,
                        const char **why);

/* As creds_table_find(), in the table that is served now; account->name is copied
 * to pool, and account->domain is what stands before its '\'. */
bool creds_file_find(creds_file_t *file, apr_pool_t *pool, const char *name,
                     creds_account_t *account);

#endif
