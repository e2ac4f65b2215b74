/* verdict.h - what becomes of a login that a controller has decided about.
 *
 * His numbers are one table (verdict.c). When he lets an account in, that is judged, too: a guest,
 * or who was let in by an older proof than NTLMv2, has proven nothing that this module asks for.
 */
#ifndef NTLM_CREDS_VERDICT_JUDGED_H
#define NTLM_CREDS_VERDICT_JUDGED_H

#include "../creds_account.h"
#include "tries.h"

/* The status of a login with that verdict. NTLM_NO_SUCH_USER: another source may know it.
 * NTLM_BACKEND_DOWN: he was not reached, or says that he cannot decide now. NTLM_OK: he lets it in,
 * and nothing speaks against that; computers: accounts of computers are taken, too. *outcome: what
 * it counts as. *why (from pool): what the status does not say, or as it was. */
ntlm_status_t verdict_status(apr_pool_t *pool, const creds_verdict_t *verdict, bool computers,
                             tries_outcome_t *outcome, const char **why);

#endif
