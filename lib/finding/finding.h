/* finding.h - what decided a refusal, for people: the end of a log line, and what ntlmdump says.
 *
 * Names, lengths, times and kinds; never the bytes of a proof, a hash, a key or a binding.
 */
#ifndef NTLM_FINDING_FINDING_H
#define NTLM_FINDING_FINDING_H

#include "../ntlm/claim.h"
#include "../ntlm/ntlm_policy.h"

/* Either is "" when there is nothing to say beyond the status. */
enum { FINDING_ROOM = 640 };
typedef struct finding_t {
    char found[FINDING_ROOM];
    char wanted[FINDING_ROOM];
} finding_t;

/* Of a claim that was refused with that status under that policy, while the bytes of its message
 * still live. */
finding_t finding_of(ntlm_status_t status, const ntlm_claim_t *claim, const ntlm_policy_t *policy);

/* Both in one: "FOUND; wanted: WANTED". Gives text, or NULL if there is nothing to say. */
enum { FINDING_TEXT_ROOM = 2 * FINDING_ROOM + 16 };
const char *finding_text(const finding_t *finding, char text[FINDING_TEXT_ROOM]);

#endif
