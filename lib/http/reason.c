#include "reason.h"

#include <arpa/inet.h>
#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>

static const char *const words[REASON_COUNT] = {
    [REASON_RAW] = "raw",
    [REASON_KERBEROS_FIRST] = "kerberos-first",
    [REASON_IP_ADDRESS] = "ip-address",
    [REASON_ALIAS] = "alias",
    [REASON_NO_SPN] = "no-spn",
    [REASON_UNVERIFIED_SPN] = "unverified-spn",
    [REASON_KERBEROS_NOT_OFFERED] = "kerberos-not-offered",
};

const char *reason_word(reason_t reason)
{
    return words[reason];
}

static bool is_kerberos(uint8_t mech)
{
    return mech == SPNEGO_KERBEROS || mech == SPNEGO_MS_KERBEROS;
}

bool reason_lists_kerberos(const spnego_t *negotiation)
{
    for (size_t i = 0; i < negotiation->mech_count; i++)
        if (is_kerberos(negotiation->mechs[i])) return true;
    return false;
}

static bool is_address(const char *host)
{
    struct in6_addr address;
    return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1;
}

reason_t reason_of(const spnego_t *negotiation, const char *host, const char *name,
                   const ntlm_claim_t *claim)
{
    if (negotiation->stage == SPNEGO_STAGE_NONE) return REASON_UNKNOWN;
    if (negotiation->stage == SPNEGO_STAGE_RAW) return REASON_RAW;
    if (is_kerberos(negotiation->mechs[0]) && negotiation->first_has_token)
        return REASON_KERBEROS_FIRST;
    if (host && is_address(host)) return REASON_IP_ADDRESS;
    if (host && name && apr_cstr_casecmp(host, name) != 0) return REASON_ALIAS;
    if (claim->service == NTLM_SERVICE_ABSENT) return REASON_NO_SPN;
    if (claim->service != NTLM_SERVICE_UNSEEN &&
        (claim->response.said.flags & MSV_AV_FLAG_UNTRUSTED_SPN))
        return REASON_UNVERIFIED_SPN;
    return reason_lists_kerberos(negotiation) ? REASON_UNKNOWN : REASON_KERBEROS_NOT_OFFERED;
}

const char *reason_mechs(apr_pool_t *pool, const spnego_t *negotiation)
{
    const char *text = NULL;
    for (size_t i = 0; i < negotiation->mech_count; i++) {
        const char *word = spnego_mech_word((spnego_mech_t)negotiation->mechs[i]);
        text = text ? apr_pstrcat(pool, text, ",", word, NULL) : word;
    }
    return text;
}
