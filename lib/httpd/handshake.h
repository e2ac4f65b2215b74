/* handshake.h - a message of NTLM goes through the state machine of its connection.
 */
#ifndef NTLM_HTTPD_HANDSHAKE_H
#define NTLM_HTTPD_HANDSHAKE_H

#include "exchange.h"
#include "login.h"

/* Takes the exchange's message, which may be any bytes. NTLM_CHALLENGE_SENT: the attempt's reply
 * is the Type 2. NTLM_OK: its login is there. Anything else: it is refused. */
ntlm_status_t handshake_take(exchange_t *x);

/* A claim of the exchange's acceptor: its proof is tried, unless too many have failed. The policy
 * has all that it is compared with. */
ntlm_status_t handshake_prove(const exchange_t *x);

/* The attempt is told what became of a login; gives its status. */
ntlm_status_t handshake_note(attempt_t *attempt, const login_result_t *result);

#endif
