/* authz.h - what becomes of a user who has logged in, whom Require does not let in, and whom
 * Require ntlm-or-guest greets.
 *
 * A user who has proven who he is, but whom Require does not let in, gets 403
 * (NTLM_NOT_AUTHORIZED) and not httpd's 401.
 *
 * Require ntlm-or-guest lets everybody in. Somebody logs in first if his request carries a token,
 * or his connection a login that is good there: who is greeted is known, and a wrong password is
 * refused. All others are guests, and are not asked.
 */
#ifndef NTLM_HTTPD_AUTHZ_H
#define NTLM_HTTPD_AUTHZ_H

#include <httpd.h>

/* Registers the hooks, and what stands behind Require. */
void authz_register(apr_pool_t *pconf);

#endif
