#include "status_hooks.h"

#include <string.h>
#include <unistd.h>

#include <httpd.h>

#include <ap_mpm.h>
#include <http_config.h>
#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>
#include <http_request.h>
#include <mod_status.h>

#include "../system/retained.h"
#include "counters.h"
#include "gauges.h"
#include "metrics.h"
#include "page.h"
#include "source_figures.h"

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
    source_figures_open(pconf);
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

static int show(request_rec *r, int flags)
{
    if (flags & AP_STATUS_SHORT)
        ap_rputs(page_auto(r->pool), r);
    else if (flags & AP_STATUS_NOTABLE)
        ap_rvputs(r, "<hr />\n<h1>NTLM logins</h1>\n<pre>", page_auto(r->pool), "</pre>\n", NULL);
    else
        ap_rputs(page_html(r->pool), r);
    return OK;
}

static int handle_metrics(request_rec *r)
{
    if (!r->handler || strcmp(r->handler, "ntlm-metrics") != 0) return DECLINED;
    ap_allow_standard_methods(r, REPLACE_ALLOW, M_GET, -1);
    if (r->method_number != M_GET) return HTTP_METHOD_NOT_ALLOWED;
    ap_set_content_type(r, METRICS_TYPE);
    ap_rputs(metrics_text(r->pool), r);
    return OK;
}

void status_register(void)
{
    ap_hook_post_config(begin, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(child_begins, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_status(child_changes, NULL, NULL, APR_HOOK_MIDDLE);
    APR_OPTIONAL_HOOK(ap, status_hook, show, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_handler(handle_metrics, NULL, NULL, APR_HOOK_MIDDLE);
}
