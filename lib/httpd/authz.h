/* authz.h - what becomes of a user who has logged in, and whom Require does not let in. */
#ifndef NTLM_HTTPD_AUTHZ_H
#define NTLM_HTTPD_AUTHZ_H

#include "attempt.h"

/* The auth_checker hook, to be the first one, since one before it would run twice: asks the others,
 * and turns their 401 into a 403 (NTLM_NOT_AUTHORIZED) when the user has logged in by NTLM.
 * DECLINED for everybody else. */
int authz_check(request_rec *r);

/* The note_auth_failure hook: httpd asks for a login in our name. */
int authz_note_failure(request_rec *r, const char *auth_type);

#endif
