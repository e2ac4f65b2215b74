#include "login.h"

#include <string.h>

#include <apr_strings.h>

#include "../ntlm/crypto.h"
#include "user_format.h"

ntlm_status_t login_find(apr_pool_t *pool, const dir_config_t *config, const char *user,
                         const char *domain, creds_account_t *account, const char **why)
{
    creds_login_t login = creds_login(pool, user, domain, config_default_domain(config));
    return creds_find(config->credentials, pool, &login, account, why);
}

/* Nothing here is what the client said, but for what is called claimed, and the
 * workstation. */
const ntlm_login_t *login_make(request_rec *r, const attempt_t *attempt, const dir_config_t *config,
                               const creds_account_t *account, apr_uint64_t sources)
{
    apr_pool_t *pool = attempt_pool(r);
    ntlm_login_t *login = apr_pcalloc(pool, sizeof *login);
    const char *fallback = config_default_domain(config);
    login->claimed_user = attempt->claim->user;
    login->claimed_domain = attempt->claim->domain;
    login->proven = r->request_time;
    login->generation = account->generation;
    login->sources = sources;
    login->name = apr_pstrdup(pool, account->name);
    login->account = user_format_without_domain(login->name);
    login->domain = account->domain ? account->domain : fallback ? fallback : "";
    login->user = user_format_apply(pool, config->user_format, login->name, login->domain);
    login->workstation = attempt->claim->workstation;
    login->source = account->source;
    login->mic = attempt->claim->mic;
    login->binding = attempt->claim->binding;
    login->scope = attempt->scope;
    return login;
}

/* Looks the account up again, since its source has changed. */
static const char *account_ended(request_rec *r, const ntlm_login_t *login,
                                 const dir_config_t *config, const char **why)
{
    creds_account_t account;
    ntlm_status_t status = login_find(attempt_pool(r), config, login->claimed_user,
                                      login->claimed_domain, &account, why);
    bool same = status == NTLM_OK && account.generation == login->generation &&
                strcmp(account.name, login->name) == 0;
    ntlm_status_t state = status == NTLM_OK ? account.key.state : status;
    secret_wipe(&account.key, sizeof account.key);
    if (status == NTLM_BACKEND_DOWN) return "nobody can say whether its account is still good";
    if (status != NTLM_OK) return "its account was removed";
    if (state != NTLM_OK) return ntlm_status_row(state)->sentence;
    return same ? NULL : "its account or password was changed";
}

const char *login_ended(request_rec *r, ntlm_login_t *login, const dir_config_t *config,
                        const char **why)
{
    if (config_login_expired(config, login->proven, r->request_time)) return "its time is up";
    apr_uint64_t sources = creds_generation(config->credentials, attempt_pool(r), why);
    if (sources == login->sources) return NULL;
    const char *ended = account_ended(r, login, config, why);
    if (!ended) login->sources = sources;
    return ended;
}
