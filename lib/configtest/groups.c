#include "groups.h"

#include <string.h>

#include <http_config.h>
#include <http_log.h>

#include "../config/conftree.h"

APLOG_USE_MODULE(auth_ntlmv2);

static bool begins_with(const char *word, const char *prefix)
{
    return strncmp(word, prefix, strlen(prefix)) == 0;
}

/* Sources of other modules may. */
static bool names_groups(apr_pool_t *pool, const ap_directive_t *source)
{
    const char *words = source->args, *backend = ap_getword_conf(pool, &words);
    bool told = strcmp(backend, "file") != 0 && strcmp(backend, "ldap") != 0;
    while (*words && !told) {
        const char *word = ap_getword_conf(pool, &words);
        told = begins_with(word, "groups=") || begins_with(word, "groupbase=");
    }
    return told;
}

static bool asks_for_groups(apr_pool_t *pool, const ap_directive_t *require)
{
    return conftree_says(pool, require, "Require", "ntlm-group") ||
           (conftree_says(pool, require, "Require", "not") &&
            conftree_lists(pool, require, "Require", "ntlm-group"));
}

static const ap_directive_t *first_require(apr_pool_t *pool)
{
    const ap_directive_t *at = conftree_find(ap_conftree, "Require");
    while (at && !asks_for_groups(pool, at)) at = conftree_find(conftree_next(at), "Require");
    return at;
}

void groups_warn(apr_pool_t *pool, server_rec *main_server)
{
    const ap_directive_t *require = first_require(pool);
    const ap_directive_t *source = conftree_find(ap_conftree, "NTLMCredentials");
    while (source && !names_groups(pool, source))
        source = conftree_find(conftree_next(source), "NTLMCredentials");
    if (!require || source) return;
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, main_server,
                 "Require %s (%s:%d): no source of accounts names groups, so nobody is in one; "
                 "write groups=memberOf or groupbase=DN behind NTLMCredentials ldap",
                 require->args, require->filename, require->line_num);
}
