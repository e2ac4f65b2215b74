#include "following.h"

#include <http_config.h>
#include <http_core.h>
#include <http_log.h>
#include <http_main.h>
#include <unixd.h>

#include "../creds/file/creds_follow.h"

APLOG_USE_MODULE(auth_ntlmv2);

static void complain(const char *why)
{
    ap_log_error(APLOG_MARK, APLOG_ERR, 0, ap_server_conf, "mod_auth_ntlmv2: %s", why);
}

int following_begin(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s)
{
    const creds_follow_t how = {{ap_unixd_config.user_id, ap_unixd_config.group_id}, complain};
    (void)plog, (void)ptemp, (void)s;
    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG) return OK;
    if (ap_exists_config_define("DEBUG") || ap_exists_config_define("ONE_PROCESS")) return OK;
    creds_follow_begin(pconf, &how);
    return OK;
}

int following_look(apr_pool_t *pconf, server_rec *s)
{
    (void)pconf, (void)s;
    creds_follow_look();
    return OK;
}

void following_child(apr_pool_t *pchild, server_rec *s)
{
    (void)s;
    creds_follow_child(pchild);
}
