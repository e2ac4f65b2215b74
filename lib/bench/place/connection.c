#include <errno.h>
#include <stdlib.h>

#include "tables.h"

/* A decimal number from 1 to most; 0 for anything else. */
static unsigned number(const char *text, unsigned most)
{
    char *end;
    if (*text < '0' || *text > '9') return 0;
    errno = 0;
    const unsigned long value = strtoul(text, &end, 10);
    return errno || *end || value > most ? 0 : (unsigned)value;
}

static const char *requests(unsigned *member, const place_args_t *args)
{
    *member = number(args->segments[0], 1000000);
    return *member ? NULL : "it is a number of requests, from 1 to 1000000";
}

static const char *lifetime(unsigned *member, const place_args_t *args)
{
    *member = number(args->segments[0], 3600000);
    return *member ? NULL : "it is a number of milliseconds, from 1 to 3600000";
}

static const char *login_requests(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    (void)pool;
    return requests(&settings->login_requests, args);
}

static const char *keep_alive(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    (void)pool;
    return requests(&settings->keepalive_requests, args);
}

static const char *login_life(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    (void)pool;
    return lifetime(&settings->login_ms, args);
}

static const char *challenge_life(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    (void)pool;
    return lifetime(&settings->challenge_ms, args);
}

static const char *idle(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    (void)pool;
    settings->idle_ms = number(args->segments[0], 60000);
    return settings->idle_ms ? NULL : "it is a number of milliseconds, from 1 to 60000";
}

const place_row_t connection_places[] = {
    {.pattern = "/login-for/{requests}",
     .sentence = "a login is good for so many requests, its own among them",
     .kind = PLACE_OWN,
     .example = "/login-for/1",
     .configure = login_requests},
    {.pattern = "/keep-alive/{requests}",
     .sentence = "the connection closes behind so many requests, between challenge and answer, too",
     .kind = PLACE_OWN,
     .example = "/keep-alive/2",
     .configure = keep_alive},
    {.pattern = "/idle/{ms}",
     .sentence = "the connection closes when a challenge is not answered within that time",
     .kind = PLACE_OWN,
     .example = "/idle/200",
     .configure = idle},
    {.pattern = "/lifetime/challenge/{ms}",
     .sentence = "a challenge is good for that time; its connection stays",
     .kind = PLACE_OWN,
     .example = "/lifetime/challenge/200",
     .configure = challenge_life},
    {.pattern = "/lifetime/login/{ms}",
     .sentence = "a login is good for that time",
     .kind = PLACE_OWN,
     .example = "/lifetime/login/200",
     .configure = login_life},
    {.pattern = NULL},
};
