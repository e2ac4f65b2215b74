/* hashed_mic.h - what clients have computed instead of the MIC.
 */
#ifndef NTLM_HASHED_MIC_H
#define NTLM_HASHED_MIC_H

#include "hashed_cover.h"

extern const remark_row_t mic_key_remarks[], mic_mac_remarks[];

typedef struct mic_keys_t {
    uint8_t nt_hash[NTLM_KEY_LEN], ntowfv2[NTLM_KEY_LEN], base[NTLM_KEY_LEN];
    uint8_t exported[NTLM_KEY_LEN];
    bool exchanged;   /* both sides have agreed on that */
    bytes_t sent;     /* EncryptedRandomSessionKey */
    bytes_t response; /* NtChallengeResponse, which begins with NTProofStr */
} mic_keys_t;

/* Ways are RIGHT, or a row of those tables and 1. */
typedef struct guessed_mic_t {
    const mic_keys_t *keys;
    covered_t covered;
    unsigned key_way, mac_way;
} guessed_mic_t;

/* Whether that gives the MIC of the Type 3. */
bool mic_comes_out(const guessed_mic_t *guessed);

#endif
