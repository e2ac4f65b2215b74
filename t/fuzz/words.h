/* words.h - what is said of a refusal: bounded, one line, and nothing that a terminal obeys. */
#ifndef NTLM_FUZZ_WORDS_H
#define NTLM_FUZZ_WORDS_H

#include "fuzz.h"

#include "../../lib/finding/finding.h"

static void expect_finding(ntlm_status_t status, const ntlm_claim_t *claim,
                           const ntlm_policy_t *policy)
{
    static char text[FINDING_TEXT_ROOM];
    const finding_t finding = finding_of(status, claim, policy);
    const char *said = finding_text(&finding, text);
    REQUIRE(strnlen(finding.found, FINDING_ROOM) < FINDING_ROOM);
    REQUIRE(strnlen(finding.wanted, FINDING_ROOM) < FINDING_ROOM);
    for (size_t i = 0; said && said[i]; i++) REQUIRE((uint8_t)said[i] >= 0x20 && said[i] != 0x7F);
}

#endif
