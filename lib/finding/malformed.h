/* malformed.h - which part of a Type 3 breaks the rules, and what stands there.
 */
#ifndef NTLM_FINDING_MALFORMED_H
#define NTLM_FINDING_MALFORMED_H

#include "../ntlm/claim.h"
#include "phrase.h"

/* Appends it to the claim's detail, which says which rule: ": UserName of 10 bytes at 65000, ...".
 * Appends nothing where the detail says it all. */
void malformed_say(phrase_t *out, const ntlm_claim_t *claim);

/* Of names that look like ASCII (claim_is_ascii()): what they would be. */
void malformed_say_ascii(phrase_t *out, const ntlm_claim_t *claim);

#endif
