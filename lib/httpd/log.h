/* log.h - one line for each outcome.
 *
 * ntlm: wrong-password: user=alice domain=CORP workstation=WS1 scheme=NTLM tls=on mic=absent
 *     binding=absent service=absent source=file (0xC000006A)
 *
 * The fields and their order are documented (statuses.md): a new one goes in front of
 * source=. Levels: refusals warn, logins info, offers and challenges debug. What a client
 * sent is escaped and cut; hashes, proofs and messages are never written.
 */
#ifndef NTLM_HTTPD_LOG_H
#define NTLM_HTTPD_LOG_H

#include "attempt.h"

/* Writes the line, and counts the outcome (status/counters.h). Of each client request one stands at
 * warn: what its subrequests are refused for goes to debug. */
void log_outcome(request_rec *r, const attempt_t *attempt);

/* Registers the hooks that write the line of a subrequest which decides the client request,
 * before the answer. */
void log_register(void);

#endif
