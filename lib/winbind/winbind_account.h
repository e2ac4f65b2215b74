/* winbind_account.h - which account a user principal name means. */
#ifndef NTLM_WINBIND_ACCOUNT_H
#define NTLM_WINBIND_ACCOUNT_H

#include <apr_pools.h>

struct wbcContext;

/* As creds_backend_t has it. */
const char *winbind_account(struct wbcContext *context, apr_pool_t *pool, const char *user,
                            const char **name);

#endif
