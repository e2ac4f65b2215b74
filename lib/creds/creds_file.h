/* creds_file.h - the password file as a table, and as the backend "file".
 *
 *   NTLMCredentials file PATH [worldreadable=on]
 *
 * Read once, in the parent process, and shared with the children by fork: the
 * table is never written again. Looking up is a binary search. For the lines
 * see creds_line.h; two entries that differ only in case are refused, since a
 * client that logs in to one might as well mean the other.
 */
#ifndef NTLM_CREDS_FILE_H
#define NTLM_CREDS_FILE_H

#include "creds.h"

extern const creds_backend_t creds_file_backend;

typedef struct creds_table_t creds_table_t;

/* Reads a whole password file. Gives NULL, or (from pool) a sentence with the
 * path, the line and what to write instead. The hashes are wiped with the pool. */
const char *creds_table_load(apr_pool_t *pool, const char *path, bool world_readable,
                             creds_table_t **table);

/* The same for content that is already in memory; path is for messages only. */
const char *creds_table_parse(apr_pool_t *pool, const char *path, const char *text, apr_size_t len,
                              creds_table_t **table);

apr_size_t creds_table_count(const creds_table_t *table);

/* The entry of exactly that name ("user" or "DOMAIN\user"), without regard to
 * case; false if there is none. */
bool creds_table_find(const creds_table_t *table, const char *name, creds_account_t *account);

#endif
