#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tables.h"

enum { BODY_MAX = 64 << 20 };

static const char *redirect(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    static const struct {
        const char *text;
        int status;
    } codes[] = {{"301", 301}, {"302", 302}, {"303", 303}, {"307", 307}, {"308", 308}};
    const char *host = args->segments[1];
    (void)pool;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (strcmp(args->segments[0], codes[i].text) == 0) settings->redirect = codes[i].status;
    settings->redirect_away = strcmp(host, "other") == 0;
    if (!settings->redirect) return "redirects are 301, 302, 303, 307 and 308";
    if (!settings->redirect_away && strcmp(host, "same") != 0)
        return "a redirect leads to the \"same\" host or to the \"other\"";
    return NULL;
}

static const char *body(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    const char *text = args->segments[0];
    char *end = NULL;
    (void)pool;
    errno = 0;
    settings->body = strtoull(text, &end, 10);
    if (errno || *end || !*text || !strchr("0123456789", *text) || settings->body > BODY_MAX)
        return "a body has up to 67108864 bytes, as in /bytes/1000000";
    return NULL;
}

static const char *chunked(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    settings->chunked = true;
    return body(pool, settings, args);
}

const place_row_t around_places[] = {
    {.pattern = "/redirect/{status}/{host}",
     .sentence = "sends who comes to the further path, or to /ntlm, of the same host or the other, "
                 "without a login",
     .kind = PLACE_PAGE,
     .example = "/redirect/302/other/ntlm",
     .handler = "testbench-redirect",
     .configure = redirect},
    {.pattern = "/login-redirect/{status}/{host}",
     .sentence = "the same behind a login",
     .kind = PLACE_OWN,
     .example = "/login-redirect/307/same/mic",
     .handler = "testbench-redirect",
     .configure = redirect},
    {.pattern = "/bytes/{count}",
     .sentence = "the answer has so many bytes",
     .kind = PLACE_OWN,
     .example = "/bytes/1000000",
     .handler = "testbench-body",
     .configure = body},
    {.pattern = "/chunked/{count}",
     .sentence = "the same in chunks, without a Content-Length",
     .kind = PLACE_OWN,
     .example = "/chunked/1000000",
     .handler = "testbench-body",
     .configure = chunked},
    {.pattern = "/websocket",
     .sentence = "a WebSocket behind a login, which gives back each frame",
     .kind = PLACE_OWN,
     .handler = "testbench-websocket"},
    {.pattern = NULL},
};
