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

bool asker_of(const question_to_t *to, const creds_logon_t *logon, tries_who_t *who)
{
    return account_key(to->controller, logon->user, who->account) &&
           md5(logon->address, who->address);
}
