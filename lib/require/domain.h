/* domain.h - Require ntlm-domain NAME ...: accounts of these domains.
 *
 * It is the domain that the account has in its store, in any case. What the client names does not
 * count, nor what NTLMDomain says of accounts that have none: they are in no domain.
 */
#ifndef NTLM_REQUIRE_DOMAIN_H
#define NTLM_REQUIRE_DOMAIN_H

#include <httpd.h>

#include <mod_auth.h>

extern const authz_provider require_domain;

#endif
