/* basic.h - a login by user and password (RFC 7617): of one request, and never the connection's.
 */
#ifndef NTLM_HTTPD_BASIC_H
#define NTLM_HTTPD_BASIC_H

#include "exchange.h"
#include "../ntlm/basic/password.h"

/* Draws the key of the numbers under which verdicts on passwords may be remembered, before there
 * are children. Without random bytes none is remembered. */
void basic_draw_key(void);

/* Takes the exchange's token, which may be any bytes, and wipes it. The same as
 * handshake_take(), and it needs no connection. NTLM_BASIC_REFUSED: nobody may log in like this
 * here (policy_allows_basic()), and nobody has looked whether the password is right. */
ntlm_status_t basic_take(exchange_t *x);

/* The same for who has them apart. */
ntlm_status_t basic_prove(exchange_t *x, password_t who);

/* Credentials of a scheme that this place does not take: the attempt says which, and whose password
 * came if it is Basic and one came; token, which may be empty, is wiped then. NTLM_SCHEME_REFUSED.
 */
ntlm_status_t basic_unasked(exchange_t *x, scheme_t scheme, bytes_t token);

#endif
