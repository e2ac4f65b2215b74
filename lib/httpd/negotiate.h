/* negotiate.h - the scheme Negotiate: NTLM, in SPNEGO or bare (RFC 4559).
 *
 * lib/ntlm/spnego takes NTLM's messages out of tokens; what becomes of those is no business of
 * this, and NTLM's own rules hold for them unchanged.
 */
#ifndef NTLM_HTTPD_NEGOTIATE_H
#define NTLM_HTTPD_NEGOTIATE_H

#include "exchange.h"

/* Puts the message that is in the exchange's token in its place. Anything but NTLM_OK: there is
 * none to take, and the attempt has the reply, if there is one. NTLM_OK for other schemes. */
ntlm_status_t negotiate_unwrap(exchange_t *x);

/* Wraps the attempt's reply to that message, of which this came, as the client's token was. */
void negotiate_wrap(const exchange_t *x, ntlm_status_t status);

/* For a proof that is right, while its session key is there: sees that the client's mechListMIC
 * is as well, and makes the last token, with ours in it. NTLM_OK for other schemes. */
ntlm_status_t negotiate_check(const exchange_t *x);

/* Registers the filter that sends that token: with the answer to the client, whichever request of
 * the chain gives it, unless that asks for a login. */
void negotiate_register(void);

#endif
