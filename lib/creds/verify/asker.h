/* asker.h - who asks a controller, and about whom, for the count of wrong passwords (tries.h). */
#ifndef NTLM_CREDS_ASKER_H
#define NTLM_CREDS_ASKER_H

#include "../creds.h"
#include "question.h"

/* Which controller a source asks (from pool), by what its backend is told: options that the backend
 * does not know are no matter, since they are nothing to him. own: with the backend's own. */
const char *asker_controller(apr_pool_t *pool, const creds_open_t *own);

/* Asks him what an account is called whose user principal name this may be. NTLM_OK;
 * NTLM_BACKEND_DOWN: he does not say, and *why (from pool) is why; NTLM_CRYPTO_FAILED. */
ntlm_status_t asker_of(const question_to_t *to, apr_pool_t *pool, const creds_logon_t *logon,
                       tries_who_t *who, const char **why);

#endif
