#include "spnego.h"

#include <string.h>

#include "../crypto.h"
#include "../message.h"

static ntlm_status_t malformed(spnego_t *negotiation, spnego_token_t *read, const char *detail)
{
    *negotiation = (spnego_t){.stage = SPNEGO_STAGE_NONE};
    read->detail = detail;
    return NTLM_SPNEGO_MALFORMED;
}

/* ---- what the client can do ---- */

static bool lists(const spnego_t *negotiation, spnego_mech_t mech)
{
    for (size_t i = 0; i < negotiation->mech_count; i++)
        if (negotiation->mechs[i] == (uint8_t)mech) return true;
    return false;
}

static void note_mech(spnego_t *negotiation, spnego_mech_t mech)
{
    if (lists(negotiation, mech)) return;
    negotiation->mechs[negotiation->mech_count++] = (uint8_t)mech;
}

static void note_offer(spnego_t *negotiation, const neg_token_t *token)
{
    *negotiation = (spnego_t){.first_has_token = token->token.len > 0};
    for (size_t i = 0; i < token->mech_count; i++) note_mech(negotiation, token->mechs[i]);
}

/* ---- tokens ---- */

static ntlm_status_t accept_raw(spnego_t *negotiation, bytes_t token, spnego_token_t *read)
{
    read->continues = negotiation->stage == SPNEGO_STAGE_RAW;
    read->ntlm = token;
    if (read->continues) return NTLM_OK;
    *negotiation = (spnego_t){.stage = SPNEGO_STAGE_RAW, .first_has_token = true};
    note_mech(negotiation, SPNEGO_RAW);
    return NTLM_OK;
}

static ntlm_status_t accept_of_mech(spnego_t *negotiation, const neg_token_t *token,
                                    spnego_token_t *read)
{
    note_offer(negotiation, token);
    if (token->mechs[0] == SPNEGO_NTLM)
        return malformed(negotiation, read, "NTLM has no token that begins with its OID");
    read->detail = "it is the token of another mechanism, without SPNEGO";
    return NTLM_SPNEGO_NO_NTLM;
}

/* The token in it belongs to the first mechanism; a mechListMIC cannot be right before there is a
 * key. */
static ntlm_status_t accept_init(spnego_t *negotiation, const neg_token_t *token,
                                 spnego_token_t *read)
{
    if (token->has_hints) return malformed(negotiation, read, "only servers send a NegTokenInit2");
    if (token->mech_types.len > SPNEGO_MECH_TYPES_MAX)
        return malformed(negotiation, read, "its list of mechanisms has more than 512 bytes");
    note_offer(negotiation, token);
    if (!lists(negotiation, SPNEGO_NTLM)) return NTLM_SPNEGO_NO_NTLM;
    negotiation->stage = SPNEGO_STAGE_OPEN;
    negotiation->mic_required = token->mechs[0] != SPNEGO_NTLM;
    negotiation->mech_types_len = token->mech_types.len;
    memcpy(negotiation->mech_types, token->mech_types.data, token->mech_types.len);
    if (negotiation->mic_required || token->token.len == 0) return NTLM_SPNEGO_CONTINUES;
    read->ntlm = token->token;
    return NTLM_OK;
}

static const char *wrong_in_resp(const neg_token_t *token)
{
    if (token->state == NEG_REJECT) return "the client rejects what was chosen";
    if (token->state == NEG_REQUEST_MIC) return "only servers ask for a mechListMIC";
    if (token->mech_count > 0 && token->mechs[0] != SPNEGO_NTLM)
        return "it is about another mechanism than the one that was chosen";
    if (token->token.len == 0) return "it holds no message";
    return NULL;
}

/* Without a negotiation a Type 3 gets the refusal that it gets without SPNEGO. */
static ntlm_status_t accept_resp(spnego_t *negotiation, const neg_token_t *token,
                                 spnego_token_t *read)
{
    const char *wrong = wrong_in_resp(token);
    bool open = negotiation->stage == SPNEGO_STAGE_OPEN;
    if (!wrong && !open && message_type(token->token) != 3)
        wrong = "it is a NegTokenResp, and no NegTokenInit came before it";
    if (wrong) return malformed(negotiation, read, wrong);
    if (!open) *negotiation = (spnego_t){.stage = SPNEGO_STAGE_NONE};
    read->continues = open;
    read->ntlm = token->token;
    read->mic = token->mic;
    return NTLM_OK;
}

ntlm_status_t spnego_accept(spnego_t *negotiation, bytes_t token, spnego_token_t *read)
{
    neg_token_t parsed;
    *read = (spnego_token_t){.ntlm = bytes_none(), .mic = bytes_none()};
    if (message_is_ntlm(token)) return accept_raw(negotiation, token, read);
    const char *why = neg_token_parse(token, &parsed);
    if (why) return malformed(negotiation, read, why);
    switch (parsed.kind) {
    case NEG_TOKEN_OF_MECH: return accept_of_mech(negotiation, &parsed, read);
    case NEG_TOKEN_INIT: return accept_init(negotiation, &parsed, read);
    default: return accept_resp(negotiation, &parsed, read);
    }
}

/* ---- replies ---- */

static void write_resp(writer_t *out, neg_state_t state, bool names_ntlm, bytes_t token,
                       bytes_t mic)
{
    const neg_resp_t resp = {.state = state, .names_ntlm = names_ntlm, .token = token, .mic = mic};
    neg_token_write_resp(out, &resp);
}

void spnego_write_choice(writer_t *out, spnego_t *negotiation)
{
    neg_state_t state = negotiation->mic_required ? NEG_REQUEST_MIC : NEG_ACCEPT_INCOMPLETE;
    write_resp(out, state, true, bytes_none(), bytes_none());
    negotiation->chosen = true;
}

void spnego_write_reject(writer_t *out)
{
    write_resp(out, NEG_REJECT, false, bytes_none(), bytes_none());
}

/* supportedMech stands in the first reply only, RFC 4178 4.2.2. */
void spnego_write_challenge(writer_t *out, spnego_t *negotiation, bytes_t type2)
{
    if (negotiation->stage != SPNEGO_STAGE_OPEN) {
        write_bytes(out, type2);
        return;
    }
    write_resp(out, NEG_ACCEPT_INCOMPLETE, !negotiation->chosen, type2, bytes_none());
    negotiation->chosen = true;
}

void spnego_write_completed(writer_t *out, const spnego_t *negotiation,
                            const uint8_t mic[NTLM_MAC_LEN])
{
    if (negotiation->stage != SPNEGO_STAGE_OPEN) return;
    write_resp(out, NEG_ACCEPT_COMPLETED, false, bytes_none(),
               mic ? (bytes_t){mic, NTLM_MAC_LEN} : bytes_none());
}

/* ---- the mechListMIC ---- */

bytes_t spnego_mech_types(const spnego_t *negotiation)
{
    return (bytes_t){negotiation->mech_types, negotiation->mech_types_len};
}

ntlm_status_t spnego_check_mic(const spnego_t *negotiation, const spnego_token_t *read,
                               const uint8_t expected[NTLM_MAC_LEN])
{
    if (read->mic.len == 0) return negotiation->mic_required ? NTLM_SPNEGO_MIC_REQUIRED : NTLM_OK;
    if (read->mic.len != NTLM_MAC_LEN || !secret_equal(read->mic.data, expected, NTLM_MAC_LEN))
        return NTLM_SPNEGO_BAD_MIC;
    return NTLM_OK;
}
