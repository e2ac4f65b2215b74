#include "domain.h"

#include <string.h>

#include <apr_strings.h>

#include "../httpd/attempt.h"
#include "../ntlm/name.h"
#include "../ntlm/unicode.h"
#include "words.h"

/* By any name, where it is one that is ours. */
static bool is_one_of(const char *const *domains, const ntlm_login_t *login)
{
    const creds_home_t home = policy_home(&login->scope.config);
    for (; *domains; domains++)
        if (creds_home_is_one(&home, *domains, login->domain)) return true;
    return false;
}

static authz_status check_domain(request_rec *r, const char *words, const void *parsed)
{
    const char *const *domains = parsed;
    const ntlm_login_t *login = attempt_login_of_user(r);
    (void)words;
    if (!r->user) return AUTHZ_DENIED_NO_USER;
    if (!login || !login->has_domain) return AUTHZ_DENIED;
    return is_one_of(domains, login) ? AUTHZ_GRANTED : AUTHZ_DENIED;
}

static const char *check_word(apr_pool_t *pool, const char **word)
{
    if (**word && unicode_is_name(*word) && !name_of_client(*word).apart) return NULL;
    return apr_psprintf(pool,
                        "Require ntlm-domain: '%s' is not a domain name; write the domain alone, "
                        "for example CORP",
                        *word);
}

static const char *read_domains(cmd_parms *cmd, const char *words, const void **parsed)
{
    const char *const *domains;
    const char *why = words_read(cmd->pool, words,
                                 "Require ntlm-domain takes the domains of accounts; write for "
                                 "example Require ntlm-domain CORP",
                                 check_word, &domains);
    *parsed = domains;
    return why;
}

const authz_provider require_domain = {check_domain, read_domains};
