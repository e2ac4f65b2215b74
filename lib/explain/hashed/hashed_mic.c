#include "hashed_mic.h"

#include <string.h>

#include "../../ntlm/crypto.h"
#include "../../ntlm/response.h"
#include "digests.h"

/* ---- the key ---- */

enum {
    BASE_KEY = 1,
    V2_KEY,
    NT_HASH_KEY,
    AS_SENT_KEY,
    UNASKED_KEY,
    V2_WRAPPED,
    NT_HASH_WRAPPED,
    V1_BASE,
    RESPONSE_BASE,
    NT_HASH_BASE,
    SIGNING_KEY,
    ZERO_KEY
};

const remark_row_t mic_key_remarks[] = {
    [BASE_KEY -
     1] = {.id = "mic-key-session-base-key",
           .kind = REMARK_CAUSE,
           .sentence = "the MIC was computed with SessionBaseKey, though another key is exchanged",
           .source = "MS-NLMP 3.1.5.1.2"},
    [V2_KEY - 1] = {.id = "mic-key-ntowfv2",
                    .kind = REMARK_CAUSE,
                    .sentence = "the MIC was computed with NTOWFv2",
                    .source = "MS-NLMP 3.1.5.1.2"},
    [NT_HASH_KEY - 1] = {.id = "mic-key-nt-hash",
                         .kind = REMARK_CAUSE,
                         .sentence = "the MIC was computed with the NT hash",
                         .source = "MS-NLMP 3.1.5.1.2"},
    [AS_SENT_KEY -
        1] = {.id = "mic-key-as-sent",
              .kind = REMARK_CAUSE,
              .sentence = "the MIC was computed with EncryptedRandomSessionKey as it came: the "
                          "random key was sent without RC4, or the encrypted one was taken for it",
              .source = "MS-NLMP 3.1.5.1.2"},
    [UNASKED_KEY -
        1] = {.id = "mic-key-unasked",
              .kind = REMARK_CAUSE,
              .sentence =
                  "the MIC was computed with a random key, though no key exchange is negotiated",
              .source = "MS-NLMP 3.1.5.1.2"},
    [V2_WRAPPED - 1] = {.id = "session-key-under-ntowfv2",
                        .kind = REMARK_CAUSE,
                        .sentence =
                            "the random key was encrypted with NTOWFv2, not with SessionBaseKey",
                        .source = "MS-NLMP 3.1.5.1.2"},
    [NT_HASH_WRAPPED -
        1] = {.id = "session-key-under-nt-hash",
              .kind = REMARK_CAUSE,
              .sentence = "the random key was encrypted with the NT hash, not with SessionBaseKey",
              .source = "MS-NLMP 3.1.5.1.2"},
    [V1_BASE - 1] = {.id = "session-base-key-ntlmv1",
                     .kind = REMARK_CAUSE,
                     .sentence = "SessionBaseKey was made as for NTLMv1: the MD4 of the NT hash",
                     .source = "MS-NLMP 3.3.2"},
    [RESPONSE_BASE - 1] = {.id = "session-base-key-over-response",
                           .kind = REMARK_CAUSE,
                           .sentence =
                               "SessionBaseKey was made of the whole response, not of NTProofStr",
                           .source = "MS-NLMP 3.3.2"},
    [NT_HASH_BASE - 1] = {.id = "session-base-key-under-nt-hash",
                          .kind = REMARK_CAUSE,
                          .sentence = "SessionBaseKey was made with the NT hash, not with NTOWFv2",
                          .source = "MS-NLMP 3.3.2"},
    [SIGNING_KEY - 1] = {.id = "mic-key-signing-key",
                         .kind = REMARK_CAUSE,
                         .sentence = "the MIC was computed with the client's signing key, not with "
                                     "ExportedSessionKey, of which it is made",
                         .source = "MS-NLMP 3.1.5.1.2"},
    [ZERO_KEY - 1] = {.id = "mic-key-zero",
                      .kind = REMARK_CAUSE,
                      .sentence = "the MIC was computed with 16 zero bytes for a key",
                      .source = "MS-NLMP 3.1.5.1.2"},
    {.id = NULL},
};

static bool find_base(unsigned way, const mic_keys_t *keys, uint8_t base[NTLM_KEY_LEN])
{
    switch (way) {
    case V1_BASE: return md4((bytes_t){keys->nt_hash, NTLM_KEY_LEN}, base);
    case RESPONSE_BASE: return hmac_md5(keys->ntowfv2, &keys->response, 1, base);
    default:
        return session_base_key(keys->nt_hash, (bytes_t){keys->response.data, NTLM_PROOF_LEN},
                                base);
    }
}

static bool find_signing_key(const mic_keys_t *keys, uint8_t key[NTLM_KEY_LEN])
{
    static const char magic[] = "session key to client-to-server signing key magic constant";
    const bytes_t parts[] = {{keys->exported, NTLM_KEY_LEN},
                             {(const uint8_t *)magic, sizeof magic}}; /* with its NUL */
    uint8_t digest[DIGEST_MAX];
    const bool ok = digest_of(DIGEST_MD5, parts, 2, digest) > 0;
    memcpy(key, digest, NTLM_KEY_LEN);
    secret_wipe(digest, sizeof digest);
    return ok;
}

static bool find_key(unsigned way, const mic_keys_t *keys, uint8_t key[NTLM_KEY_LEN])
{
    const bool wrapped = keys->sent.len == NTLM_KEY_LEN;
    const uint8_t *found = keys->exported;
    uint8_t base[NTLM_KEY_LEN];
    bool ok;
    switch (way) {
    case BASE_KEY: found = keys->base; break;
    case V2_KEY: found = keys->ntowfv2; break;
    case NT_HASH_KEY: found = keys->nt_hash; break;
    case AS_SENT_KEY: found = keys->sent.data; break;
    case UNASKED_KEY: return wrapped && !keys->exchanged && rc4(keys->base, keys->sent.data, key);
    case V2_WRAPPED: return wrapped && rc4(keys->ntowfv2, keys->sent.data, key);
    case NT_HASH_WRAPPED: return wrapped && rc4(keys->nt_hash, keys->sent.data, key);
    case V1_BASE:
    case RESPONSE_BASE:
    case NT_HASH_BASE:
        ok = find_base(way, keys, base) &&
             exported_session_key(base, keys->exchanged, keys->sent, key);
        secret_wipe(base, sizeof base);
        return ok;
    case SIGNING_KEY: return find_signing_key(keys, key);
    case ZERO_KEY: memset(key, 0, NTLM_KEY_LEN); return true;
    default: break;
    }
    if (way == AS_SENT_KEY && !wrapped) return false;
    memcpy(key, found, NTLM_KEY_LEN);
    return true;
}

/* ---- the MIC ---- */

enum { MIC_MD5 = 1, MIC_SHA256, MIC_SHA1, MIC_UNKEYED, MIC_HEX };

const remark_row_t mic_mac_remarks[] = {
    [MIC_MD5 - 1] = {.id = "mic-md5",
                     .kind = REMARK_CAUSE,
                     .sentence =
                         "the MIC was computed by MD5 of the key and the data, not by HMAC-MD5",
                     .source = "MS-NLMP 3.1.5.1.2"},
    [MIC_SHA256 - 1] = {.id = "mic-hmac-sha256",
                        .kind = REMARK_CAUSE,
                        .sentence = "the MIC was computed by HMAC-SHA-256",
                        .source = "MS-NLMP 3.1.5.1.2"},
    [MIC_SHA1 - 1] = {.id = "mic-hmac-sha1",
                      .kind = REMARK_CAUSE,
                      .sentence = "the MIC was computed by HMAC-SHA-1",
                      .source = "MS-NLMP 3.1.5.1.2"},
    [MIC_UNKEYED - 1] = {.id = "mic-md5-unkeyed",
                         .kind = REMARK_CAUSE,
                         .sentence = "the MIC is the MD5 of the messages, without a key",
                         .source = "MS-NLMP 3.1.5.1.2"},
    [MIC_HEX - 1] = {.id = "mic-hex",
                     .kind = REMARK_CAUSE,
                     .sentence = "the MIC is hex digits, of which 16 are left, not bytes",
                     .source = "MS-NLMP 3.1.5.1.2"},
    {.id = NULL},
};

static bool compute_hex(const uint8_t key[NTLM_KEY_LEN], const covered_parts_t *parts,
                        uint8_t mic[DIGEST_MAX])
{
    uint8_t bytes[NTLM_MIC_LEN];
    if (!hmac_md5(key, parts->part, parts->count, bytes)) return false;
    hex_write((char *)mic, (bytes_t){bytes, sizeof bytes});
    return true;
}

static bool compute(unsigned way, const uint8_t key_bytes[NTLM_KEY_LEN],
                    const covered_parts_t *parts, uint8_t mic[DIGEST_MAX])
{
    const bytes_t key = {key_bytes, NTLM_KEY_LEN};
    bytes_t all[COVERED_PARTS_MAX + 1] = {key};
    memcpy(all + 1, parts->part, parts->count * sizeof *all);
    switch (way) {
    case MIC_MD5: return digest_of(DIGEST_MD5, all, parts->count + 1, mic) > 0;
    case MIC_UNKEYED: return digest_of(DIGEST_MD5, parts->part, parts->count, mic) > 0;
    case MIC_SHA256: return digest_hmac(DIGEST_SHA256, key, parts->part, parts->count, mic) > 0;
    case MIC_SHA1: return digest_hmac(DIGEST_SHA1, key, parts->part, parts->count, mic) > 0;
    case MIC_HEX: return compute_hex(key_bytes, parts, mic);
    default: return hmac_md5(key_bytes, parts->part, parts->count, mic);
    }
}

static bool gives_mic(const guessed_mic_t *guessed)
{
    uint8_t key[NTLM_KEY_LEN], mic[DIGEST_MAX], room_bytes[4 * COVERED_MAX];
    writer_t room = writer_to(room_bytes, sizeof room_bytes);
    covered_parts_t parts;
    bytes_t wanted = bytes_from(guessed->covered.type3->message, covered_mic_at(&guessed->covered));
    if (wanted.len > NTLM_MIC_LEN) wanted.len = NTLM_MIC_LEN;
    const bool ok = covered_parts(&guessed->covered, &room, &parts) &&
                    find_key(guessed->key_way, guessed->keys, key) &&
                    compute(guessed->mac_way, key, &parts, mic);
    secret_wipe(key, sizeof key);
    return ok && bytes_equal((bytes_t){mic, NTLM_MIC_LEN}, wanted);
}

/* One bit of the flags is another one. */
bool mic_comes_out(const guessed_mic_t *guessed)
{
    enum { BITS = 32 };
    guessed_mic_t changed = *guessed;
    const covered_flags_t flags = covered_flags(&guessed->covered);
    if (!flags.wanted) return gives_mic(guessed);
    for (unsigned bit = 0; bit < BITS; bit++) {
        uint8_t *bytes = changed.covered.flags;
        memcpy(bytes, flags.message.data + flags.at, sizeof changed.covered.flags);
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        if (gives_mic(&changed)) return true;
    }
    return false;
}
