/* mod_ntlmv2_winbind - NTLMCredentials winbind: the controllers of a Windows domain decide about
 * logins, by way of the winbindd (Samba) of this host, which has joined the domain.
 *
 * A module of its own: what it links is nothing that a server without a domain needs. All that
 * blocks, counts or may be remembered is mod_auth_ntlmv2's to see to (creds/creds_backend.h).
 */
#include <unistd.h>

#include <httpd.h>
#include <http_config.h>
#include <http_log.h>
#include <ap_provider.h>
#include <apr_strings.h>
#include <unixd.h>

#include "../creds/creds_backend.h"
#include "winbind_access.h"
#include "winbind_account.h"
#include "winbind_groups.h"
#include "winbind_logon.h"

APLOG_USE_MODULE(ntlmv2_winbind);

/* ---- the source ---- */

static bool is_asked_for;

/* There is one winbindd on a host: nothing says where it is, and nothing need be remembered. */
static const creds_option_t options[] = {{.name = NULL}};

static const char *open_winbind(apr_pool_t *pool, server_rec *server, const char *word,
                                const apr_table_t *given, void **opened)
{
    (void)server;
    (void)word;
    const apr_array_header_t *all = apr_table_elts(given);
    if (all->nelts > 0)
        return apr_psprintf(pool,
                            "winbind knows no option '%s'; it has those that all sources have "
                            "which ask a controller, such as lockout= and timeout=",
                            APR_ARRAY_IDX(all, 0, apr_table_entry_t).key);
    *opened = NULL;
    is_asked_for = true;
    return NULL;
}

/* ---- in a thread that may block ---- */

static void *begin(void *opened)
{
    (void)opened;
    return wbcCtxCreate();
}

static void end(void *opened, void *own)
{
    (void)opened;
    wbcCtxFree(own);
}

static void verify(void *opened, void *own, apr_pool_t *pool, const creds_logon_t *logon,
                   creds_verdict_t *verdict)
{
    (void)opened;
    winbind_logon(own, pool, logon, verdict);
}

static const char *names(void *opened, void *own, apr_pool_t *pool, creds_names_t *names)
{
    (void)opened;
    struct wbcInterfaceDetails *details = NULL;
    wbcErr error = own ? wbcCtxInterfaceDetails(own, &details) : WBC_ERR_NO_MEMORY;
    if (error != WBC_ERR_SUCCESS) return winbind_access_why(own, pool, error);
    names->computer = apr_pstrdup(pool, details->netbios_name);
    names->domain = apr_pstrdup(pool, details->netbios_domain);
    names->dns = apr_pstrdup(pool, details->dns_domain);
    wbcFreeMemory(details);
    return NULL;
}

static const char *account(void *opened, void *own, apr_pool_t *pool, const char *user,
                           const char **name)
{
    (void)opened;
    return winbind_account(own, pool, user, name);
}

static const char *sid(void *opened, void *own, apr_pool_t *pool, const char *group,
                       const char **found)
{
    (void)opened;
    return winbind_group_sid(own, pool, group, found);
}

static const creds_backend_t winbind = {
    .name = "winbind",
    .source_word = CREDS_SOURCE_NONE,
    .options = options,
    .open = open_winbind,
    .verify = verify,
    .begin = begin,
    .end = end,
    .names = names,
    .sid = sid,
    .account = account,
};

/* ---- httpd's start ---- */

static int forget(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp)
{
    (void)pconf, (void)plog, (void)ptemp;
    is_asked_for = false;
    return OK;
}

/* Children run as User says, which is known now. */
static int warn_about_access(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s)
{
    (void)pconf, (void)plog;
    char *user = NULL;
    if (!is_asked_for || geteuid() != 0 || ap_unixd_config.user_id == 0 ||
        apr_uid_name_get(&user, ap_unixd_config.user_id, ptemp) != APR_SUCCESS)
        return OK;
    FILE *groups = fopen("/etc/group", "re");
    const char *why =
        groups ? winbind_access_missing(ptemp, groups, user, ap_unixd_config.group_id) : NULL;
    if (groups) fclose(groups);
    if (why) ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s, "NTLMCredentials winbind: %s", why);
    return OK;
}

static void hooks(apr_pool_t *pool)
{
    ap_hook_pre_config(forget, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_config(warn_about_access, NULL, NULL, APR_HOOK_MIDDLE);
    ap_register_provider(pool, CREDS_PROVIDER_GROUP, winbind.name, CREDS_PROVIDER_VERSION,
                         &winbind);
}

module AP_MODULE_DECLARE_DATA __attribute__((visibility("default"))) ntlmv2_winbind_module = {
    STANDARD20_MODULE_STUFF,
    NULL, /* it has no directives of its own */
    NULL,
    NULL,
    NULL,
    NULL,
    hooks,
    0,
};
