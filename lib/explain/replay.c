#include "replay.h"

#include <string.h>

#include "../ntlm/crypto.h"
#include "../ntlm/response.h"

/* ---- running ---- */

/* A Type 1 here is no answer to the challenge: it would only ask for another. */
static void judge(replay_t *replay, ntlm_acceptor_t *acceptor)
{
    ntlm_input_t input = {.token = replay->type3};
    if (message_type(replay->type3) == 1) {
        replay->status = NTLM_MALFORMED;
        replay->claim.detail = "it is a Type 1, not a Type 3";
        return;
    }
    replay->status = ntlm_accept(acceptor, &replay->policy, &input, &replay->claim);
    if (replay->status == NTLM_NEED_KEY)
        replay->status = ntlm_prove(acceptor, &replay->policy, &replay->claim, &replay->key);
}

const char *replay_run(replay_t *replay)
{
    ntlm_acceptor_t acceptor = {.state = NTLM_FRESH};
    uint8_t messages[NTLM_MESSAGES_MAX];
    ntlm_handshake_t room = {.messages = writer_to(messages, sizeof messages)};
    claim_clear(&replay->claim);
    const char *why = ntlm_resume(&acceptor, &room, replay->type1, replay->type2, 0);
    if (!why) why = type2_parse(replay->type2, &replay->challenge);
    if (why) return why;
    judge(replay, &acceptor);
    ntlm_forget(&acceptor);
    secret_wipe(replay->claim.exported_session_key, NTLM_KEY_LEN);
    if (!replay->claim.check) replay->claim.check = ntlm_checks; /* it is no Type 3 */
    return NULL;
}

bool replay_passed(const replay_t *replay, const char *name)
{
    const ntlm_check_t *check = ntlm_checks;
    while (check != replay->claim.check && strcmp(check->name, name) != 0) check++;
    return strcmp(check->name, name) == 0 &&
           (check != replay->claim.check || replay->status == NTLM_OK);
}

/* ---- what the proof should have been ---- */

static bytes_t whole_name(const ntlm_candidate_t *candidate)
{
    return (bytes_t){candidate->bytes, candidate->len};
}

static bool replay_prove(const replay_t *replay, replay_name_t *name)
{
    uint8_t key[NTLM_KEY_LEN];
    bool ok = ntowfv2(replay->key.nt_hash, whole_name(&name->candidate), key) &&
              nt_proof(key, replay->challenge.challenge, replay->claim.response.temp, name->proof);
    secret_wipe(key, sizeof key);
    name->user = (bytes_t){name->candidate.bytes, name->candidate.user_len};
    name->domain = bytes_from(whole_name(&name->candidate), name->candidate.user_len);
    return ok;
}

size_t replay_names(const replay_t *replay, replay_name_t names[NTLM_CANDIDATES_MAX])
{
    ntlm_candidate_t tried[NTLM_CANDIDATES_MAX];
    size_t count = 0;
    for (; claim_candidate(&replay->claim, tried, count); count++) {
        names[count].candidate = tried[count];
        if (!replay_prove(replay, &names[count])) return 0;
    }
    return count;
}

/* ---- what the MIC should have been ---- */

/* The name that the client hashed. */
static const ntlm_candidate_t *proven_name(const ntlm_claim_t *claim,
                                           ntlm_candidate_t tried[NTLM_CANDIDATES_MAX])
{
    for (size_t i = 0; claim_candidate(claim, tried, i); i++)
        if (tried[i].form == claim->domain_form && tried[i].rule == claim->upper_rule)
            return &tried[i];
    return NULL;
}

static bool session_key(const replay_t *replay, uint8_t key[NTLM_KEY_LEN])
{
    ntlm_candidate_t tried[NTLM_CANDIDATES_MAX];
    uint8_t v2[NTLM_KEY_LEN], base[NTLM_KEY_LEN];
    const ntlm_claim_t *claim = &replay->claim;
    uint32_t flags = replay->challenge.flags & claim->type3.flags;
    bool exchanged = (flags & NTLMSSP_NEGOTIATE_KEY_EXCH) != 0;
    const ntlm_candidate_t *name = proven_name(claim, tried);
    bool ok = name && ntowfv2(replay->key.nt_hash, whole_name(name), v2) &&
              session_base_key(v2, claim->response.proof, base) &&
              exported_session_key(base, exchanged, claim->type3.session_key, key);
    secret_wipe(v2, sizeof v2);
    secret_wipe(base, sizeof base);
    return ok;
}

bool replay_mic(const replay_t *replay, uint8_t mic[NTLM_MIC_LEN])
{
    uint8_t key[NTLM_KEY_LEN];
    const bytes_t messages[] = {replay->type1, replay->type2, replay->type3};
    size_t offset = type3_mic_offset(&replay->claim.type3);
    bool ok = offset != 0 && session_key(replay, key) && message_mic(key, messages, offset, mic);
    secret_wipe(key, sizeof key);
    return ok;
}
