/* mod_counted: httpd under valgrind --tool=callgrind, for t/bench/instructions: GET /counted writes
 * down the instructions since the last time, and begins again from nought. vgdb would ask for that
 * too, but attaches to the process, which containers forbid.
 *
 *     SetHandler counted-cgi    a page by a handler that makes the variables of CGI, and no process
 */
#include <httpd.h>
#include <http_config.h>
#include <http_protocol.h>
#include <util_script.h>
#include <valgrind/callgrind.h>

static int write_down(request_rec *r)
{
    if (strcmp(r->uri, "/counted") != 0) return DECLINED;
    CALLGRIND_DUMP_STATS;
    return HTTP_NO_CONTENT;
}

static int as_cgi(request_rec *r)
{
    if (!r->handler || strcmp(r->handler, "counted-cgi") != 0) return DECLINED;
    ap_add_common_vars(r);
    ap_add_cgi_vars(r);
    ap_set_content_type(r, "text/plain");
    ap_set_content_length(r, 7);
    ap_rputs("a page\n", r);
    return OK;
}

static void hooks(apr_pool_t *pool)
{
    (void)pool;
    ap_hook_handler(write_down, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_handler(as_cgi, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(counted) = {STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, hooks, 0};
