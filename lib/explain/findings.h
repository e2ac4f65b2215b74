/* findings.h - what the check that failed had expected, and what it found, with the bytes.
 */
#ifndef NTLM_FINDINGS_H
#define NTLM_FINDINGS_H

#include "../finding/finding.h"
#include "replay.h"

/* Of a replay whose status is not NTLM_OK. The words are those of the log; of a proof, a MIC and a
 * channel binding that differ it has the bytes, in hex, as no log has. */
finding_t replay_finding(const replay_t *replay);

#endif
