#include "asks.h"

#include "../config/conftree.h"

bool asks_by_ntlm(apr_pool_t *pool, const ap_directive_t *at)
{
    return conftree_says(pool, at, "AuthType", "NTLM");
}

bool asks_for_accounts(apr_pool_t *pool, const ap_directive_t *at)
{
    return asks_by_ntlm(pool, at) || conftree_lists(pool, at, "AuthBasicProvider", "ntlm") ||
           conftree_lists(pool, at, "AuthFormProvider", "ntlm");
}

const ap_directive_t *asks_first(apr_pool_t *pool, const ap_directive_t *at)
{
    while (at && !asks_for_accounts(pool, at)) at = conftree_next(at);
    return at;
}
