#include "acceptor.h"

#include <string.h>

#include "avpairs.h"
#include "crypto.h"

/* ---- ending things ---- */

static void end_handshake(ntlm_acceptor_t *acceptor, ntlm_state_t next)
{
    ntlm_handshake_t *handshake = acceptor->handshake;
    if (handshake) {
        secret_wipe(handshake->messages.data, handshake->messages.len);
        secret_wipe(handshake, sizeof *handshake);
    }
    acceptor->handshake = NULL;
    acceptor->state = next;
}

void ntlm_forget(ntlm_acceptor_t *acceptor)
{
    end_handshake(acceptor, NTLM_FRESH);
}

bool ntlm_no_token(ntlm_acceptor_t *acceptor)
{
    if (acceptor->state == NTLM_PROVEN) return true;
    ntlm_forget(acceptor);
    return false;
}

/* ---- the challenge ---- */

/* MS-NLMP 3.2.5.1.1. Unicode, NTLM, extended session security and target
 * information always: curl, for one, answers with NTLMv2 only if it sees them,
 * and clients that offer OEM alone obey Unicode. Signing is not used over HTTP,
 * but clients give up when it is not confirmed. */
static uint32_t challenge_flags(uint32_t offered, const ntlm_policy_t *policy)
{
    const uint32_t always = NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_REQUEST_TARGET |
                            NTLMSSP_NEGOTIATE_NTLM | NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY |
                            NTLMSSP_NEGOTIATE_TARGET_INFO;
    const uint32_t session =
        NTLMSSP_NEGOTIATE_ALWAYS_SIGN | NTLMSSP_NEGOTIATE_SIGN | NTLMSSP_NEGOTIATE_SEAL;
    const uint32_t echoed = session | NTLMSSP_NEGOTIATE_128 | NTLMSSP_NEGOTIATE_56 |
                            NTLMSSP_NEGOTIATE_KEY_EXCH | NTLMSSP_NEGOTIATE_VERSION;
    uint32_t flags = always | (offered & echoed);
    flags |= policy->domain_joined ? NTLMSSP_TARGET_TYPE_DOMAIN : NTLMSSP_TARGET_TYPE_SERVER;
    if (offered & session)
        flags |= NTLMSSP_NEGOTIATE_VERSION; /* leaves no doubt where the MIC is */
    return flags;
}

static void append_name(writer_t *out, uint16_t av_id, bytes_t name)
{
    if (name.len > 0) avpairs_append(out, av_id, name);
}

/* The order is Windows'. Never an MsvAvFlags: it makes Windows compute a wrong
 * MIC. Always the timestamp: it is what makes clients send a MIC at all. */
static void write_target_info(writer_t *out, const ntlm_policy_t *policy, int64_t now)
{
    const uint64_t from_1601_to_1970 = 116444736000000000U;
    uint8_t filetime[8];
    writer_t time = writer_to(filetime, sizeof filetime);
    write_u64(&time, (uint64_t)now * 10 + from_1601_to_1970);
    append_name(out, MsvAvNbDomainName, policy->nb_domain);
    append_name(out, MsvAvNbComputerName, policy->nb_computer);
    append_name(out, MsvAvDnsDomainName, policy->dns_domain);
    append_name(out, MsvAvDnsComputerName, policy->dns_computer);
    avpairs_append(out, MsvAvTimestamp, written(&time));
    avpairs_append(out, MsvAvEOL, bytes_none());
}

static bytes_t target_name(const ntlm_policy_t *policy)
{
    return policy->domain_joined ? policy->nb_domain : policy->nb_computer;
}

size_t ntlm_messages_len(const ntlm_policy_t *policy, bytes_t type1)
{
    enum { HEADER = 56, AV_HEADERS = 6 * 4, TIMESTAMP = 8 };
    size_t names = policy->nb_domain.len + policy->nb_computer.len + policy->dns_domain.len +
                   policy->dns_computer.len;
    return type1.len + HEADER + target_name(policy).len + names + AV_HEADERS + TIMESTAMP;
}

/* What the caller's memory is wanted for: all else is made anew. */
static void begin(ntlm_handshake_t *room, bytes_t type1)
{
    *room = (ntlm_handshake_t){.messages = writer_to(room->messages.data, room->messages.cap)};
    write_bytes(&room->messages, type1);
    room->type1_len = type1.len;
}

static bytes_t sent(const ntlm_handshake_t *handshake)
{
    return bytes_from(written(&handshake->messages), handshake->type1_len);
}

/* Sends the challenge and keeps what the MIC will cover. type2 is parsed back
 * from the bytes that go out, so that it borrows from memory that stays. */
static bool write_challenge(ntlm_handshake_t *handshake, const ntlm_policy_t *policy,
                            const type1_t *type1, const ntlm_input_t *input)
{
    uint8_t info[NTLM_TYPE2_MAX];
    writer_t info_out = writer_to(info, sizeof info);
    type2_t type2 = {.flags = challenge_flags(type1->flags, policy),
                     .target_name = target_name(policy)};
    write_target_info(&info_out, policy, input->now);
    type2.target_info = written(&info_out);
    memcpy(type2.challenge, input->nonce, NTLM_CHALLENGE_LEN);
    type2_write(&handshake->messages, &type2);
    handshake->issued = input->ticks;
    secret_wipe(type2.challenge, sizeof type2.challenge);
    return !info_out.overflow && !handshake->messages.overflow &&
           type2_parse(sent(handshake), &handshake->type2) == NULL;
}

static ntlm_status_t accept_type1(ntlm_acceptor_t *acceptor, bytes_t token, ntlm_claim_t *claim)
{
    type1_t type1;
    ntlm_forget(acceptor);
    claim->detail = type1_parse(token, &type1);
    return claim->detail ? NTLM_MALFORMED : NTLM_NEED_NONCE;
}

ntlm_status_t ntlm_challenge(ntlm_acceptor_t *acceptor, const ntlm_policy_t *policy,
                             const ntlm_input_t *input, ntlm_claim_t *claim)
{
    type1_t type1;
    ntlm_forget(acceptor);
    claim->detail = type1_parse(input->token, &type1);
    if (claim->detail) return NTLM_MALFORMED;
    begin(input->room, input->token);
    if (!write_challenge(input->room, policy, &type1, input)) {
        claim->detail = "the configured names do not fit into a challenge";
        return NTLM_MALFORMED;
    }
    acceptor->handshake = input->room;
    acceptor->state = NTLM_CHALLENGED;
    return NTLM_CHALLENGE_SENT;
}

bytes_t ntlm_reply(const ntlm_acceptor_t *acceptor)
{
    const ntlm_handshake_t *handshake = acceptor->handshake;
    if (acceptor->state != NTLM_CHALLENGED) return bytes_none();
    return sent(handshake);
}

const char *ntlm_resume(ntlm_acceptor_t *acceptor, ntlm_handshake_t *room, bytes_t type1,
                        bytes_t type2, int64_t ticks)
{
    begin(room, type1);
    write_bytes(&room->messages, type2);
    if (type1.len > NTLM_TYPE1_MAX || type2.len > NTLM_TYPE2_MAX || room->messages.overflow)
        return "a recorded message is too long";
    room->issued = ticks;
    const char *why = type2_parse(sent(room), &room->type2);
    if (why) return why;
    *acceptor = (ntlm_acceptor_t){.state = NTLM_CHALLENGED, .handshake = room};
    return NULL;
}

/* ---- the answer ---- */

/* Its clock cannot go back; if it does, the age is unknown: expired. */
static bool has_expired(const ntlm_handshake_t *handshake, const ntlm_policy_t *policy,
                        int64_t ticks)
{
    return ticks < handshake->issued || ticks - handshake->issued > policy->challenge_lifetime;
}

static ntlm_status_t accept_type3(ntlm_acceptor_t *acceptor, const ntlm_policy_t *policy,
                                  const ntlm_input_t *input, ntlm_claim_t *claim)
{
    bool challenged = acceptor->state == NTLM_CHALLENGED;
    uint32_t flags = challenged ? acceptor->handshake->type2.flags : NTLMSSP_NEGOTIATE_UNICODE;
    ntlm_status_t status = acceptor->spent ? NTLM_REPLAYED : NTLM_NOT_EXPECTED;
    (void)claim_open(claim, input->token, flags);
    if (challenged) {
        acceptor->state = NTLM_CLAIMED;
        acceptor->spent = true;
        const ntlm_evidence_t evidence = {.handshake = acceptor->handshake};
        claim->age = input->ticks - acceptor->handshake->issued;
        status = has_expired(acceptor->handshake, policy, input->ticks)
                     ? NTLM_CHALLENGE_EXPIRED
                     : run_checks(claim, &evidence, false);
        if (status == NTLM_OK) status = NTLM_NEED_KEY;
    }
    if (status != NTLM_NEED_KEY) ntlm_forget(acceptor);
    return status;
}

static const char *what_it_is(bytes_t token)
{
    if (message_type(token) == 2) return "it is a Type 2, which no client sends";
    return message_is_ntlm(token) ? "it is a message of no known type"
                                  : "it does not begin with NTLMSSP";
}

ntlm_status_t ntlm_accept(ntlm_acceptor_t *acceptor, const ntlm_policy_t *policy,
                          const ntlm_input_t *input, ntlm_claim_t *claim)
{
    claim_clear(claim);
    switch (message_type(input->token)) {
    case 1: return accept_type1(acceptor, input->token, claim);
    case 3: return accept_type3(acceptor, policy, input, claim);
    default:
        ntlm_forget(acceptor);
        claim->detail = what_it_is(input->token);
        return NTLM_MALFORMED;
    }
}

const uint8_t *ntlm_nonce(const ntlm_acceptor_t *acceptor)
{
    return acceptor->handshake->type2.challenge;
}

static void wipe_keys(ntlm_claim_t *claim)
{
    secret_wipe(claim->ntowfv2, sizeof claim->ntowfv2);
    secret_wipe(claim->session_base_key, sizeof claim->session_base_key);
}

static ntlm_status_t end_claim(ntlm_acceptor_t *acceptor, ntlm_claim_t *claim, ntlm_status_t status)
{
    end_handshake(acceptor, status == NTLM_OK ? NTLM_PROVEN : NTLM_FRESH);
    wipe_keys(claim);
    if (status != NTLM_OK)
        secret_wipe(claim->exported_session_key, sizeof claim->exported_session_key);
    return status;
}

ntlm_status_t ntlm_fitness(const ntlm_acceptor_t *acceptor, const ntlm_policy_t *policy,
                           ntlm_claim_t *claim)
{
    if (acceptor->state != NTLM_CLAIMED) return NTLM_NOT_EXPECTED;
    const ntlm_evidence_t evidence = {acceptor->handshake, policy, NULL};
    return run_checks_beforehand(claim, &evidence);
}

ntlm_status_t ntlm_prove(ntlm_acceptor_t *acceptor, const ntlm_policy_t *policy,
                         ntlm_claim_t *claim, const ntlm_key_t *key)
{
    if (acceptor->state != NTLM_CLAIMED) return NTLM_NOT_EXPECTED;
    const ntlm_evidence_t evidence = {acceptor->handshake, policy, key};
    return end_claim(acceptor, claim, run_checks(claim, &evidence, true));
}

ntlm_status_t ntlm_try(ntlm_acceptor_t *acceptor, const ntlm_policy_t *policy, ntlm_claim_t *claim,
                       const ntlm_key_t *key)
{
    if (acceptor->state != NTLM_CLAIMED) return NTLM_NOT_EXPECTED;
    const ntlm_evidence_t evidence = {acceptor->handshake, policy, key};
    ntlm_status_t status = run_checks(claim, &evidence, true);
    bool proof_failed = status == NTLM_WRONG_PASSWORD || status == NTLM_NO_SUCH_USER;
    bool state_forbids = key && status != NTLM_OK && status == key->state;
    if (!proof_failed && !state_forbids) return end_claim(acceptor, claim, status);
    wipe_keys(claim);
    return NTLM_NEED_KEY;
}
