#include "finding.h"

#include <stdio.h>

#include "../ntlm/avpairs.h"
#include "malformed.h"
#include "phrase.h"

/* What is said, and what it is about. */
typedef struct about_t {
    const ntlm_claim_t *claim;
    const ntlm_policy_t *policy;
    phrase_t found, wanted;
} about_t;

/* ---- the challenge ---- */

static void seconds(phrase_t *out, int64_t microseconds)
{
    const int64_t per_second = 1000000;
    phrase_say(out, "%lld.%03lld s", (long long)(microseconds / per_second),
               (long long)(microseconds % per_second / 1000));
}

static void about_age(about_t *about)
{
    const int64_t age = about->claim->age;
    if (age < 0) return;
    seconds(&about->found, age);
    phrase_say(&about->found, " after the challenge");
    phrase_say(&about->wanted, "at most ");
    seconds(&about->wanted, about->policy->challenge_lifetime);
    phrase_say(&about->wanted, " (NTLMChallengeLifetime)");
}

static void about_timestamp(about_t *about)
{
    char ours[PHRASE_TIME_ROOM], theirs[PHRASE_TIME_ROOM];
    const ntlm_claim_t *claim = about->claim;
    reader_t in = reader_over(claim->response.said.timestamp);
    phrase_say(&about->found, "it answers a challenge of %s", phrase_time(read_u64(&in), theirs));
    phrase_say(&about->wanted, "MsvAvTimestamp (7) of this connection's challenge, %s",
               phrase_time(claim->timestamp, ours));
}

/* ---- the response ---- */

static void about_response(about_t *about)
{
    const type3_t *type3 = &about->claim->type3;
    phrase_say(&about->found, "NtChallengeResponse of %zu bytes, LmChallengeResponse of %zu bytes",
               type3->nt.len, type3->lm.len);
    phrase_say(&about->wanted, "an NTLMv2 response: NtChallengeResponse of 48 bytes or more");
}

static void about_malformed(about_t *about)
{
    const ntlm_claim_t *claim = about->claim;
    if (!claim->detail) return;
    phrase_say(&about->found, "%s", claim->detail);
    malformed_say(&about->found, claim);
}

/* Nobody knows a name that was read in the wrong encoding. */
static void about_user(about_t *about)
{
    if (claim_is_ascii(about->claim)) malformed_say_ascii(&about->found, about->claim);
}

static void about_session_key(about_t *about)
{
    phrase_say(&about->found, "EncryptedRandomSessionKey of %zu bytes",
               about->claim->type3.session_key.len);
    phrase_say(&about->wanted,
               "16 bytes, as NTLMSSP_NEGOTIATE_KEY_EXCH and SIGN or SEAL are negotiated");
}

/* ---- the MIC ---- */

static void about_wrong_mic(about_t *about)
{
    const ntlm_claim_t *claim = about->claim;
    const bytes_t message = claim->type3.message;
    const bytes_t mic = {message.data + claim->mic_offset, NTLM_MIC_LEN};
    const bool exchanged = (claim->flags & NTLMSSP_NEGOTIATE_KEY_EXCH) != 0;
    phrase_say(&about->found, "the client's at %zu is %s", claim->mic_offset,
               bytes_are_zero(mic) ? "16 zero bytes" : "another one");
    phrase_say(&about->wanted,
               "HMAC-MD5 by the %s over Type 1 (%zu bytes), Type 2 (%zu), Type 3 (%zu)",
               exchanged ? "exchanged key" : "session base key", claim->type1_len, claim->type2_len,
               message.len);
}

static void about_missing_mic(about_t *about)
{
    phrase_say(&about->found, "a payload that begins at %zu", about->claim->type3.payload);
    phrase_say(&about->wanted, "room for a MIC: a payload that begins at 88 or behind it, or at 80 "
                               "without NTLMSSP_NEGOTIATE_VERSION");
}

static void about_required_mic(about_t *about)
{
    phrase_say(&about->found, "MsvAvFlags is 0x%08X", (unsigned)about->claim->response.said.flags);
    phrase_say(&about->wanted, "MIC_PRESENT (2) in it, and a MIC (NTLMRequireMIC)");
}

/* ---- AV pairs ---- */

static bool is_name(uint16_t av_id)
{
    return av_id >= MsvAvNbComputerName && av_id <= MsvAvDnsTreeName;
}

static void say_value(phrase_t *out, uint16_t av_id, bytes_t value)
{
    if (is_name(av_id))
        phrase_quote_utf16(out, value);
    else
        phrase_say(out, "%zu bytes", value.len);
}

static void say_first(phrase_t *out, const ntlm_claim_t *claim)
{
    const av_difference_t *differs = &claim->differs;
    const uint16_t av_id = differs->av_id;
    bytes_t theirs;
    const bool comes = avpairs_find(claim->response.pairs, av_id, &theirs);
    phrase_say(out, "%s (%u) is %s", phrase_av_name(av_id), av_id, comes ? "changed" : "missing");
    phrase_say(out, comes ? ": ours is " : ", ours is ");
    say_value(out, av_id, (bytes_t){differs->value, differs->value_len});
    if (!comes) return;
    phrase_say(out, ", the client's ");
    say_value(out, av_id, theirs);
}

static void about_target_info(about_t *about)
{
    const av_difference_t *differs = &about->claim->differs;
    const uint32_t all = differs->changed | differs->missing;
    say_first(&about->found, about->claim);
    for (uint16_t av_id = 0; av_id < 32; av_id++)
        if (av_id != differs->av_id && (all >> av_id & 1))
            phrase_say(&about->found, "; %s (%u) is %s", phrase_av_name(av_id), av_id,
                       differs->changed >> av_id & 1 ? "changed" : "missing");
    phrase_say(&about->wanted, "every AV pair of the CHALLENGE, unchanged");
}

/* ---- the demands ---- */

static const char *binding_sent(const ntlm_claim_t *claim)
{
    if (claim->binding == NTLM_BINDING_ABSENT) return "no MsvAvChannelBindings";
    if (claim->binding == NTLM_BINDING_ZERO)
        return "MsvAvChannelBindings of 16 zero bytes: the client knows of no TLS";
    return "MsvAvChannelBindings of another channel";
}

static void about_binding(about_t *about)
{
    const ntlm_policy_t *policy = about->policy;
    phrase_say(&about->found, "%s", binding_sent(about->claim));
    if (policy->bindings_count == 0)
        phrase_say(&about->wanted,
                   "a certificate of this server's to compare it with: none is known");
    else
        phrase_say(&about->wanted,
                   "the MD5 of gss_channel_bindings_struct around tls-server-end-point: of %s%zu "
                   "certificate%s",
                   policy->bindings_count > 1 ? "one of " : "", policy->bindings_count,
                   policy->bindings_count > 1 ? "s" : "");
}

static void about_service(about_t *about)
{
    const av_values_t *said = &about->claim->response.said;
    if (said->target_name.len == 0) {
        phrase_say(&about->found, "no MsvAvTargetName");
    } else {
        phrase_say(&about->found, "the client signed ");
        phrase_quote_utf16(&about->found, said->target_name);
        if (said->flags & MSV_AV_FLAG_UNTRUSTED_SPN)
            phrase_say(&about->found, ", and does not trust where it has that from");
    }
    phrase_say(&about->wanted, "HTTP or HOST at ");
    phrase_list(&about->wanted, about->policy->service_hosts, "a host of the server's own");
}

static void about_domain(about_t *about)
{
    phrase_say(&about->found, "domain ");
    phrase_quote(&about->found, about->claim->domain);
    phrase_say(&about->found, ", user ");
    phrase_quote(&about->found, about->claim->user);
    phrase_say(&about->wanted, "no domain, or one of NTLMAcceptDomains: ");
    phrase_list(&about->wanted, about->policy->accept_domains, "any");
}

/* ---- all of them ---- */

static void (*const by_status[NTLM_STATUS_COUNT])(about_t *about) = {
    [NTLM_MALFORMED] = about_malformed,         [NTLM_STALE_CHALLENGE] = about_timestamp,
    [NTLM_CHALLENGE_EXPIRED] = about_age,       [NTLM_NTLMV1] = about_response,
    [NTLM_NTLM2_SESSION] = about_response,      [NTLM_NO_NT_RESPONSE] = about_response,
    [NTLM_NO_SUCH_USER] = about_user,           [NTLM_DOMAIN_REFUSED] = about_domain,
    [NTLM_BAD_SESSION_KEY] = about_session_key, [NTLM_BAD_MIC] = about_wrong_mic,
    [NTLM_MIC_MISSING] = about_missing_mic,     [NTLM_MIC_REQUIRED] = about_required_mic,
    [NTLM_BINDING_MISMATCH] = about_binding,    [NTLM_BINDING_REQUIRED] = about_binding,
    [NTLM_BINDING_UNKNOWN] = about_binding,     [NTLM_SERVICE_MISMATCH] = about_service,
    [NTLM_SERVICE_REQUIRED] = about_service,    [NTLM_ECHO_MISMATCH] = about_target_info,
};

finding_t finding_of(ntlm_status_t status, const ntlm_claim_t *claim, const ntlm_policy_t *policy)
{
    finding_t finding;
    about_t about = {.claim = claim,
                     .policy = policy,
                     .found = phrase_to(finding.found, sizeof finding.found),
                     .wanted = phrase_to(finding.wanted, sizeof finding.wanted)};
    if (by_status[status]) by_status[status](&about);
    return finding;
}

const char *finding_text(const finding_t *finding, char text[FINDING_TEXT_ROOM])
{
    if (!finding->found[0]) return NULL;
    snprintf(text, FINDING_TEXT_ROOM, "%s%s%s", finding->found,
             finding->wanted[0] ? "; wanted: " : "", finding->wanted);
    return text;
}
