#include "demands.h"

#include <string.h>

#include "avpairs.h"

/* ---- the channel ---- */

static ntlm_binding_t find_binding(const ntlm_claim_t *claim)
{
    bytes_t binding = claim->response.said.channel_bindings;
    if (binding.len == 0) return NTLM_BINDING_ABSENT;
    return bytes_are_zero(binding) ? NTLM_BINDING_ZERO : NTLM_BINDING_UNCHECKED;
}

static bool is_our_binding(const ntlm_policy_t *policy, bytes_t binding)
{
    for (size_t i = 0; i < policy->bindings_count; i++)
        if (bytes_equal((bytes_t){policy->bindings[i], NTLM_BINDING_LEN}, binding)) return true;
    return false;
}

/* ---- the service ---- */

static ntlm_service_t find_service(const ntlm_claim_t *claim)
{
    bool named = claim->response.said.target_name.len > 0;
    return named ? NTLM_SERVICE_UNCHECKED : NTLM_SERVICE_ABSENT;
}

static bool is_untrusted(const ntlm_claim_t *claim)
{
    return (claim->response.said.flags & MSV_AV_FLAG_UNTRUSTED_SPN) != 0;
}

/* The host of an SPN in UTF-8, in the same bytes and without the dot that may end it; NULL
 * if the service is not a web server's. */
static const char *host_of(char *spn)
{
    char *host = strchr(spn, '/');
    if (!host) return NULL;
    *host++ = '\0';
    bool ipv6 = *host == '[';
    if (ipv6) host++;
    size_t len = strcspn(host, ipv6 ? "]" : ":/@");
    if (len > 1 && host[len - 1] == '.') len--;
    host[len] = '\0';
    return unicode_casecmp(spn, "HTTP") == 0 || unicode_casecmp(spn, "HOST") == 0 ? host : NULL;
}

static bool is_our_service(const ntlm_policy_t *policy, bytes_t spn)
{
    char text[3 * NTLM_DOMAIN_MAX + 1];
    if (unicode_name(spn, text, sizeof text) != NULL) return false;
    const char *host = host_of(text);
    return host && name_is_listed(policy->service_hosts, host);
}

/* ---- both ---- */

void demands_find(ntlm_claim_t *claim)
{
    claim->binding = find_binding(claim);
    claim->service = find_service(claim);
}

static void compare(ntlm_claim_t *claim, const ntlm_policy_t *policy)
{
    const av_values_t *said = &claim->response.said;
    if (find_binding(claim) == NTLM_BINDING_UNCHECKED && policy->bindings_count > 0)
        claim->binding =
            is_our_binding(policy, said->channel_bindings) ? NTLM_BINDING_OK : NTLM_BINDING_WRONG;
    if (find_service(claim) == NTLM_SERVICE_UNCHECKED && policy->service_hosts) {
        ntlm_service_t ours = is_untrusted(claim) ? NTLM_SERVICE_UNTRUSTED : NTLM_SERVICE_OK;
        claim->service = is_our_service(policy, said->target_name) ? ours : NTLM_SERVICE_WRONG;
    }
}

/* Both are compared before either decides: logs say both. */
ntlm_status_t binding_fits(ntlm_claim_t *claim, const ntlm_evidence_t *evidence)
{
    const ntlm_policy_t *policy = evidence->policy;
    compare(claim, policy);
    if (policy->binding == NTLM_OFF) return NTLM_OK;
    if (claim->binding == NTLM_BINDING_WRONG) return NTLM_BINDING_MISMATCH;
    if (claim->binding == NTLM_BINDING_OK || policy->binding == NTLM_ALLOW) return NTLM_OK;
    return policy->bindings_count > 0 ? NTLM_BINDING_REQUIRED : NTLM_BINDING_UNKNOWN;
}

ntlm_status_t service_fits(ntlm_claim_t *claim, const ntlm_evidence_t *evidence)
{
    const ntlm_policy_t *policy = evidence->policy;
    bool required = policy->service == NTLM_REQUIRE;
    if (policy->service == NTLM_OFF) return NTLM_OK;
    if (claim->service == NTLM_SERVICE_ABSENT) return required ? NTLM_SERVICE_REQUIRED : NTLM_OK;
    if (required && is_untrusted(claim)) return NTLM_SERVICE_REQUIRED;
    bool ours = claim->service == NTLM_SERVICE_OK || claim->service == NTLM_SERVICE_UNTRUSTED;
    return ours ? NTLM_OK : NTLM_SERVICE_MISMATCH;
}

/* ---- the domain ---- */

/* Every domain inside the name: the account CORP\alice@evil may be alice@evil. */
static bool names_only(const char *const *accepted, const char *user)
{
    char domain[sizeof((ntlm_claim_t *)0)->user];
    name_parts_t parts = name_of_client(user);
    for (; parts.apart; parts = name_within(parts.user)) {
        memcpy(domain, parts.domain.data, parts.domain.len);
        domain[parts.domain.len] = '\0';
        if (parts.domain.len > 0 && !name_is_listed(accepted, domain)) return false;
    }
    return true;
}

ntlm_status_t domain_is_accepted(ntlm_claim_t *claim, const ntlm_evidence_t *evidence)
{
    const char *const *accepted = evidence->policy->accept_domains;
    if (!accepted) return NTLM_OK;
    bool fits = claim->domain[0] == '\0' || name_is_listed(accepted, claim->domain);
    return fits && names_only(accepted, claim->user) ? NTLM_OK : NTLM_DOMAIN_REFUSED;
}
