/* hashed_proof.h - what clients make of the NT hash, the names and the challenge (MS-NLMP 3.3.2).
 */
#ifndef NTLM_HASHED_PROOF_H
#define NTLM_HASHED_PROOF_H

#include "hashed_name.h"
#include "hashed_password.h"

/* Rows of proof_remarks[]: of NTOWFv2; of what the proof covers; of how it is hashed. */
enum {
    NTOWFV2_KEY_AND_DATA,
    NTOWFV2_MD5,
    NTOWFV2_SHA256,
    PROOF_KEY_NT_HASH,
    WITHOUT_CHALLENGE,
    CHALLENGE_REVERSED,
    CHALLENGE_RESERVED,
    CHALLENGE_HEX,
    CHALLENGE_ELSEWHERE,
    CHALLENGE_LAST,
    COVERS_ITSELF,
    WITHOUT_HEADER,
    AS_LMV2,
    OTHER_PAIRS,
    PADDED,
    TAIL_NOT_SENT,
    KEY_AND_DATA,
    IN_HEX,
    ALL_ZEROS,
    BY_MD5,
    BY_SHA256,
    PROOF_MISTAKES,
    FIRST_COVER = WITHOUT_CHALLENGE
};
extern const remark_row_t proof_remarks[];

/* How a proof may have come out; PROOF_MISTAKES: as it should be. */
typedef struct method_t {
    const hashed_password_t *password; /* never NULL */
    const hashed_name_t *name;         /* likewise */
    int key, proof;
} method_t;

/* Whether the proof of a claim comes out so. */
bool proof_fits(const replay_t *replay, const method_t *method);

#endif
