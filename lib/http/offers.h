/* offers.h - which schemes an answer offers.
 *
 * NTLMOffer says which a place offers and takes. What a client is offered may be fewer, by
 * variables of its request: "ntlm-no-offer" (none), "ntlm-offer" (those that it names). They never
 * add one, and do not decide what is taken.
 */
#ifndef NTLM_HTTP_OFFERS_H
#define NTLM_HTTP_OFFERS_H

#include <httpd.h>

#include "../config/config.h"

/* Those that the place offers to this client. */
schemes_t offers_for(request_rec *r, const dir_config_t *config);

/* Adds one header each, but for the schemes that the answer asks by already. */
void offers_make(request_rec *r, schemes_t schemes);

#endif
