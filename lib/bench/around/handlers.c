#include "handlers.h"

#include <string.h>

#include <httpd.h>

#include <http_config.h>

#include "../glue/bench.h"
#include "bodies.h"
#include "redirect.h"
#include "websocket.h"

static const struct {
    const char *name;
    int (*answer)(request_rec *r);
} handlers[] = {
    {"testbench-redirect", redirect_answer},
    {"testbench-body", bodies_answer},
    {"testbench-websocket", websocket_answer},
};

static int answer(request_rec *r)
{
    if (!r->handler || !bench_of(r)) return DECLINED;
    for (size_t i = 0; i < sizeof handlers / sizeof handlers[0]; i++)
        if (strcmp(r->handler, handlers[i].name) == 0) return handlers[i].answer(r);
    return DECLINED;
}

void handlers_register(void)
{
    ap_hook_handler(answer, NULL, NULL, APR_HOOK_FIRST);
}
