/* authz.h - what becomes of a user who has logged in, whom Require does not let in.
 *
 * A user who has proven who he is, but whom Require does not let in, gets 403
 * (NTLM_NOT_AUTHORIZED) and not httpd's 401.
 */
#ifndef NTLM_HTTPD_AUTHZ_H
#define NTLM_HTTPD_AUTHZ_H

/* Registers the hooks. */
void authz_register(void);

#endif
