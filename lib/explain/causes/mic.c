#include "mic.h"

#include <string.h>

#include "../../ntlm/crypto.h"
#include "../../ntlm/response.h"
#include "../hashed/hashed_mic.h"
#include "../hashed/search.h"

enum { ZEROS, NO_FIELD, NO_VERSION, NO_KEY, KEY_LENGTH };

const remark_row_t mic_remarks[] = {
    [ZEROS] = {.id = "mic-zero",
               .kind = REMARK_CAUSE,
               .sentence = "MsvAvFlags announces a MIC, and its field is all zeros",
               .source = "MS-NLMP 3.1.5.1.2"},
    [NO_FIELD] = {.id = "mic-field-missing",
                  .kind = REMARK_CAUSE,
                  .sentence = "MsvAvFlags announces a MIC, and the Type 3 has no room for one: its "
                              "payload begins too early",
                  .source = "MS-NLMP 3.1.5.1.2"},
    [NO_VERSION] = {.id = "mic-without-version",
                    .kind = REMARK_CAUSE,
                    .sentence =
                        "the MIC stands at 64: the Type 3 says that it has a Version, and has none",
                    .source = "MS-NLMP 3.1.5.1.2"},
    [NO_KEY] = {.id = "session-key-missing",
                .kind = REMARK_CAUSE,
                .sentence = "a key exchange is negotiated, and no EncryptedRandomSessionKey came",
                .source = "MS-NLMP 3.1.5.1.2"},
    [KEY_LENGTH] = {.id = "session-key-length",
                    .kind = REMARK_CAUSE,
                    .sentence = "EncryptedRandomSessionKey has not 16 bytes",
                    .source = "MS-NLMP 3.1.5.1.2"},
    {.id = NULL},
};

/* ---- shapes ---- */

static void missing_causes(diagnosis_t *diagnosis, const type3_t *type3)
{
    enum { AT_VERSION = 64 };
    const bool has_room = type3->payload >= AT_VERSION + NTLM_MIC_LEN;
    const remark_row_t *row = &mic_remarks[has_room ? NO_VERSION : NO_FIELD];
    diagnosis_add(diagnosis, row, "the payload begins at %zu", type3->payload);
}

static void key_causes(diagnosis_t *diagnosis, bytes_t key)
{
    if (key.len == 0)
        diagnosis_add(diagnosis, &mic_remarks[NO_KEY], NULL);
    else
        diagnosis_add(diagnosis, &mic_remarks[KEY_LENGTH], "it has %zu", key.len);
}

/* ---- the keys ---- */

/* The name that the client hashed: the proof is right with it. */
static bool find_name(const replay_t *replay, replay_name_t *name)
{
    replay_name_t names[NTLM_CANDIDATES_MAX];
    const size_t count = replay_names(replay, names);
    for (size_t i = 0; i < count; i++) {
        const bytes_t proof = {names[i].proof, NTLM_PROOF_LEN};
        if (!bytes_equal(proof, replay->claim.response.proof)) continue;
        *name = names[i];
        return true;
    }
    return false;
}

static bool find_keys(const replay_t *replay, mic_keys_t *keys)
{
    const ntlm_claim_t *claim = &replay->claim;
    replay_name_t name;
    if (!find_name(replay, &name)) return false;
    const bytes_t hashed = {name.candidate.bytes, name.candidate.len};
    memcpy(keys->nt_hash, replay->key.nt_hash, NTLM_KEY_LEN);
    keys->sent = claim->type3.session_key;
    keys->response = claim->type3.nt;
    keys->exchanged =
        (replay->challenge.flags & claim->type3.flags & NTLMSSP_NEGOTIATE_KEY_EXCH) != 0;
    return ntowfv2(keys->nt_hash, hashed, keys->ntowfv2) &&
           session_base_key(keys->ntowfv2, claim->response.proof, keys->base) &&
           exported_session_key(keys->base, keys->exchanged, keys->sent, keys->exported);
}

/* ---- the MIC ---- */

enum { KEY, FIELD, COVER, MAC };

static const remark_row_t *const steps[] = {
    [KEY] = mic_key_remarks,
    [FIELD] = mic_field_remarks,
    [COVER] = mic_cover_remarks,
    [MAC] = mic_mac_remarks,
};

static bool fits(const void *known, const choice_t *choice)
{
    guessed_mic_t guessed = *(const guessed_mic_t *)known;
    guessed.key_way = choice->way[KEY];
    guessed.covered.field_way = choice->way[FIELD];
    guessed.covered.cover_way = choice->way[COVER];
    guessed.mac_way = choice->way[MAC];
    return mic_comes_out(&guessed);
}

static void wrong_causes(diagnosis_t *diagnosis, const replay_t *replay)
{
    enum { LONG = 16384 };
    mic_keys_t keys;
    const guessed_mic_t known = {.keys = &keys,
                                 .covered = {.type1 = replay->type1,
                                             .type2 = replay->type2,
                                             .type3 = &replay->claim.type3,
                                             .mic_at = replay->claim.mic_offset}};
    const search_t search = {.steps = steps,
                             .steps_count = sizeof steps / sizeof steps[0],
                             .fits = fits,
                             .known = &known};
    const bytes_t mic = {replay->type3.data + known.covered.mic_at, NTLM_MIC_LEN};
    const bool known_keys = find_keys(replay, &keys);
    if (known_keys && !search_singles(diagnosis, &search) && replay->type3.len < LONG)
        search_pairs(diagnosis, &search);
    if (diagnosis->causes.count == 0 && bytes_are_zero(mic))
        diagnosis_add(diagnosis, &mic_remarks[ZEROS], NULL);
    secret_wipe(&keys, sizeof keys);
}

void mic_causes(diagnosis_t *diagnosis, const subject_t *subject)
{
    const replay_t *replay = subject->replay;
    if (!replay) return;
    switch (replay->status) {
    case NTLM_MIC_MISSING: missing_causes(diagnosis, &replay->claim.type3); break;
    case NTLM_BAD_SESSION_KEY: key_causes(diagnosis, replay->claim.type3.session_key); break;
    case NTLM_BAD_MIC: wrong_causes(diagnosis, replay); break;
    default: break;
    }
}
