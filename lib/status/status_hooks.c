#include "status_hooks.h"

#include <unistd.h>

#include <httpd.h>

#include <ap_mpm.h>
#include <http_config.h>
#include <http_core.h>
#include <http_log.h>

#include "../creds/retained.h"
#include "counters.h"
#include "gauges.h"

APLOG_USE_MODULE(auth_ntlmv2);

/* During a graceful restart there may be as many children of before, and more of restarts before
 * that one. */
static size_t most_children(void)
{
    enum { GENERATIONS = 2, MORE = 16 };
    int most = 0;
    ap_mpm_query(AP_MPMQ_HARD_LIMIT_DAEMONS, &most);
    return (most > 0 ? (size_t)most : 1) * GENERATIONS + MORE;
}

/* httpd reads its configuration twice when it starts, and goes on with the second reading. */
static int begin(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s)
{
    apr_status_t status = APR_SUCCESS;
    (void)plog, (void)ptemp;
    if (ap_state_query(AP_SQ_MAIN_STATE) != AP_SQ_MS_CREATE_PRE_CONFIG) {
        status = counters_open(pconf);
        if (status == APR_SUCCESS) status = gauges_open(pconf, most_children());
    }
    retained_sweep(pconf);
    if (status == APR_SUCCESS) return OK;
    ap_log_error(APLOG_MARK, APLOG_CRIT, status, s,
                 "mod_auth_ntlmv2: there is no shared memory for the figures of logins");
    return HTTP_INTERNAL_SERVER_ERROR;
}

static void child_begins(apr_pool_t *pchild, server_rec *s)
{
    (void)pchild, (void)s;
    gauges_child(getpid());
}

static void child_changes(server_rec *s, pid_t pid, ap_generation_t generation, int slot,
                          mpm_child_status change)
{
    (void)s, (void)generation, (void)slot;
    if (change == MPM_CHILD_EXITED) gauges_child_ended(pid);
}

void status_register(void)
{
    ap_hook_post_config(begin, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(child_begins, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_status(child_changes, NULL, NULL, APR_HOOK_MIDDLE);
}
