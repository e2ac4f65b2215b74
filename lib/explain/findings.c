#include "findings.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../ntlm/avpairs.h"
#include "outline.h"
#include "show.h"

static const finding_t nothing;

static finding_t finding(const char *expected, const char *found)
{
    finding_t out = {0};
    snprintf(out.expected, sizeof out.expected, "%s", expected);
    snprintf(out.found, sizeof out.found, "%s", found);
    return out;
}

static finding_t hex_finding(bytes_t expected, bytes_t found)
{
    finding_t out = {0};
    hex_words(expected, out.expected, sizeof out.expected);
    hex_words(found, out.found, sizeof out.found);
    return out;
}

/* ---- what the statuses of the checks are about ---- */

static finding_t about_response(const replay_t *replay)
{
    const type3_t *type3 = &replay->claim.type3;
    finding_t out = finding("an NTLMv2 response: NtChallengeResponse of 48 bytes or more", "");
    snprintf(out.found, sizeof out.found,
             "NtChallengeResponse of %zu bytes, LmChallengeResponse of %zu bytes", type3->nt.len,
             type3->lm.len);
    return out;
}

static uint64_t timestamp_in(bytes_t pairs)
{
    bytes_t value = bytes_none();
    (void)avpairs_find(pairs, MsvAvTimestamp, &value);
    reader_t in = reader_over(value);
    return read_u64(&in);
}

static finding_t about_timestamp(const replay_t *replay)
{
    char ours[TIME_ROOM], theirs[TIME_ROOM];
    uint64_t sent = timestamp_in(replay->challenge.target_info);
    uint64_t echoed = timestamp_in(replay->claim.response.pairs);
    finding_t out = {0};
    snprintf(out.expected, sizeof out.expected, "the CHALLENGE's MsvAvTimestamp %s (%" PRIu64 ")",
             time_words(sent, ours), sent);
    snprintf(out.found, sizeof out.found, "%s (%" PRIu64 ")", time_words(echoed, theirs), echoed);
    return out;
}

static finding_t about_proof(const replay_t *replay)
{
    replay_name_t names[NTLM_CANDIDATES_MAX];
    if (replay_names(replay, names) == 0) return nothing;
    return hex_finding((bytes_t){names[0].proof, NTLM_PROOF_LEN}, replay->claim.response.proof);
}

static finding_t about_session_key(const replay_t *replay)
{
    finding_t out = finding("EncryptedRandomSessionKey of 16 bytes", "");
    snprintf(out.found, sizeof out.found, "%zu bytes", replay->claim.type3.session_key.len);
    return out;
}

static finding_t about_wrong_mic(const replay_t *replay)
{
    uint8_t mic[NTLM_MIC_LEN];
    if (!replay_mic(replay, mic)) return nothing;
    return hex_finding((bytes_t){mic, sizeof mic},
                       (bytes_t){replay->type3.data + replay->claim.mic_offset, NTLM_MIC_LEN});
}

static finding_t about_missing_mic(const replay_t *replay)
{
    finding_t out = finding("room for a MIC: a payload that begins at 88 or behind it, or at 80 "
                            "without NTLMSSP_NEGOTIATE_VERSION",
                            "");
    snprintf(out.found, sizeof out.found, "a payload that begins at %zu",
             replay->claim.type3.payload);
    return out;
}

static finding_t about_required_mic(const replay_t *replay)
{
    (void)replay;
    return finding("MsvAvFlags with MIC_PRESENT, and a MIC", "neither");
}

static finding_t about_target_info(const replay_t *replay)
{
    bytes_t theirs = replay->claim.response.pairs, value;
    reader_t in = reader_over(replay->challenge.target_info);
    av_pair_t pair;
    finding_t out = finding("every AV pair of the CHALLENGE, unchanged", "");
    while (avpairs_next(&in, &pair)) {
        size_t len = strlen(out.found);
        if (avpairs_client_sets(pair.av_id) || avpairs_contain(theirs, &pair)) continue;
        const char *how = avpairs_find(theirs, pair.av_id, &value) ? "changed" : "missing";
        snprintf(out.found + len, sizeof out.found - len, "%s%s (%u) is %s", len ? ", " : "",
                 av_name(pair.av_id), pair.av_id, how);
    }
    return out;
}

static finding_t about_binding(const replay_t *replay)
{
    const ntlm_policy_t *policy = &replay->policy;
    bytes_t theirs;
    if (policy->bindings_count == 0)
        return finding("a channel binding of the server's own", "its certificate is not known");
    bytes_t ours = {policy->bindings[0], NTLM_BINDING_LEN};
    if (avpairs_find(replay->claim.response.pairs, MsvAvChannelBindings, &theirs))
        return hex_finding(ours, theirs);
    finding_t out = hex_finding(ours, theirs);
    snprintf(out.found, sizeof out.found, "no MsvAvChannelBindings");
    return out;
}

/* Behind what there is: "a, b", or the words for NULL. */
static void append_list(char out[FINDING_ROOM], const char *const *items, const char *none)
{
    size_t len = strlen(out);
    if (!items) snprintf(out + len, FINDING_ROOM - len, "%s", none);
    for (const char *const *item = items; item && *item; item++) {
        len = strlen(out);
        snprintf(out + len, FINDING_ROOM - len, "%s%s", item == items ? "" : ", ", *item);
    }
}

static finding_t about_service(const replay_t *replay)
{
    const ntlm_claim_t *claim = &replay->claim;
    char name[TEXT_ROOM];
    bytes_t spn;
    finding_t out = finding("MsvAvTargetName of HTTP or HOST at ", "no MsvAvTargetName");
    append_list(out.expected, replay->policy.service_hosts, "a host of the server's own");
    if (!avpairs_find(claim->response.pairs, MsvAvTargetName, &spn) || spn.len == 0) return out;
    bool untrusted = avpairs_flags(claim->response.pairs) & MSV_AV_FLAG_UNTRUSTED_SPN;
    snprintf(out.found, sizeof out.found, "%s%s", untrusted ? "not trusted by the client: " : "",
             show_words(spn, true, name));
    return out;
}

static finding_t about_domain(const replay_t *replay)
{
    const ntlm_claim_t *claim = &replay->claim;
    finding_t out = finding("no domain, or one of ", "");
    append_list(out.expected, replay->policy.accept_domains, "any");
    snprintf(out.found, sizeof out.found, "domain \"%s\", user \"%s\"", claim->domain, claim->user);
    return out;
}

finding_t finding_of(const replay_t *replay)
{
    static finding_t (*const about[NTLM_STATUS_COUNT])(const replay_t *) = {
        [NTLM_NTLMV1] = about_response,           [NTLM_NTLM2_SESSION] = about_response,
        [NTLM_NO_NT_RESPONSE] = about_response,   [NTLM_STALE_CHALLENGE] = about_timestamp,
        [NTLM_WRONG_PASSWORD] = about_proof,      [NTLM_BAD_SESSION_KEY] = about_session_key,
        [NTLM_BAD_MIC] = about_wrong_mic,         [NTLM_MIC_MISSING] = about_missing_mic,
        [NTLM_MIC_REQUIRED] = about_required_mic, [NTLM_ECHO_MISMATCH] = about_target_info,
        [NTLM_BINDING_MISMATCH] = about_binding,  [NTLM_BINDING_REQUIRED] = about_binding,
        [NTLM_BINDING_UNKNOWN] = about_binding,   [NTLM_SERVICE_MISMATCH] = about_service,
        [NTLM_SERVICE_REQUIRED] = about_service,  [NTLM_DOMAIN_REFUSED] = about_domain,
    };
    return about[replay->status] ? about[replay->status](replay) : nothing;
}
