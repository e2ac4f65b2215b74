#include "response_kind.h"

#include <string.h>

#include "../../finding/phrase.h"
#include "../../ntlm/crypto.h"
#include "../../ntlm/response.h"
#include "../../ntlm/unicode.h"
#include "plain_text.h"

enum {
    NTLMV1,
    NTLM2,
    LM_ONLY,
    LMV2_ONLY,
    OWN_TIME,
    NO_TIME,
    DROPPED,
    MISSING,
    CASE,
    INVENTED,
    END_FIRST,
};

const remark_row_t response_kind_remarks[] = {
    [NTLMV1] = {.id = "ntlmv1",
                .kind = REMARK_CAUSE,
                .sentence = "the response is one of NTLMv1: the client chooses it, or was told to",
                .source = "MS-NLMP 3.3.1"},
    [NTLM2] = {.id = "ntlm2-session",
               .kind = REMARK_CAUSE,
               .sentence =
                   "the response is NTLM2 session, which is NTLMv1 with a nonce of the client",
               .source = "MS-NLMP 3.3.1"},
    [LM_ONLY] = {.id = "lm-only",
                 .kind = REMARK_CAUSE,
                 .sentence = "an LmChallengeResponse came, and no NtChallengeResponse",
                 .source = "MS-NLMP 3.3.1"},
    [LMV2_ONLY] =
        {.id = "lmv2-only",
         .kind = REMARK_CAUSE,
         .sentence =
             "a right LMv2 response came, and no NtChallengeResponse: it covers no AV pairs",
         .source = "MS-NLMP 3.3.2"},
    [OWN_TIME] = {.id = "timestamp-pair-changed",
                  .kind = REMARK_CAUSE,
                  .sentence =
                      "MsvAvTimestamp (7) came back with another time than it has in the CHALLENGE",
                  .source = "MS-NLMP 3.1.5.1.2"},
    [NO_TIME] = {.id = "timestamp-dropped",
                 .kind = REMARK_CAUSE,
                 .sentence = "MsvAvTimestamp (7) of the CHALLENGE did not come back",
                 .source = "MS-NLMP 3.1.5.1.2"},
    [DROPPED] = {.id = "pairs-dropped",
                 .kind = REMARK_CAUSE,
                 .sentence = "none of the AV pairs of the CHALLENGE came back",
                 .source = "MS-NLMP 3.3.2"},
    [MISSING] = {.id = "pairs-missing",
                 .kind = REMARK_CAUSE,
                 .sentence = "some of the AV pairs of the CHALLENGE did not come back",
                 .source = "MS-NLMP 3.3.2"},
    [CASE] = {.id = "pairs-changed",
              .kind = REMARK_CAUSE,
              .sentence = "names in the AV pairs of the CHALLENGE came back in another case",
              .source = "MS-NLMP 3.3.2"},
    [INVENTED] = {.id = "pairs-invented",
                  .kind = REMARK_CAUSE,
                  .sentence = "AV pairs of the CHALLENGE came back with values of the client's own",
                  .source = "MS-NLMP 3.3.2"},
    [END_FIRST] = {.id = "pairs-end-in-front",
                   .kind = REMARK_CAUSE,
                   .sentence = "zero bytes stand in front of the AV pairs of the CHALLENGE, and "
                               "are read as their end",
                   .source = "MS-NLMP 2.2.2.7"},
    {.id = NULL},
};

static void say(diagnosis_t *diagnosis, int row)
{
    diagnosis_add(diagnosis, &response_kind_remarks[row], NULL);
}

/* ---- older responses ---- */

static bool is_lmv2_of(const replay_t *replay, const ntlm_candidate_t *name)
{
    const bytes_t lm = replay->claim.type3.lm, nonce = bytes_from(lm, NTLM_PROOF_LEN);
    const bytes_t covered[] = {{replay->challenge.challenge, NTLM_CHALLENGE_LEN}, nonce};
    uint8_t key[NTLM_KEY_LEN], proof[NTLM_PROOF_LEN] = {0};
    const bool right = ntowfv2(replay->key.nt_hash, (bytes_t){name->bytes, name->len}, key) &&
                       hmac_md5(key, covered, 2, proof) &&
                       secret_equal(proof, lm.data, sizeof proof);
    secret_wipe(key, sizeof key);
    secret_wipe(proof, sizeof proof);
    return right;
}

/* LMv2_RESPONSE: the proof and a nonce (MS-NLMP 2.2.2.4). */
static bool is_lmv2(const replay_t *replay)
{
    enum { LMV2_LEN = 24 };
    ntlm_candidate_t tried[NTLM_CANDIDATES_MAX];
    if (replay->claim.type3.lm.len != LMV2_LEN) return false;
    for (size_t i = 0; claim_candidate(&replay->claim, tried, i); i++)
        if (is_lmv2_of(replay, &tried[i])) return true;
    return false;
}

static bool say_kind(diagnosis_t *diagnosis, const subject_t *subject)
{
    const replay_t *replay = subject->replay;
    switch (replay->status) {
    case NTLM_NTLMV1: say(diagnosis, NTLMV1); return true;
    case NTLM_NTLM2_SESSION: say(diagnosis, NTLM2); return true;
    case NTLM_NO_NT_RESPONSE:
        say(diagnosis, subject->has_password && is_lmv2(replay) ? LMV2_ONLY : LM_ONLY);
        return true;
    default: return false;
    }
}

/* ---- our AV pairs ---- */

/* Another time in the pair, and yet the proof is one for this challenge. */
static bool is_for_this_challenge(const replay_t *replay)
{
    replay_name_t names[NTLM_CANDIDATES_MAX];
    const size_t count = replay_names(replay, names);
    for (size_t i = 0; i < count; i++)
        if (secret_equal(names[i].proof, replay->claim.response.proof.data, NTLM_PROOF_LEN))
            return true;
    return false;
}

/* The pairs of the CHALLENGE that must come back, of those below 32. */
static uint32_t wanted_pairs(bytes_t ours)
{
    reader_t in = reader_over(ours);
    av_pair_t pair;
    uint32_t wanted = 0;
    while (avpairs_next(&in, &pair))
        if (pair.av_id < 32 && !avpairs_client_sets(pair.av_id))
            wanted |= UINT32_C(1) << pair.av_id;
    return wanted;
}

static bool differs_in_case(bytes_t ours, bytes_t theirs, uint16_t av_id)
{
    char a[3 * NTLM_DOMAIN_MAX + 1], b[sizeof a];
    bytes_t wanted, found;
    return avpairs_find(ours, av_id, &wanted) && avpairs_find(theirs, av_id, &found) &&
           !unicode_name(wanted, a, sizeof a) && !unicode_name(found, b, sizeof b) &&
           unicode_casecmp(a, b) == 0;
}

static bool all_differ_in_case(bytes_t ours, bytes_t theirs, uint32_t changed)
{
    for (uint16_t av_id = 0; av_id < 32; av_id++)
        if (changed >> av_id & 1 && !differs_in_case(ours, theirs, av_id)) return false;
    return true;
}

/* Our first pair came, behind what is read as the end. */
static bool is_behind_end(bytes_t ours, bytes_t theirs)
{
    reader_t in = reader_over(theirs), mine = reader_over(ours);
    av_pair_t pair;
    while (avpairs_next(&in, &pair)) continue;
    return avpairs_next(&mine, &pair) && avpairs_contain(bytes_from(theirs, in.at), &pair);
}

static int about_pairs(const replay_t *replay, uint32_t missing, uint32_t changed)
{
    const bytes_t ours = replay->challenge.target_info, theirs = replay->claim.response.pairs;
    if (changed) return all_differ_in_case(ours, theirs, changed) ? CASE : INVENTED;
    if (is_behind_end(ours, theirs)) return END_FIRST;
    if (missing == UINT32_C(1) << MsvAvTimestamp) return NO_TIME;
    return missing == wanted_pairs(ours) ? DROPPED : MISSING;
}

static void say_pairs(diagnosis_t *diagnosis, const replay_t *replay)
{
    char text[256];
    phrase_t words = phrase_to(text, sizeof text);
    const av_difference_t *differs = &replay->claim.differs;
    const uint32_t all = differs->changed ? differs->changed : differs->missing;
    for (uint16_t av_id = 0; av_id < 32; av_id++)
        if (all >> av_id & 1)
            phrase_say(&words, "%s%s (%u)", words.len ? ", " : "", phrase_av_name(av_id), av_id);
    diagnosis_add(diagnosis,
                  &response_kind_remarks[about_pairs(replay, differs->missing, differs->changed)],
                  "%s", text);
}

void response_kind_causes(diagnosis_t *diagnosis, const subject_t *subject)
{
    const replay_t *replay = subject->replay;
    if (!replay || diagnosis->causes.count > 0 || say_kind(diagnosis, subject)) return;
    if (replay->status == NTLM_ECHO_MISMATCH) say_pairs(diagnosis, replay);
    if (replay->status == NTLM_STALE_CHALLENGE && is_for_this_challenge(replay))
        say(diagnosis, OWN_TIME);
}
