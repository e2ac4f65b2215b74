/* findings.h - what the check that failed had expected, and what it found.
 */
#ifndef NTLM_FINDINGS_H
#define NTLM_FINDINGS_H

#include "replay.h"

enum { FINDING_ROOM = 1600 }; /* a name of any length, and some words */

/* Either is "" when the status and its detail say it all. */
typedef struct finding_t {
    char expected[FINDING_ROOM];
    char found[FINDING_ROOM];
} finding_t;

/* Of a replay whose status is not NTLM_OK. */
finding_t finding_of(const replay_t *replay);

#endif
