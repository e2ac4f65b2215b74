#include "group.h"

#include <string.h>

#include <apr_strings.h>

#include <http_log.h>

#include "../creds/creds_groups.h"
#include "../creds/verify/verify.h"
#include "../httpd/attempt.h"
#include "../ntlm/name.h"
#include "words.h"

APLOG_USE_MODULE(auth_ntlmv2);

/* What is refused in the chain's own login has its line in the log. */
static authz_status refuse(request_rec *r, const ntlm_login_t *login, const char *why)
{
    const attempt_t *attempt = attempt_of(r);
    attempt_set_undecided(r, why);
    if (!attempt || attempt->login != login)
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                      "mod_auth_ntlmv2: Require ntlm-group refuses the account '%s': %s",
                      login->name, why);
    return AUTHZ_GENERAL_ERROR;
}

/* What a word stands for: its name, as NTLM_GROUPS spells it, and as it is written. */
typedef struct wanted_t {
    const char *const *names, *const *words;
} wanted_t;

static bool has_sid(const char *sids, apr_pool_t *pool, const char *sid)
{
    return *sid && strstr(sids, apr_pstrcat(pool, " ", sid, " ", NULL)) != NULL;
}

/* A group is its SID where the controller says SIDs: it may have been renamed since, and another
 * one called as it was. */
static group_known_t find_sid(const ntlm_login_t *login, const char *word, char sid[GROUP_SID_ROOM])
{
    if (!group_is_sid(word)) return verify_group_sid(login->source, word, sid);
    apr_cpystrn(sid, word, GROUP_SID_ROOM);
    return GROUP_KNOWN;
}

static authz_status check_sids(request_rec *r, const ntlm_login_t *login, const wanted_t *wanted)
{
    static const char *const undecided[] = {
        [GROUP_KNOWN] = NULL,
        [GROUP_NOT_YET] = "which group it names the controller has not said yet",
        [GROUP_NOT_WANTED] = "it names a group that nothing in httpd.conf does; write its SID",
    };
    const char *why = NULL;
    for (const char *const *word = wanted->words; *word; word++) {
        char sid[GROUP_SID_ROOM];
        const group_known_t known = find_sid(login, *word, sid);
        if (known == GROUP_KNOWN && has_sid(login->sids, r->pool, sid)) return AUTHZ_GRANTED;
        if (known != GROUP_KNOWN) why = undecided[known];
    }
    return why ? refuse(r, login, why) : AUTHZ_DENIED;
}

/* Of a source that tells SIDs but knows no names by which to find one. */
static bool names_a_sid(apr_pool_t *pool, const ntlm_login_t *login, const wanted_t *wanted)
{
    for (const char *const *word = wanted->words; *word; word++)
        if (group_is_sid(*word) && has_sid(login->sids, pool, *word)) return true;
    return false;
}

static authz_status check_group(request_rec *r, const char *words, const void *parsed)
{
    const wanted_t *wanted = parsed;
    const ntlm_login_t *login = attempt_login_of_user(r);
    (void)words;
    if (!r->user) return AUTHZ_DENIED_NO_USER;
    if (!login) return AUTHZ_DENIED;
    const bool by_sid = verify_has_sids(login->source);
    if (by_sid ? !*login->sids : login->groups_cut)
        return refuse(r, login, "its groups are not known in whole");
    if (by_sid) return check_sids(r, login, wanted);
    return creds_groups_name_one(r->pool, login->groups, wanted->names) ||
                   names_a_sid(r->pool, login, wanted)
               ? AUTHZ_GRANTED
               : AUTHZ_DENIED;
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

static const char *keep_word(apr_pool_t *pool, const char **word)
{
    if (!group_is_sid(*word)) group_sids_want(pool, *word);
    return NULL;
}

static const char *read_groups(cmd_parms *cmd, const char *words, const void **parsed)
{
    wanted_t *wanted = apr_palloc(cmd->pool, sizeof *wanted);
    const char *why = words_read(cmd->pool, words,
                                 "Require ntlm-group takes the names of groups; write for example "
                                 "Require ntlm-group \"cn=staff,ou=groups,dc=example,dc=com\"",
                                 read_word, &wanted->names);
    *parsed = wanted;
    return why ? why : words_read(cmd->pool, words, NULL, keep_word, &wanted->words);
}

const authz_provider require_group = {check_group, read_groups};
