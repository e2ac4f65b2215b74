#include "hashed_proof.h"

#include <stdlib.h>
#include <string.h>

#include "../../ntlm/crypto.h"
#include "digests.h"

/* ---- the mistakes ---- */

const remark_row_t proof_remarks[] = {
    [NTOWFV2_KEY_AND_DATA] =
        {.id = "ntowfv2-key-and-data",
         .kind = REMARK_CAUSE,
         .sentence = "NTOWFv2 was made with its names as the key and the NT hash as the data",
         .source = "MS-NLMP 3.3.2"},
    [NTOWFV2_MD5] = {.id = "ntowfv2-md5",
                     .kind = REMARK_CAUSE,
                     .sentence = "NTOWFv2 was made with MD5, not with HMAC-MD5",
                     .source = "MS-NLMP 3.3.2"},
    [NTOWFV2_SHA256] = {.id = "ntowfv2-hmac-sha256",
                        .kind = REMARK_CAUSE,
                        .sentence = "NTOWFv2 was made with HMAC-SHA-256",
                        .source = "MS-NLMP 3.3.2"},
    [PROOF_KEY_NT_HASH] = {.id = "proof-key-nt-hash",
                           .kind = REMARK_CAUSE,
                           .sentence = "NTProofStr was made with the NT hash, not with NTOWFv2",
                           .source = "MS-NLMP 3.3.2"},
    [WITHOUT_CHALLENGE] = {.id = "proof-without-challenge",
                           .kind = REMARK_CAUSE,
                           .sentence = "NTProofStr does not cover the ServerChallenge",
                           .source = "MS-NLMP 3.3.2"},
    [CHALLENGE_REVERSED] = {.id = "challenge-reversed",
                            .kind = REMARK_CAUSE,
                            .sentence =
                                "NTProofStr covers the ServerChallenge in reversed byte order",
                            .source = "MS-NLMP 3.3.2"},
    [CHALLENGE_RESERVED] = {.id = "challenge-reserved",
                            .kind = REMARK_CAUSE,
                            .sentence =
                                "NTProofStr covers the eight bytes behind the ServerChallenge",
                            .source = "MS-NLMP 3.3.2"},
    [CHALLENGE_HEX] = {.id = "challenge-hex",
                       .kind = REMARK_CAUSE,
                       .sentence = "NTProofStr covers the ServerChallenge in hex digits",
                       .source = "MS-NLMP 3.3.2"},
    [CHALLENGE_ELSEWHERE] = {.id = "challenge-elsewhere",
                             .kind = REMARK_CAUSE,
                             .sentence = "NTProofStr covers eight other bytes of the CHALLENGE "
                                         "than its ServerChallenge, which stands at 24",
                             .source = "MS-NLMP 3.3.2"},
    [CHALLENGE_LAST] =
        {.id = "challenge-last",
         .kind = REMARK_CAUSE,
         .sentence = "NTProofStr covers the ServerChallenge behind the response, not before it",
         .source = "MS-NLMP 3.3.2"},
    [COVERS_ITSELF] = {.id = "proof-covers-itself",
                       .kind = REMARK_CAUSE,
                       .sentence = "NTProofStr covers 16 zero bytes in its own place",
                       .source = "MS-NLMP 3.3.2"},
    [WITHOUT_HEADER] = {.id = "proof-without-header",
                        .kind = REMARK_CAUSE,
                        .sentence =
                            "NTProofStr covers the AV pairs only, not what stands before them",
                        .source = "MS-NLMP 3.3.2"},
    [AS_LMV2] = {.id = "proof-as-lmv2",
                 .kind = REMARK_CAUSE,
                 .sentence =
                     "NTProofStr covers the client's challenge only, as an LMv2 response does",
                 .source = "MS-NLMP 3.3.2"},
    [OTHER_PAIRS] = {.id = "proof-over-other-pairs",
                     .kind = REMARK_CAUSE,
                     .sentence = "NTProofStr covers the AV pairs of the CHALLENGE, not those that "
                                 "were sent: the client added its own later",
                     .source = "MS-NLMP 3.3.2"},
    [PADDED] = {.id = "response-padded",
                .kind = REMARK_CAUSE,
                .sentence = "bytes were put behind the response after it was signed",
                .source = "MS-NLMP 3.3.2"},
    [TAIL_NOT_SENT] = {.id = "response-tail-not-sent",
                       .kind = REMARK_CAUSE,
                       .sentence =
                           "NTProofStr covers zero bytes behind the response that were not sent",
                       .source = "MS-NLMP 3.3.2"},
    [KEY_AND_DATA] = {.id = "proof-key-and-data",
                      .kind = REMARK_CAUSE,
                      .sentence =
                          "NTProofStr was made with its key as the data, and the data as its key",
                      .source = "MS-NLMP 3.3.2"},
    [IN_HEX] = {.id = "proof-hex",
                .kind = REMARK_CAUSE,
                .sentence = "NTProofStr was sent in hex digits, of which 16 are left",
                .source = "MS-NLMP 3.3.2"},
    [ALL_ZEROS] = {.id = "proof-zero",
                   .kind = REMARK_CAUSE,
                   .sentence = "NTProofStr is all zeros",
                   .source = "MS-NLMP 3.3.2"},
    [BY_MD5] = {.id = "proof-md5",
                .kind = REMARK_CAUSE,
                .sentence = "NTProofStr was made with MD5, not with HMAC-MD5",
                .source = "MS-NLMP 3.3.2"},
    [BY_SHA256] = {.id = "proof-hmac-sha256",
                   .kind = REMARK_CAUSE,
                   .sentence = "NTProofStr was made with HMAC-SHA-256",
                   .source = "MS-NLMP 3.3.2"},
    {.id = NULL},
};

/* ---- computing ---- */

enum { COVER_MAX = 65536 + 64 };

static bool is_whole(size_t len)
{
    return len >= NTLM_PROOF_LEN;
}

/* The key of the proof, from a key of a password and names. */
static bool make_key(const method_t *method, uint8_t key[DIGEST_MAX])
{
    const bytes_t hash = {method->password->key, method->password->len};
    const bytes_t name = {method->name->bytes, method->name->len};
    const bytes_t both[] = {hash, name};
    switch (method->key) {
    case NTOWFV2_KEY_AND_DATA: return is_whole(digest_hmac(DIGEST_MD5, name, &hash, 1, key));
    case NTOWFV2_MD5: return is_whole(digest_of(DIGEST_MD5, both, 2, key));
    case NTOWFV2_SHA256: return is_whole(digest_hmac(DIGEST_SHA256, hash, &name, 1, key));
    case PROOF_KEY_NT_HASH: memcpy(key, hash.data, NTLM_KEY_LEN); return hash.len == NTLM_KEY_LEN;
    default: break;
    }
    if (hash.len == NTLM_KEY_LEN) return hmac_md5(hash.data, &name, 1, key);
    return is_whole(digest_hmac(DIGEST_MD5, hash, &name, 1, key));
}

static bytes_t part(bytes_t whole, size_t start, size_t len)
{
    bytes_t rest = bytes_from(whole, start);
    if (rest.len > len) rest.len = len;
    return rest;
}

/* Eight bytes from there on; nothing, where others stand that are another mistake. */
static bytes_t elsewhere(const replay_t *replay, size_t at)
{
    enum { CHALLENGE = 24, RESERVED = 32 };
    const bytes_t found = part(replay->type2, at, NTLM_CHALLENGE_LEN);
    return at == CHALLENGE || at == RESERVED || found.len < NTLM_CHALLENGE_LEN ? bytes_none()
                                                                               : found;
}

/* What a proof covers, in parts[4], of which one may lie in room; extra: how many bytes behind it
 * are too many, or where it begins. Gives their number. */
static size_t cover(const replay_t *replay, int proof, size_t extra, bytes_t parts[4],
                    uint8_t room[2 * NTLM_CHALLENGE_LEN])
{
    static const uint8_t zeros[16];
    enum { HEADER = 28, CLIENT_CHALLENGE = 16, RESERVED = 32 };
    const bytes_t temp = replay->claim.response.temp;
    const bytes_t challenge = {replay->challenge.challenge, NTLM_CHALLENGE_LEN};
    parts[0] = challenge;
    parts[1] = temp;
    switch (proof) {
    case WITHOUT_CHALLENGE: parts[0] = temp; return 1;
    case CHALLENGE_REVERSED:
        for (size_t i = 0; i < challenge.len; i++) room[i] = challenge.data[challenge.len - 1 - i];
        parts[0] = (bytes_t){room, challenge.len};
        return 2;
    case CHALLENGE_ELSEWHERE: parts[0] = elsewhere(replay, extra); return parts[0].len ? 2 : 0;
    case CHALLENGE_RESERVED: parts[0] = part(replay->type2, RESERVED, NTLM_CHALLENGE_LEN); return 2;
    case CHALLENGE_HEX:
        hex_write((char *)room, challenge);
        parts[0] = (bytes_t){room, 2 * NTLM_CHALLENGE_LEN};
        return 2;
    case CHALLENGE_LAST:
        parts[0] = temp;
        parts[1] = challenge;
        return 2;
    case COVERS_ITSELF:
        parts[1] = (bytes_t){zeros, NTLM_PROOF_LEN};
        parts[2] = temp;
        return 3;
    case WITHOUT_HEADER: parts[1] = bytes_from(temp, HEADER); return 2;
    case AS_LMV2: parts[1] = part(temp, CLIENT_CHALLENGE, NTLM_CHALLENGE_LEN); return 2;
    case OTHER_PAIRS:
        parts[1] = part(temp, 0, HEADER);
        parts[2] = replay->challenge.target_info;
        parts[3] = (bytes_t){zeros, extra - 1};
        return 4;
    case PADDED: parts[1] = part(temp, 0, temp.len > extra ? temp.len - extra : 0); return 2;
    case TAIL_NOT_SENT: parts[2] = (bytes_t){zeros, extra}; return 3;
    default: return 2;
    }
}

static bool make_proof(const uint8_t *key, const bytes_t *parts, size_t count, int proof,
                       uint8_t out[DIGEST_MAX])
{
    bytes_t all[5] = {{key, NTLM_KEY_LEN}};
    uint8_t *whole, digest[NTLM_PROOF_LEN];
    size_t len = 0;
    switch (proof) {
    case BY_MD5:
        memcpy(all + 1, parts, count * sizeof *parts);
        return is_whole(digest_of(DIGEST_MD5, all, count + 1, out));
    case IN_HEX:
        if (!hmac_md5(key, parts, count, digest)) return false;
        hex_write((char *)out, (bytes_t){digest, sizeof digest});
        return true;
    case ALL_ZEROS: memset(out, 0, DIGEST_MAX); return true;
    case BY_SHA256: return is_whole(digest_hmac(DIGEST_SHA256, all[0], parts, count, out));
    case KEY_AND_DATA:
        for (size_t i = 0; i < count; i++) len += parts[i].len;
        whole = len <= COVER_MAX ? malloc(len + 1) : NULL;
        if (!whole) return false;
        len = 0;
        for (size_t i = 0; i < count; len += parts[i++].len)
            memcpy(whole + len, parts[i].data, parts[i].len);
        len = digest_hmac(DIGEST_MD5, (bytes_t){whole, len}, all, 1, out);
        free(whole);
        return is_whole(len);
    default: return hmac_md5(key, parts, count, out);
    }
}

/* So many bytes too many, or too few, are tried, or so many places. */
static size_t extras_of(int proof)
{
    switch (proof) {
    case PADDED:
    case TAIL_NOT_SENT: return 16;
    case OTHER_PAIRS: return 9;
    case CHALLENGE_ELSEWHERE: return 64;
    default: return 1;
    }
}

bool proof_fits(const replay_t *replay, const method_t *method)
{
    uint8_t key[DIGEST_MAX], proof[DIGEST_MAX];
    bool met = false;
    if (!make_key(method, key)) return false;
    for (size_t extra = 1; !met && extra <= extras_of(method->proof); extra++) {
        bytes_t parts[4];
        uint8_t room[2 * NTLM_CHALLENGE_LEN];
        const size_t count = cover(replay, method->proof, extra, parts, room);
        met = make_proof(key, parts, count, method->proof, proof) &&
              secret_equal(proof, replay->claim.response.proof.data, NTLM_PROOF_LEN);
    }
    secret_wipe(key, sizeof key);
    return met;
}
