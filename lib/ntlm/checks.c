#include "checks.h"

#include <string.h>

#include "avpairs.h"
#include "crypto.h"
#include "response.h"

/* ---- rules that need no key ---- */

static ntlm_status_t malformed(ntlm_claim_t *claim, const char *detail)
{
    claim->detail = detail;
    return NTLM_MALFORMED;
}

/* claim_open() has said in the detail what is wrong. */
static ntlm_status_t message_is_whole(ntlm_claim_t *claim, const ntlm_evidence_t *evidence)
{
    (void)evidence;
    return claim->detail ? NTLM_MALFORMED : NTLM_OK;
}

/* MS-NLMP 3.2.5.1.2: no user, no NT response, an LM response of at most one zero. */
static ntlm_status_t is_not_anonymous(ntlm_claim_t *claim, const ntlm_evidence_t *evidence)
{
    (void)evidence;
    const type3_t *type3 = &claim->type3;
    if (type3->user.len != 0 || type3->nt.len != 0) return NTLM_OK;
    return type3->lm.len <= 1 && bytes_are_zero(type3->lm) ? NTLM_ANONYMOUS : NTLM_OK;
}

/* The one authority on whether there is a MIC is MsvAvFlags inside the proof: the
 * rest of the message is what an attacker would have changed (CVE-2019-1040). */
static bool announces_mic(const ntlm_claim_t *claim)
{
    return (claim->response.said.flags & MSV_AV_FLAG_MIC_PRESENT) != 0;
}

/* Its names are for people alone. */
static ntlm_status_t too_old(ntlm_claim_t *claim, ntlm_status_t status)
{
    claim_show_ascii(claim);
    return status;
}

/* The length of the NT response tells its kind (MS-NLMP 2.2.2.3 to 2.2.2.8). The
 * LM response is never a way in: an LMv2 covers no AV pairs (CVE-2019-1338). */
static ntlm_status_t response_is_ntlmv2(ntlm_claim_t *claim, const ntlm_evidence_t *evidence)
{
    enum { NTLMV1_LEN = 24, CLIENT_NONCE_LEN = 8 };
    const type3_t *type3 = &claim->type3;
    if (type3->nt.len == 0) return too_old(claim, NTLM_NO_NT_RESPONSE);
    if (type3->nt.len == NTLMV1_LEN) {
        bool ess =
            (evidence->handshake->type2.flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY) != 0;
        bool nonce_in_lm =
            type3->lm.len == NTLMV1_LEN && bytes_are_zero(bytes_from(type3->lm, CLIENT_NONCE_LEN));
        return too_old(claim, ess && nonce_in_lm ? NTLM_NTLM2_SESSION : NTLM_NTLMV1);
    }
    const char *why = ntlmv2_response_parse(type3->nt, &claim->response);
    if (why) return malformed(claim, why);
    claim->mic = announces_mic(claim) ? NTLM_MIC_UNCHECKED : NTLM_MIC_ABSENT;
    demands_find(claim);
    return NTLM_OK;
}

static ntlm_status_t names_are_clean(ntlm_claim_t *claim, const ntlm_evidence_t *evidence)
{
    (void)evidence;
    const char *why = claim_names(claim);
    return why ? malformed(claim, why) : NTLM_OK;
}

/* Our MsvAvTimestamp is in every answer to our challenge: another one answers
 * an older challenge. */
static ntlm_status_t answers_challenge(ntlm_claim_t *claim, const ntlm_evidence_t *evidence)
{
    bytes_t ours = evidence->handshake->type2.said.timestamp;
    bytes_t theirs = claim->response.said.timestamp;
    if (ours.len == 0 || theirs.len == 0) return NTLM_OK;
    reader_t in = reader_over(ours);
    claim->timestamp = read_u64(&in);
    return bytes_equal(ours, theirs) ? NTLM_OK : NTLM_STALE_CHALLENGE;
}

/* ---- the proof ---- */

/* Tries every distinct form of the name, in a fixed order, up to the first that
 * matches; where none may match it does the same work. */
static ntlm_status_t try_hash(ntlm_claim_t *claim, const ntlm_evidence_t *evidence,
                              const uint8_t nt_hash[NTLM_KEY_LEN], bool may_match)
{
    ntlm_candidate_t tried[NTLM_CANDIDATES_MAX];
    bool crypto_failed = false;
    for (size_t count = 0; claim_candidate(claim, tried, count); count++) {
        const bytes_t name = {tried[count].bytes, tried[count].len};
        const uint8_t *challenge = evidence->handshake->type2.challenge;
        uint8_t proof[NTLM_PROOF_LEN] = {0};
        bool ok = ntowfv2(nt_hash, name, claim->ntowfv2) &&
                  nt_proof(claim->ntowfv2, challenge, claim->response.temp, proof);
        bool equal = secret_equal(proof, claim->response.proof.data, NTLM_PROOF_LEN);
        secret_wipe(proof, sizeof proof);
        crypto_failed |= !ok;
        if (!ok || !equal || !may_match) continue;
        claim->domain_form = tried[count].form;
        claim->upper_rule = tried[count].rule;
        return NTLM_OK;
    }
    return crypto_failed ? NTLM_CRYPTO_FAILED : NTLM_WRONG_PASSWORD;
}

static ntlm_status_t proof_matches(ntlm_claim_t *claim, const ntlm_evidence_t *evidence)
{
    static const uint8_t decoy[NTLM_KEY_LEN] = {0};
    const ntlm_key_t *key = evidence->key;
    if (key && key->verified) return NTLM_OK;
    ntlm_status_t status = try_hash(claim, evidence, key ? key->nt_hash : decoy, key != NULL);
    return status == NTLM_WRONG_PASSWORD && !key ? NTLM_NO_SUCH_USER : status;
}

/* ---- rules about a proven claim ---- */

static ntlm_status_t account_may_log_in(ntlm_claim_t *claim, const ntlm_evidence_t *evidence)
{
    (void)claim;
    return evidence->key->state;
}

/* NTOWFv1 of no password: the MD4 of nothing. */
static const uint8_t blank[NTLM_KEY_LEN] = {0x31, 0xD6, 0xCF, 0xE0, 0xD1, 0x6A, 0xE9, 0x31,
                                            0xB7, 0x3C, 0x59, 0xD7, 0xE0, 0xC0, 0x89, 0xC0};

static ntlm_status_t password_is_not_blank(ntlm_claim_t *claim, const ntlm_evidence_t *evidence)
{
    (void)claim;
    if (evidence->key->verified) return NTLM_OK; /* claims_a_password() was asked before */
    return secret_equal(evidence->key->nt_hash, blank, sizeof blank) ? NTLM_BLANK_PASSWORD
                                                                     : NTLM_OK;
}

/* Without anybody's hash: a client that has no password proves just that. */
static ntlm_status_t claims_a_password(ntlm_claim_t *claim, const ntlm_evidence_t *evidence)
{
    const ntlm_status_t status = try_hash(claim, evidence, blank, true);
    if (status == NTLM_WRONG_PASSWORD) return NTLM_OK;
    return status == NTLM_OK ? NTLM_BLANK_PASSWORD : status;
}

static bool find_session_base_key(ntlm_claim_t *claim, const ntlm_key_t *key)
{
    if (!key->verified)
        return session_base_key(claim->ntowfv2, claim->response.proof, claim->session_base_key);
    memcpy(claim->session_base_key, key->session_base_key, sizeof claim->session_base_key);
    return true;
}

/* MS-NLMP exchanges a key for signing or sealing; macOS does without either and
 * pyspnego then sends one byte, so only a used key must be whole. */
static ntlm_status_t session_key_is_whole(ntlm_claim_t *claim, const ntlm_evidence_t *evidence)
{
    (void)evidence;
    bool exchanged = (claim->flags & NTLMSSP_NEGOTIATE_KEY_EXCH) != 0;
    bool used = (claim->flags & (NTLMSSP_NEGOTIATE_SIGN | NTLMSSP_NEGOTIATE_SEAL)) != 0;
    bool whole = claim->type3.session_key.len == NTLM_KEY_LEN;
    return exchanged && used && !whole ? NTLM_BAD_SESSION_KEY : NTLM_OK;
}

static ntlm_status_t session_key_fits(ntlm_claim_t *claim, const ntlm_evidence_t *evidence)
{
    bool exchanged = (claim->flags & NTLMSSP_NEGOTIATE_KEY_EXCH) != 0;
    if (session_key_is_whole(claim, evidence) != NTLM_OK) return NTLM_BAD_SESSION_KEY;
    bool ok = find_session_base_key(claim, evidence->key) &&
              exported_session_key(claim->session_base_key, exchanged, claim->type3.session_key,
                                   claim->exported_session_key);
    return ok ? NTLM_OK : NTLM_CRYPTO_FAILED;
}

static ntlm_status_t mic_is_there(ntlm_claim_t *claim, const ntlm_evidence_t *evidence)
{
    if (claim->mic == NTLM_MIC_ABSENT)
        return evidence->policy->require_mic ? NTLM_MIC_REQUIRED : NTLM_OK;
    claim->mic_offset = type3_mic_offset(&claim->type3);
    return claim->mic_offset == 0 ? NTLM_MIC_MISSING : NTLM_OK;
}

static ntlm_status_t mic_is_right(ntlm_claim_t *claim, const ntlm_evidence_t *evidence)
{
    const ntlm_handshake_t *handshake = evidence->handshake;
    const bytes_t messages[] = {{handshake->messages.data, handshake->type1_len},
                                bytes_from(written(&handshake->messages), handshake->type1_len),
                                claim->type3.message};
    uint8_t mic[NTLM_MIC_LEN];
    const ntlm_status_t there = mic_is_there(claim, evidence);
    if (there != NTLM_OK || claim->mic == NTLM_MIC_ABSENT) return there;
    if (!message_mic(claim->exported_session_key, messages, claim->mic_offset, mic))
        return NTLM_CRYPTO_FAILED;
    bool right = secret_equal(mic, claim->type3.message.data + claim->mic_offset, sizeof mic);
    claim->mic = right ? NTLM_MIC_OK : NTLM_MIC_WRONG;
    claim->type1_len = messages[0].len;
    claim->type2_len = messages[1].len;
    return right ? NTLM_OK : NTLM_BAD_MIC;
}

static ntlm_status_t target_info_came_back(ntlm_claim_t *claim, const ntlm_evidence_t *evidence)
{
    bytes_t ours = evidence->handshake->type2.target_info;
    if (ours.len == 0) return NTLM_OK;
    if (avpairs_echoed(ours, claim->response.pairs)) return NTLM_OK;
    avpairs_differ(ours, claim->response.pairs, &claim->differs);
    return NTLM_ECHO_MISMATCH;
}

/* ---- all of them ---- */

enum { NO_KEY, KEY };

const ntlm_check_t ntlm_checks[] = {
    {"message", "the Type 3 is within its bytes", message_is_whole, NO_KEY, NULL},
    {"anonymous", "it is not an anonymous login", is_not_anonymous, NO_KEY, NULL},
    {"response", "it carries a well-formed NTLMv2 response", response_is_ntlmv2, NO_KEY, NULL},
    {"names", "user and domain are names", names_are_clean, NO_KEY, NULL},
    {"timestamp", "it answers this challenge: MsvAvTimestamp came back", answers_challenge, NO_KEY,
     NULL},
    {"proof", "NTProofStr is right for the password", proof_matches, KEY, NULL},
    {"account", "the account may log in", account_may_log_in, KEY, NULL},
    {"password", "the password is not empty", password_is_not_blank, KEY, claims_a_password},
    {"session-key", "the session key fits the negotiated flags", session_key_fits, KEY,
     session_key_is_whole},
    {"mic", "the MIC is right, or neither announced nor required", mic_is_right, KEY, mic_is_there},
    {"target-info", "the CHALLENGE's AV pairs came back unchanged", target_info_came_back, KEY,
     target_info_came_back},
    {"binding", "the channel binding is what the policy asks for", binding_fits, KEY, binding_fits},
    {"service", "the service that it names is what the policy asks for", service_fits, KEY,
     service_fits},
    {"domain", "the domains that it names are accepted", domain_is_accepted, KEY,
     domain_is_accepted},
    {NULL, NULL, NULL, NO_KEY, NULL},
};

ntlm_status_t run_checks(ntlm_claim_t *claim, const ntlm_evidence_t *evidence, bool with_key)
{
    for (const ntlm_check_t *check = ntlm_checks; check->name; check++) {
        if (check->needs_key != with_key) continue;
        claim->check = check;
        ntlm_status_t status = check->holds(claim, evidence);
        if (status != NTLM_OK) return status;
    }
    return NTLM_OK;
}

ntlm_status_t run_checks_beforehand(ntlm_claim_t *claim, const ntlm_evidence_t *evidence)
{
    ntlm_status_t status = NTLM_OK;
    for (const ntlm_check_t *check = ntlm_checks; check->name && status == NTLM_OK; check++) {
        if (!check->beforehand) continue;
        claim->check = check;
        status = check->beforehand(claim, evidence);
    }
    secret_wipe(claim->ntowfv2, sizeof claim->ntowfv2);
    return status;
}
