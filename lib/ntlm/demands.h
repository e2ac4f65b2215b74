/* demands.h - what the administrator demands of a login beyond its proof.
 *
 * Each rule gives NTLM_OK or the status that refuses. They are about a claim whose proof
 * holds: before that, what the message says of itself is anybody's.
 */
#ifndef NTLM_DEMANDS_H
#define NTLM_DEMANDS_H

#include "claim.h"
#include "ntlm_policy.h"

/* Sets claim->binding and claim->service to what the response says of itself: UNCHECKED at
 * the most. */
void demands_find(ntlm_claim_t *claim);

/* Compares them with what is ours, whether anything is demanded or not: a channel binding
 * with policy->bindings; a service, SERVICE/HOST, perhaps with :PORT and /REALM or @REALM
 * behind it, neither of which is looked at, with policy->service_hosts. What is not known
 * (no bindings, NULL) leaves UNCHECKED. */
void demands_compare(ntlm_claim_t *claim, const ntlm_policy_t *policy);

/* Extended Protection, MS-NLMP 3.2.5.1.2: the login was meant for our TLS channel. */
ntlm_status_t demand_binding(const ntlm_claim_t *claim, const ntlm_policy_t *policy);

/* The login was meant for one of our services. */
ntlm_status_t demand_service(const ntlm_claim_t *claim, const ntlm_policy_t *policy);

/* A client may name a domain in the field for it, inside the user name, or in both: each
 * must be accepted. One that names none names none to refuse. */
ntlm_status_t demand_domain(const ntlm_claim_t *claim, const ntlm_policy_t *policy);

#endif
