/* login.h - making a login of a proven claim, and seeing that it is still good. */
#ifndef NTLM_HTTPD_LOGIN_H
#define NTLM_HTTPD_LOGIN_H

#include "attempt.h"

/* Looks up the account that a claim names. *why: see creds.h. */
ntlm_status_t login_find(apr_pool_t *pool, const dir_config_t *config, const char *user,
                         const char *domain, creds_account_t *account, const char **why);

/* The login of a claim that was proven for that account, in the memory of the
 * client request. sources: their generation before the account was looked up. */
const ntlm_login_t *login_make(request_rec *r, const attempt_t *attempt, const dir_config_t *config,
                               const creds_account_t *account, apr_uint64_t sources);

/* NULL while a connection's login is good for this request, else (static text) why
 * it has ended: its time is up, or its account was removed, disabled or given
 * another password. *why: see creds.h. */
const char *login_ended(request_rec *r, ntlm_login_t *login, const dir_config_t *config,
                        const char **why);

#endif
