/* proof.h - how a proof came out that does not fit the password (MS-NLMP 3.3.2).
 *
 * The password, the names, the key and what the proof covers are tried otherwise, one at a time,
 * then two; what fits is named. Of a response of 16 KB and more two are not tried: a second of CPU
 * would not be enough.
 */
#ifndef NTLM_CAUSES_PROOF_H
#define NTLM_CAUSES_PROOF_H

#include "../diagnosis.h"
#include "../hashed/hashed_proof.h"
#include "../subject.h"

void proof_causes(diagnosis_t *diagnosis, const subject_t *subject);

#endif
