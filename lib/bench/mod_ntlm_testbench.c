/* mod_ntlm_testbench - a server for authors of NTLM clients: every behaviour has an address, and
 * says what is wrong with a login. For tests alone: whatever protects something, never loads it.
 *
 * mod_auth_ntlmv2 answers the plain places (place/plain.c) and is watched from outside; what no
 * real server should do is done here, by the same acceptor and its checks. One process, so that one
 * history (record/history.h) holds all connections.
 */
#include <apr_strings.h>

#include <httpd.h>

#include <http_config.h>
#include <http_connection.h>
#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>
#include <http_request.h>

#include "../ntlm/crypto.h"
#include "around/handlers.h"
#include "fault/delivery.h"
#include "fault/offering.h"
#include "glue/answer.h"
#include "glue/arrival.h"
#include "glue/closing.h"
#include "glue/intake.h"
#include "glue/login.h"
#include "glue/tls_unique.h"
#include "page/pages.h"
#include "record/fates.h"
#include "record/history.h"
#include "glue/watch.h"

APLOG_USE_MODULE(ntlm_testbench);
extern module AP_MODULE_DECLARE_DATA ntlm_testbench_module;

static int begin(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp)
{
    (void)plog;
    (void)ptemp;
    const char *why = crypto_open();
    if (why) {
        ap_log_perror(APLOG_MARK, APLOG_CRIT, 0, pconf, "mod_ntlm_testbench: %s", why);
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    site_begin(pconf);
    return OK;
}

static void begin_child(apr_pool_t *pchild, server_rec *s)
{
    const site_t *site = site_of_bench();
    apr_status_t failed = history_open(pchild, site->history_records, site->history_bytes);
    if (!failed) failed = fates_open(pchild);
    if (failed) ap_log_error(APLOG_MARK, APLOG_CRIT, failed, s, "mod_ntlm_testbench: no history");
}

/* Pages are asked for by their names; all else is the echo. */
static int choose_handler(request_rec *r)
{
    const bench_t *bench = bench_of(r);
    if (!bench || bench->forwards || r->main || r->prev) return DECLINED;
    const place_row_t *row = bench->place.row;
    if (!row || bench->place.why)
        r->handler = "testbench-unknown";
    else
        r->handler = row->handler ? row->handler : "testbench-echo";
    return OK;
}

/* Nothing of the bench is a file. */
static int map_to_nothing(request_rec *r)
{
    return bench_of(r) && !r->proxyreq ? OK : DECLINED;
}

static int translate(request_rec *r)
{
    if (!bench_of(r) || r->proxyreq) return DECLINED;
    r->filename = apr_pstrcat(r->pool, "/testbench", r->uri, NULL);
    return OK;
}

static void register_hooks(apr_pool_t *pool)
{
    /* which finds out who takes us for one */
    static const char *const behind_proxy[] = {"mod_proxy.c", NULL};
    (void)pool;
    ap_hook_pre_config(begin, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(begin_child, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_pre_connection(bench_begin, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_post_read_request(arrival_look, behind_proxy, NULL, APR_HOOK_FIRST);
    ap_hook_translate_name(translate, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_map_to_storage(map_to_nothing, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_check_authn(login_check, NULL, NULL, APR_HOOK_FIRST, AP_AUTH_INTERNAL_PER_CONF);
    ap_hook_handler(answer_forward, NULL, NULL, APR_HOOK_REALLY_FIRST);
    ap_hook_fixups(choose_handler, NULL, NULL, APR_HOOK_LAST);
    ap_hook_insert_filter(answer_expect, NULL, NULL, APR_HOOK_LAST);
    ap_hook_insert_error_filter(answer_expect, NULL, NULL, APR_HOOK_LAST);
    ap_hook_insert_filter(delivery_expect, NULL, NULL, APR_HOOK_LAST);
    ap_hook_insert_error_filter(delivery_expect, NULL, NULL, APR_HOOK_LAST);
    ap_hook_error_log(watch_line, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_log_transaction(answer_log, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_log_transaction(login_leave, NULL, NULL, APR_HOOK_REALLY_LAST);
    ap_hook_pre_close_connection(closing_look, NULL, NULL, APR_HOOK_MIDDLE);
    tls_unique_register();
    answer_register();
    delivery_register();
    offering_register();
    intake_register();
    pages_register();
    handlers_register();
}

module AP_MODULE_DECLARE_DATA __attribute__((visibility("default"))) ntlm_testbench_module = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, site_directives, register_hooks, 0,
};
