#include "asker.h"

#include <apr_strings.h>

#include "../../ntlm/crypto.h"
#include "account_key.h"

const char *asker_controller(apr_pool_t *pool, const creds_open_t *own)
{
    const creds_option_t *option = own->backend->options;
    const char *text =
        apr_pstrcat(pool, own->backend->name, "\n", own->word ? own->word : "", NULL);
    for (; option && option->name; option++) {
        const char *value = creds_option(option, own->given, option->name);
        if (value) text = apr_pstrcat(pool, text, "\n", option->name, "=", value, NULL);
    }
    return text;
}

/* An account has two names there, each of which could have wrong passwords of its own. */
static const char *name_of(const question_to_t *to, apr_pool_t *pool, const char *user,
                           const char **why)
{
    const char *name = NULL;
    *why = NULL;
    if (!to->backend->account || !name_of_client(user).apart) return user;
    *why = question_account(to, pool, user, &name);
    return name && *name ? name : user;
}

ntlm_status_t asker_of(const question_to_t *to, apr_pool_t *pool, const creds_logon_t *logon,
                       tries_who_t *who, const char **why)
{
    const char *name = name_of(to, pool, logon->user, why);
    if (*why) return NTLM_BACKEND_DOWN;
    return account_key(to->controller, name, who->account) && md5(logon->address, who->address)
               ? NTLM_OK
               : NTLM_CRYPTO_FAILED;
}
