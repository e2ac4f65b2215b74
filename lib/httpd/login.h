/* login.h - proving a claim, and seeing that a login is still good. */
#ifndef NTLM_HTTPD_LOGIN_H
#define NTLM_HTTPD_LOGIN_H

#include "exchange.h"

/* Looks the claimed account up and lets the core decide. NTLM_OK: attempt->login is
 * the login, in the memory of the client request. */
ntlm_status_t login_prove(const exchange_t *x);

/* Sees whether a connection's login is good for this request. NTLM_LOGIN_ENDED: its
 * time is up, or its account was removed, disabled or given another password.
 * NTLM_BACKEND_DOWN: nobody can say. Sets the attempt's detail and notice. */
ntlm_status_t login_check(const exchange_t *x, ntlm_login_t *login);

#endif
