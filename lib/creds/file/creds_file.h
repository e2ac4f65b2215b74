/* creds_file.h - the backend "file": a password file that may change.
 *
 *   NTLMCredentials file PATH [worldreadable=on]
 *
 * It may change while it is served: creds_live.h says what becomes of that.
 */
#ifndef NTLM_CREDS_FILE_H
#define NTLM_CREDS_FILE_H

#include "creds_live.h"

extern const creds_backend_t creds_file_backend;

/* As creds_table_find(), in the table that is served now; account->name is copied
 * to pool, and account->domain is what stands before its '\'. */
bool creds_file_find(creds_file_t *file, apr_pool_t *pool, const char *name,
                     creds_account_t *account);

#endif
