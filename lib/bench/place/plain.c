#include "tables.h"

static const char *mic(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    (void)pool;
    (void)args;
    settings->require_mic = true;
    return NULL;
}

static const char *epa_allow(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    (void)pool;
    (void)args;
    settings->binding = NTLM_ALLOW;
    return NULL;
}

static const char *epa_require(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    (void)pool;
    (void)args;
    settings->binding = NTLM_REQUIRE;
    return NULL;
}

static const char *spn_require(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    (void)pool;
    (void)args;
    settings->service = NTLM_REQUIRE;
    return NULL;
}

static const char *tls_only(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    (void)pool;
    (void)args;
    settings->tls_only = true;
    return NULL;
}

/* Their Locations are written by support/ntlm-testbench; what is set here tells the same to who
 * judges a login again. */
const place_row_t plain_places[] = {
    {.pattern = "/ntlm",
     .sentence = "NTLM as production does it, with the accounts of the bench",
     .kind = PLACE_PLAIN,
     .exact = true},
    {.pattern = "/mic",
     .sentence = "a Type 3 without a MIC is refused",
     .kind = PLACE_PLAIN,
     .configure = mic},
    {.pattern = "/epa/allow",
     .sentence = "a channel binding must fit if there is one (Extended Protection)",
     .kind = PLACE_PLAIN,
     .configure = epa_allow},
    {.pattern = "/epa/require",
     .sentence = "a channel binding must be there, and fit (Extended Protection): over TLS alone",
     .kind = PLACE_PLAIN,
     .configure = epa_require},
    {.pattern = "/spn/require",
     .sentence = "MsvAvTargetName must be there, and name this server",
     .kind = PLACE_PLAIN,
     .configure = spn_require},
    {.pattern = "/tls-only",
     .sentence = "logins are made over TLS only",
     .kind = PLACE_PLAIN,
     .configure = tls_only},
    {.pattern = NULL},
};
