/* replay.h - a recorded handshake, judged again by the acceptor and its checks.
 *
 * The acceptor is put where the recorded one stood after it had sent the Type 2,
 * and is given the Type 3. How long ago that was makes no difference.
 */
#ifndef NTLM_REPLAY_H
#define NTLM_REPLAY_H

#include "../ntlm/acceptor.h"

typedef struct replay_t {
    /* given; borrowed */
    bytes_t type1, type2, type3;
    ntlm_policy_t policy; /* challenge_lifetime is not looked at */
    ntlm_key_t key;       /* the caller wipes it */
    /* found */
    ntlm_status_t status;
    ntlm_claim_t claim; /* without its keys; its check is never NULL */
    type2_t challenge;  /* the Type 2, parsed */
} replay_t;

/* Runs it; crypto_open() was called. Gives NULL, or (static text) why there is
 * nothing to run: the Type 2 cannot be parsed, or a message is too long. */
const char *replay_run(replay_t *replay);

/* Whether the check of that name ran, and did not fail. */
bool replay_passed(const replay_t *replay, const char *name);

/* A name that the proof was tried for, and the NTProofStr that it should have. */
typedef struct replay_name_t {
    ntlm_candidate_t candidate;
    bytes_t user, domain; /* as they are hashed, UTF-16LE; in the candidate */
    uint8_t proof[NTLM_PROOF_LEN];
} replay_name_t;

/* All distinct ones, in the order in which they are tried. For a claim that got
 * as far as its proof. Gives their count; 0 when the crypto failed. */
size_t replay_names(const replay_t *replay, replay_name_t names[NTLM_CANDIDATES_MAX]);

/* The MIC that a proven claim should have; false if it cannot be computed. */
bool replay_mic(const replay_t *replay, uint8_t mic[NTLM_MIC_LEN]);

#endif
