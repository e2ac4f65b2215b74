#include "tables.h"

static const char *user_and_password(apr_pool_t *pool, settings_t *settings,
                                     const place_args_t *args)
{
    (void)pool;
    settings->domain = "";
    settings->user = args->segments[0];
    settings->password = args->segments[1];
    return *settings->user ? NULL : "the name of the user is empty";
}

static const char *with_domain(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    (void)pool;
    settings->domain = args->segments[0];
    settings->user = args->segments[1];
    settings->password = args->segments[2];
    return *settings->user ? NULL : "the name of the user is empty";
}

static const char *of_domain(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    (void)pool;
    settings->accept_domain = args->segments[0];
    return NULL;
}

static const char *strictly(apr_pool_t *pool, settings_t *settings, const place_args_t *args)
{
    (void)pool;
    (void)args;
    settings->strict = true;
    return NULL;
}

const place_row_t account_places[] = {
    {.pattern = "/ntlm/{user}/{password}",
     .sentence = "the account stands in the path; any domain is right",
     .kind = PLACE_OWN,
     .exact = true,
     .example = "/ntlm/bob/Second-Breakfast2",
     .configure = user_and_password},
    {.pattern = "/ntlm/{domain}/{user}/{password}",
     .sentence = "the same with its domain",
     .kind = PLACE_OWN,
     .exact = true,
     .example = "/ntlm/SHIRE/bob/Second-Breakfast2",
     .configure = with_domain},
    {.pattern = "/domain/{name}",
     .sentence = "only users of that domain are let in",
     .kind = PLACE_OWN,
     .example = "/domain/WONDERLAND",
     .configure = of_domain},
    {.pattern = "/strict",
     .sentence = "whoever earns a warning is refused",
     .kind = PLACE_OWN,
     .configure = strictly},
    {.pattern = NULL},
};
