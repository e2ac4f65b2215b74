/* demands.h - what the administrator demands of a login beyond its proof.
 *
 * These checks (checks.h) are about a claim whose proof holds: before that, what the message
 * says of itself is anybody's.
 */
#ifndef NTLM_DEMANDS_H
#define NTLM_DEMANDS_H

#include "claim.h"
#include "ntlm_policy.h"

/* What a claim is checked against: its handshake; and, for what needs a key, the policy and the
 * account's key. key NULL: nobody knows the account. */
typedef struct ntlm_evidence_t {
    const struct ntlm_handshake_t *handshake;
    const ntlm_policy_t *policy;
    const struct ntlm_key_t *key;
} ntlm_evidence_t;

/* Sets claim->binding and claim->service to what the response says of itself: UNCHECKED at
 * the most. */
void demands_find(ntlm_claim_t *claim);

/* Extended Protection, MS-NLMP 3.2.5.1.2: the login was meant for our TLS channel.
 *
 * Before it decides, both the channel binding and the service are compared with what is ours,
 * whether anything is demanded or not: a channel binding with policy->bindings; a service,
 * SERVICE/HOST, perhaps with :PORT and /REALM or @REALM behind it, neither of which is looked at,
 * with policy->service_hosts. What is not known (no bindings, NULL) leaves UNCHECKED. */
ntlm_status_t binding_fits(ntlm_claim_t *claim, const ntlm_evidence_t *evidence);

/* The login was meant for one of our services. */
ntlm_status_t service_fits(ntlm_claim_t *claim, const ntlm_evidence_t *evidence);

/* A client may name a domain in the field for it, inside the user name, or in both: each
 * must be accepted. One that names none names none to refuse. */
ntlm_status_t domain_is_accepted(ntlm_claim_t *claim, const ntlm_evidence_t *evidence);

#endif
