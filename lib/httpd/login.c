#include "login.h"

#include <string.h>

#include <apr_strings.h>

#include "../config/user_format.h"
#include "../system/clock.h"
#include "../creds/creds_groups.h"
#include "../http/http.h"
#include "../ntlm/crypto.h"
#include "../ntlm/name.h"
#include "negotiate.h"
#include "persistence.h"

ntlm_status_t login_forbidden(request_rec *r, const dir_config_t *config, const char **why)
{
    if (!config->credentials) return NTLM_NOT_CONFIGURED;
    if (config->require_tls == CONFIG_ON && !http_has_tls(r)) return NTLM_TLS_REQUIRED;
    *why = persistence_refuses(r, config);
    return *why ? NTLM_PROXIED_REFUSED : NTLM_OK;
}

/* A subrequest's own pool ends before the chain does. */
static ntlm_status_t login_ask(const exchange_t *x, const creds_login_t *login,
                               creds_account_t *account, const char **why)
{
    return creds_find(x->config->credentials, attempt_pool(x->r), login, account, why);
}

static creds_login_t named(const exchange_t *x, const char *user, const char *domain)
{
    const creds_home_t home = policy_home(x->config);
    return creds_login(attempt_pool(x->r), user, domain, &home);
}

static apr_uint64_t generation(const exchange_t *x, const char **why)
{
    return creds_generation(x->config->credentials, attempt_pool(x->r), why);
}

/* Nothing here is what the client said, but for what is called claimed, and the
 * workstation. */
static const ntlm_login_t *make_login(const exchange_t *x, const creds_account_t *account,
                                      apr_uint64_t sources)
{
    apr_pool_t *pool = attempt_pool(x->r);
    ntlm_login_t *login = apr_pcalloc(pool, sizeof *login);
    const ntlm_claim_t *claim = x->attempt->claim;
    login->claimed_user = claim->user;
    login->claimed_domain = claim->domain;
    login->proven = clock_ticks();
    login->generation = account->generation;
    login->until = account->until;
    login->sources = sources;
    login->name = apr_pstrdup(pool, account->name);
    login->account = user_format_without_domain(login->name);
    login->has_domain = account->domain != NULL;
    login->domain = policy_domain_of(x->config, account->domain);
    const char *groups = creds_groups_text(pool, account->groups);
    login->groups_cut = account->groups_cut || !groups;
    login->groups = login->groups_cut ? "" : groups;
    login->sids = account->sids ? apr_pstrdup(pool, account->sids) : "";
    login->ends = account->ends;
    login->user = user_format_apply(pool, policy_user_format(x->config, account->source),
                                    login->name, login->domain);
    login->workstation = claim->workstation;
    login->source = account->source;
    login->mic = claim->mic;
    login->binding = claim->binding;
    login->service = claim->service;
    login->scheme = x->attempt->scheme;
    login->mechs = x->attempt->mechs ? x->attempt->mechs : "";
    login->why = x->attempt->why;
    login->scope = *x->attempt->scope;
    return login;
}

/* While a source that was asked is down, everybody who is refused is told just that: else 401
 * would say that an earlier source knows the name. */
static void hide(apr_pool_t *pool, login_result_t *result)
{
    ntlm_status_t status = result->status;
    if (status == NTLM_OK || status == NTLM_CRYPTO_FAILED) return;
    if (status != NTLM_BACKEND_DOWN)
        result->detail = apr_pstrcat(pool, ntlm_status_row(status)->name,
                                     ", which nobody is told while a source is down", NULL);
    result->status = NTLM_BACKEND_DOWN;
}

/* Whether users of two domains may become this r->user, which has no domain. configtest has
 * compared the accounts of files with each other; directories cannot be listed. */
static bool may_have_namesake(const dir_config_t *config, const creds_account_t *account)
{
    bool user_alone = config->user_format == CONFIG_USER_USER;
    bool as_stored = config->user_format <= CONFIG_USER_STORE;
    int sources = 0;
    if (!account->domain || !(user_alone || as_stored)) return false;
    if (as_stored && name_of_account(account->name).apart) return false;
    for (int i = 0; i < config->credentials->nelts; i++)
        if (user_alone ||
            !APR_ARRAY_IDX(config->credentials, i, const creds_source_t *)->backend->each)
            sources++;
    return sources > 1;
}

/* Whether r->user is nobody else's: an account without a domain may also be called what
 * NTLMUserFormat user@domain makes of a user and a domain. Of namesakes the one is let in who is
 * found without a domain. */
static ntlm_status_t check_user(const exchange_t *x, const ntlm_login_t *login,
                                const creds_account_t *account, const char **why)
{
    creds_account_t namesake;
    const dir_config_t *config = x->config;
    const creds_home_t home = policy_home(config);
    creds_login_t question = creds_login_of_user(login->account, &home);
    bool like_another = config->user_format == CONFIG_USER_USER_AT_DOMAIN && !*login->domain &&
                        name_of_client(login->user).apart;
    if (!like_another && !may_have_namesake(config, account)) return NTLM_OK;
    if (like_another) question = named(x, login->user, "");
    question.live = true;
    ntlm_status_t found = login_ask(x, &question, &namesake, why);
    secret_wipe(&namesake.key, sizeof namesake.key);
    if (found == NTLM_NO_SUCH_USER && !like_another) return NTLM_OK;
    if (found == NTLM_BACKEND_DOWN || found == NTLM_NO_SUCH_USER) return found;
    bool same = found == NTLM_OK && namesake.source == login->source &&
                strcmp(namesake.name, login->name) == 0;
    return same ? NTLM_OK : NTLM_AMBIGUOUS_USER;
}

/* Who decides in the name of a source is told what the client has sent, and is not asked about what
 * cannot come to a login. */
static creds_logon_t logon_of(const exchange_t *x)
{
    const ntlm_claim_t *claim = x->attempt->claim;
    const apr_sockaddr_t *address = x->r->useragent_addr;
    return (creds_logon_t){
        .user = claim->user,
        .domain = claim->domain,
        .workstation = claim->workstation,
        .challenge = ntlm_nonce(x->acceptor),
        .nt_response = claim->type3.nt,
        .unfit = creds_verify(x->config->credentials)
                     ? ntlm_fitness(x->acceptor, &x->policy, x->attempt->claim)
                     : NTLM_OK,
        .challenged = x->input.ticks - claim->age,
        .address = {address->ipaddr_ptr, (size_t)address->ipaddr_len},
        .remember = x->remember,
    };
}

/* What a source remembers may be out of date: the source itself is asked before a
 * refusal. An unknown account costs what a known one does. */
login_result_t login_prove(const exchange_t *x, bool exhausted)
{
    creds_account_t account;
    ntlm_claim_t *claim = x->attempt->claim;
    const creds_logon_t logon = logon_of(x);
    creds_login_t question = named(x, claim->user, claim->domain);
    login_result_t result = {.status = NTLM_NEED_KEY};
    apr_uint64_t sources = generation(x, &result.notice);
    ntlm_status_t found;
    bool tried = false;
    question.logon = &logon;
    question.accepts = x->policy.accept_domains;
    do {
        found = login_ask(x, &question, &account, &result.notice);
        if (exhausted && (account.cached || account.outage)) found = NTLM_BACKEND_DOWN;
        bool nowhere = found == NTLM_NO_SUCH_USER || found == NTLM_BACKEND_DOWN;
        result.source = nowhere ? NULL : account.source->backend->name;
        const ntlm_key_t *key = found == NTLM_OK ? &account.key : NULL;
        bool last = question.fresh || !account.cached;
        result.status = last ? ntlm_prove(x->acceptor, &x->policy, claim, key)
                             : ntlm_try(x->acceptor, &x->policy, claim, key);
        secret_wipe(&account.key, sizeof account.key);
        tried |= key != NULL || found == NTLM_WRONG_PASSWORD;
        if (result.status == NTLM_NO_SUCH_USER) result.status = found; /* known, perhaps */
        question.fresh = true;
    } while (result.status == NTLM_NEED_KEY);
    result.guessed = tried && account.outage && result.status != NTLM_OK;
    result.is_sources = result.status == found && account.detail;
    result.detail = result.is_sources ? account.detail : claim->detail;
    result.retry_after = account.retry_after;
    if (result.status == NTLM_OK) result.status = negotiate_check(x);
    secret_wipe(claim->exported_session_key, sizeof claim->exported_session_key);
    if (account.outage) hide(attempt_pool(x->r), &result);
    if (result.status != NTLM_OK) return result;
    const ntlm_login_t *login = make_login(x, &account, sources);
    result.status = check_user(x, login, &account, &result.notice);
    if (result.status != NTLM_OK) return result;
    if (login->groups_cut)
        result.detail = "not all of its groups are known: there is no NTLM_GROUPS";
    result.login = login;
    return result;
}

/* NULL, or why a login's account, which was found with that status, is not what it was. */
static const char *account_ended(const ntlm_login_t *login, ntlm_status_t found,
                                 const creds_account_t *account)
{
    if (found == NTLM_NO_SUCH_USER) return "its account was removed";
    ntlm_status_t state = found == NTLM_OK ? account->key.state : found;
    if (state != NTLM_OK) return ntlm_status_row(state)->sentence;
    bool same = account->source == login->source && account->generation == login->generation &&
                strcmp(account->name, login->name) == 0;
    return same ? NULL : "its account, password or groups were changed";
}

/* Looks the account up again, since its source has changed, or might have. */
static void check_account(const exchange_t *x, ntlm_login_t *login, login_result_t *result)
{
    creds_account_t account;
    creds_login_t question = named(x, login->claimed_user, login->claimed_domain);
    question.live = true;
    question.verified_by = login->source;
    ntlm_status_t found = login_ask(x, &question, &account, &result->notice);
    if (found == NTLM_BACKEND_DOWN)
        result->status = found;
    else if (found == NTLM_NEED_KEY) /* who verified it is not asked again, and still decides */
        login->until = 0;
    else {
        result->detail = account_ended(login, found, &account);
        if (result->detail) result->status = NTLM_LOGIN_ENDED;
        login->until = account.until;
    }
    secret_wipe(&account.key, sizeof account.key);
}

login_result_t login_check(const exchange_t *x, ntlm_login_t *login)
{
    login_result_t result = {.status = NTLM_OK, .login = login};
    if (policy_login_expired(x->config, login->proven, clock_ticks())) {
        result.status = NTLM_LOGIN_ENDED;
        result.detail = "its time is up";
        return result;
    }
    if (login->ends && clock_ticks() >= login->ends) {
        result.status = NTLM_LOGIN_ENDED;
        result.detail = "its account's time is up, as the controller said";
        return result;
    }
    apr_uint64_t sources = generation(x, &result.notice);
    bool due = login->until && clock_ticks() >= login->until;
    if (sources == login->sources && !due) return result;
    check_account(x, login, &result);
    if (result.status == NTLM_OK) login->sources = sources;
    return result;
}
