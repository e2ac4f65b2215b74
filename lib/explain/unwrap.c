#include "unwrap.h"

#include "../ntlm/message.h"
#include "../ntlm/spnego/neg_token.h"

#define NO_MESSAGE "it is SPNEGO without a message of a mechanism in it"

static bool is_kerberos(const neg_token_t *parsed)
{
    spnego_mech_t first = parsed->mech_count ? parsed->mechs[0] : SPNEGO_OTHER;
    return first == SPNEGO_KERBEROS || first == SPNEGO_MS_KERBEROS;
}

/* A login by SPNEGO ends with such a token: it is no fault. */
static const char *why_empty(const neg_token_t *parsed)
{
    if (parsed->kind != NEG_TOKEN_RESP) return NO_MESSAGE;
    switch (parsed->state) {
    case NEG_ACCEPT_COMPLETED: return NO_MESSAGE ": accept-completed, the login has succeeded";
    case NEG_ACCEPT_INCOMPLETE: return NO_MESSAGE ": accept-incomplete, the client goes on";
    case NEG_REJECT: return NO_MESSAGE ": reject, the login is refused";
    case NEG_REQUEST_MIC: return NO_MESSAGE ": request-mic, the client goes on";
    default: return NO_MESSAGE;
    }
}

static const char *why_none(const neg_token_t *parsed)
{
    bool kerberos = is_kerberos(parsed);
    if (parsed->kind == NEG_TOKEN_OF_MECH)
        return kerberos ? "it is a Kerberos token"
                        : "it is a GSS-API token, neither NTLM nor SPNEGO";
    if (parsed->token.len == 0) return why_empty(parsed);
    return kerberos ? "it is SPNEGO with a Kerberos token"
                    : "it is SPNEGO with a token that is not NTLM";
}

unwrapped_t unwrap(bytes_t token)
{
    static const char *const wrappings[] = {
        [NEG_TOKEN_NONE] = NULL,
        [NEG_TOKEN_OF_MECH] = NULL,
        [NEG_TOKEN_INIT] = "NegTokenInit",
        [NEG_TOKEN_RESP] = "NegTokenResp",
    };
    unwrapped_t out = {.message = bytes_none()};
    neg_token_t parsed;
    if (message_is_ntlm(token)) {
        out.message = token;
        return out;
    }
    out.why = neg_token_parse(token, &parsed);
    out.wrapping = wrappings[parsed.kind];
    if (parsed.mech_count > 0) out.mech = spnego_mech_name(parsed.mechs[0]);
    if (!out.why && parsed.kind != NEG_TOKEN_OF_MECH && message_is_ntlm(parsed.token))
        out.message = parsed.token;
    else if (!out.why)
        out.why = why_none(&parsed);
    return out;
}
