#include "pages.h"

#include <string.h>

#include <httpd.h>

#include <http_config.h>
#include <http_core.h>
#include <http_protocol.h>

#include "../record/history.h"
#include "decoded.h"
#include "echo.h"
#include "expect.h"
#include "index.h"
#include "page.h"
#include "refusal.h"
#include "verdict.h"

static int health(request_rec *r)
{
    return page_say(r, HTTP_OK, "ok");
}

static int reset(request_rec *r)
{
    if (r->method_number != M_POST) {
        apr_table_setn(r->err_headers_out, "Allow", "POST");
        return page_say(r, HTTP_METHOD_NOT_ALLOWED, "forgetting is done with POST");
    }
    history_reset(bench_of(r)->place.run);
    return page_say(r, HTTP_OK, "forgotten");
}

static int unknown(request_rec *r)
{
    return page_say(r, HTTP_NOT_FOUND, bench_of(r)->place.why);
}

static const struct {
    const char *name;
    int (*answer)(request_rec *r);
} handlers[] = {
    {"testbench-echo", echo_answer},      {"testbench-index", index_page},
    {"testbench-index-json", index_json}, {"testbench-style", index_style},
    {"testbench-login", decoded_page},    {"testbench-last", verdict_page},
    {"testbench-expect", expect_page},    {"testbench-health", health},
    {"testbench-reset", reset},           {"testbench-unknown", unknown},
};

static int answer(request_rec *r)
{
    if (!r->handler || !bench_of(r)) return DECLINED;
    for (size_t i = 0; i < sizeof handlers / sizeof handlers[0]; i++)
        if (strcmp(r->handler, handlers[i].name) == 0) return handlers[i].answer(r);
    return DECLINED;
}

void pages_register(void)
{
    ap_hook_handler(answer, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_insert_error_filter(refusal_expect, NULL, NULL, APR_HOOK_LAST);
    refusal_register();
}
