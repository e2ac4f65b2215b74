/* accepted.h - domains whose accounts a controller may be asked about, and may let in. */
#ifndef NTLM_CREDS_ACCEPTED_H
#define NTLM_CREDS_ACCEPTED_H

#include "../creds_account.h"

/* own: the controller's domain, NULL at the end; NULL: he does not say it. It is accepted, and so
 * is what is ours, and what login->accepts lists; a name that is "" names none. Where nobody says
 * anything, any may be his. */
bool accepted_domain(const char *const *own, const creds_login_t *login, const char *domain);

/* NULL, or (from pool) a domain that the login's client names, apart or in the name of the user,
 * and that is not accepted. */
const char *accepted_not(apr_pool_t *pool, const char *const *own, const creds_login_t *login);

#endif
