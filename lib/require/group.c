#include "group.h"

#include <apr_strings.h>

#include <http_log.h>

#include "../creds/creds_groups.h"
#include "../httpd/attempt.h"
#include "../ntlm/name.h"
#include "words.h"

APLOG_USE_MODULE(auth_ntlmv2);

/* What is refused in the chain's own login has its line in the log. */
static authz_status refuse(request_rec *r, const ntlm_login_t *login)
{
    static const char why[] = "its groups are not known in whole";
    const attempt_t *attempt = attempt_of(r);
    attempt_set_undecided(r, why);
    if (!attempt || attempt->login != login)
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                      "mod_auth_ntlmv2: Require ntlm-group refuses the account '%s': %s",
                      login->name, why);
    return AUTHZ_GENERAL_ERROR;
}

static authz_status check_group(request_rec *r, const char *words, const void *parsed)
{
    const char *const *groups = parsed;
    const ntlm_login_t *login = attempt_login_of_user(r);
    (void)words;
    if (!r->user) return AUTHZ_DENIED_NO_USER;
    if (!login) return AUTHZ_DENIED;
    if (login->groups_cut) return refuse(r, login);
    return creds_groups_name_one(r->pool, login->groups, groups) ? AUTHZ_GRANTED : AUTHZ_DENIED;
}

/* It is compared as NTLM_GROUPS spells it. */
static const char *read_word(apr_pool_t *pool, const char **word)
{
    const name_parts_t parts = name_of_account(*word);
    const char *text = creds_groups_text(pool, (const char *const[]){*word, NULL});
    if (!text || (parts.apart && (parts.domain.len == 0 || parts.user.len == 0)))
        return apr_psprintf(pool,
                            "Require ntlm-group: '%s' is the name of no group; write the whole DN, "
                            "or DOMAIN\\name, as the source spells it",
                            *word);
    *word = text;
    return NULL;
}

static const char *read_groups(cmd_parms *cmd, const char *words, const void **parsed)
{
    const char *const *groups;
    const char *why = words_read(cmd->pool, words,
                                 "Require ntlm-group takes the names of groups; write for example "
                                 "Require ntlm-group \"cn=staff,ou=groups,dc=example,dc=com\"",
                                 read_word, &groups);
    *parsed = groups;
    return why;
}

const authz_provider require_group = {check_group, read_groups};
