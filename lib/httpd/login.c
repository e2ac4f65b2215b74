#include "login.h"

#include <string.h>

#include <apr_strings.h>

#include "../creds/clock.h"
#include "../ntlm/crypto.h"
#include "../ntlm/name.h"
#include "../config/user_format.h"

/* An account as a client names it. */
typedef struct question_t {
    const char *user, *domain;
    bool fresh; /* ask the source itself */
    bool live;  /* for a login that is proven already */
} question_t;

static ntlm_status_t find(apr_pool_t *pool, const dir_config_t *config, const question_t *question,
                          creds_account_t *account, const char **why)
{
    creds_login_t login =
        creds_login(pool, question->user, question->domain, policy_default_domain(config));
    login.fresh = question->fresh;
    login.live = question->live;
    return creds_find(config->credentials, pool, &login, account, why);
}

/* Nothing here is what the client said, but for what is called claimed, and the
 * workstation. */
static const ntlm_login_t *make_login(const exchange_t *x, const creds_account_t *account,
                                      apr_uint64_t sources)
{
    apr_pool_t *pool = attempt_pool(x->r);
    ntlm_login_t *login = apr_pcalloc(pool, sizeof *login);
    const ntlm_claim_t *claim = x->attempt->claim;
    const char *fallback = policy_default_domain(x->config);
    login->claimed_user = claim->user;
    login->claimed_domain = claim->domain;
    login->proven = clock_ticks();
    login->generation = account->generation;
    login->until = account->until;
    login->sources = sources;
    login->name = apr_pstrdup(pool, account->name);
    login->account = user_format_without_domain(login->name);
    login->domain = account->domain ? account->domain : fallback ? fallback : "";
    login->user = user_format_apply(pool, x->config->user_format, login->name, login->domain);
    login->workstation = claim->workstation;
    login->source = account->source;
    login->mic = claim->mic;
    login->binding = claim->binding;
    login->service = claim->service;
    login->scope = x->attempt->scope;
    return login;
}

/* While a source that was asked is down, everybody who is refused is told just that: else 401
 * would say that an earlier source knows the name. */
static ntlm_status_t hide(apr_pool_t *pool, ntlm_claim_t *claim, ntlm_status_t status)
{
    if (status == NTLM_OK || status == NTLM_CRYPTO_FAILED) return status;
    if (status != NTLM_BACKEND_DOWN)
        claim->detail = apr_pstrcat(pool, ntlm_status_row(status)->name,
                                    ", which nobody is told while a source is down", NULL);
    return NTLM_BACKEND_DOWN;
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
static ntlm_status_t check_user(apr_pool_t *pool, const dir_config_t *config,
                                const ntlm_login_t *login, const creds_account_t *account,
                                const char **why)
{
    creds_account_t namesake;
    creds_login_t question = {.domain = "", .user = login->account};
    bool like_another = config->user_format == CONFIG_USER_USER_AT_DOMAIN && !*login->domain &&
                        name_of_client(login->user).apart;
    if (!like_another && !may_have_namesake(config, account)) return NTLM_OK;
    if (like_another) question = creds_login(pool, login->user, "", policy_default_domain(config));
    question.live = true;
    ntlm_status_t found = creds_find(config->credentials, pool, &question, &namesake, why);
    secret_wipe(&namesake.key, sizeof namesake.key);
    if (found == NTLM_NO_SUCH_USER && !like_another) return NTLM_OK;
    if (found == NTLM_BACKEND_DOWN || found == NTLM_NO_SUCH_USER) return found;
    bool same = found == NTLM_OK && namesake.source == login->source &&
                strcmp(namesake.name, login->name) == 0;
    return same ? NTLM_OK : NTLM_AMBIGUOUS_USER;
}

/* What a source remembers may be out of date: the source itself is asked before a
 * refusal. An unknown account costs what a known one does. */
ntlm_status_t login_prove(const exchange_t *x)
{
    creds_account_t account;
    attempt_t *attempt = x->attempt;
    ntlm_claim_t *claim = attempt->claim;
    question_t question = {claim->user, claim->domain, false, false};
    apr_pool_t *pool = attempt_pool(x->r); /* a subrequest's own pool ends before the chain does */
    apr_uint64_t sources = creds_generation(x->config->credentials, pool, &attempt->notice);
    ntlm_status_t status;
    bool tried = false;
    do {
        ntlm_status_t found = find(pool, x->config, &question, &account, &attempt->notice);
        if (attempt->exhausted && (account.cached || account.outage)) found = NTLM_BACKEND_DOWN;
        bool nowhere = found == NTLM_NO_SUCH_USER || found == NTLM_BACKEND_DOWN;
        attempt->source = nowhere ? NULL : account.source->backend->name;
        const ntlm_key_t *key = found == NTLM_OK ? &account.key : NULL;
        bool last = question.fresh || !account.cached;
        status = last ? ntlm_prove(&x->conn->acceptor, &x->policy, claim, key)
                      : ntlm_try(&x->conn->acceptor, &x->policy, claim, key);
        secret_wipe(&account.key, sizeof account.key);
        tried |= key != NULL;
        if (status == NTLM_NO_SUCH_USER) status = found; /* perhaps known, but without a key */
        question.fresh = true;
    } while (status == NTLM_NEED_KEY);
    attempt->guessed = tried && account.outage && status != NTLM_OK;
    secret_wipe(claim->exported_session_key, sizeof claim->exported_session_key);
    if (account.outage) status = hide(pool, claim, status);
    if (status != NTLM_OK) return status;
    const ntlm_login_t *login = make_login(x, &account, sources);
    status = check_user(pool, x->config, login, &account, &attempt->notice);
    if (status == NTLM_OK) attempt->login = login;
    return status;
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
    return same ? NULL : "its account or password was changed";
}

/* Looks the account up again, since its source has changed, or might have. */
static ntlm_status_t check_account(const exchange_t *x, ntlm_login_t *login)
{
    attempt_t *attempt = x->attempt;
    creds_account_t account;
    const question_t question = {login->claimed_user, login->claimed_domain, false, true};
    ntlm_status_t found =
        find(attempt_pool(x->r), x->config, &question, &account, &attempt->notice);
    attempt->detail = found == NTLM_BACKEND_DOWN ? NULL : account_ended(login, found, &account);
    secret_wipe(&account.key, sizeof account.key);
    if (found == NTLM_BACKEND_DOWN) return found;
    login->until = account.until;
    return attempt->detail ? NTLM_LOGIN_ENDED : NTLM_OK;
}

ntlm_status_t login_check(const exchange_t *x, ntlm_login_t *login)
{
    attempt_t *attempt = x->attempt;
    if (policy_login_expired(x->config, login->proven, clock_ticks())) {
        attempt->detail = "its time is up";
        return NTLM_LOGIN_ENDED;
    }
    apr_uint64_t sources =
        creds_generation(x->config->credentials, attempt_pool(x->r), &attempt->notice);
    bool due = login->until && clock_ticks() >= login->until;
    if (sources == login->sources && !due) return NTLM_OK;
    ntlm_status_t status = check_account(x, login);
    if (status == NTLM_OK) login->sources = sources;
    return status;
}
