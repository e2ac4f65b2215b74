/* offer.h - NTLMOffer: the schemes that a place offers and takes.
 */
#ifndef NTLM_CONFIG_OFFER_H
#define NTLM_CONFIG_OFFER_H

#include "config.h"

/* Names of schemes, each once: a schemes_t. */
config_read_t offer_read;

/* Learns what a place of this httpd offers; from check_config, that is before any request. */
void offer_learn(schemes_t schemes);

/* Whether any place offers it: credentials of others are no business of ours. */
bool offer_anywhere(scheme_t scheme);

#endif
