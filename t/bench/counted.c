/* mod_counted: httpd under valgrind --tool=callgrind, for t/bench/instructions: GET /counted writes
 * down the instructions since the last time, and begins again from nought. vgdb would ask for that
 * too, but attaches to the process, which containers forbid. */
#include <httpd.h>
#include <http_config.h>
#include <http_protocol.h>
#include <valgrind/callgrind.h>

static int write_down(request_rec *r)
{
    if (strcmp(r->uri, "/counted") != 0) return DECLINED;
    CALLGRIND_DUMP_STATS;
    return HTTP_NO_CONTENT;
}

static void hooks(apr_pool_t *pool)
{
    (void)pool;
    ap_hook_handler(write_down, NULL, NULL, APR_HOOK_FIRST);
}

AP_DECLARE_MODULE(counted) = {STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, hooks, 0};
