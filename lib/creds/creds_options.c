#include "creds_options.h"

#include <string.h>

#include <apr_strings.h>

#include "../ntlm/unicode.h"

static const creds_option_t *find(const creds_option_t *known, const char *name)
{
    for (; known && known->name; known++)
        if (strcmp(known->name, name) == 0) return known;
    return NULL;
}

static const char *unknown(apr_pool_t *pool, const char *backend, const creds_option_t *known,
                           const char *name)
{
    const char *list = "";
    if (known && known->name && !known[1].name)
        return apr_psprintf(pool, "%s knows no option '%s'; only %s=%s", backend, name, known->name,
                            known->kind == CREDS_SWITCH ? "on|off" : "...");
    for (const creds_option_t *at = known; at && at->name; at++)
        list = apr_pstrcat(pool, list, at == known ? "" : ", ", at->name, "=", NULL);
    return apr_psprintf(pool, "%s knows no option '%s'; known: %s", backend, name,
                        *list ? list : "none");
}

static bool is_seconds(const char *value, int most)
{
    size_t len = strlen(value);
    return len > 0 && len < 6 && strspn(value, "0123456789") == len && apr_atoi64(value) <= most;
}

static bool is_domain(const char *value)
{
    return *value && strlen(value) < 256 && unicode_is_name(value) && !strpbrk(value, "\\@");
}

static bool is_of_kind(const creds_option_t *option, const char *value)
{
    if (option->kind == CREDS_SWITCH) return strcmp(value, "on") == 0 || strcmp(value, "off") == 0;
    if (option->kind == CREDS_SECONDS) return is_seconds(value, option->most);
    return strcmp(option->name, CREDS_OPTION_DOMAIN) != 0 || is_domain(value);
}

const char *creds_option_check(apr_pool_t *pool, const char *backend, const creds_option_t *known,
                               const char *name, const char *value)
{
    const creds_option_t *option = find(known, name);
    if (!option) return unknown(pool, backend, known, name);
    return is_of_kind(option, value) ? NULL : option->help;
}

const char *creds_options_check(apr_pool_t *pool, const char *backend, const creds_option_t *known,
                                const apr_table_t *given)
{
    const apr_array_header_t *all = apr_table_elts(given);
    const char *why = NULL;
    for (int i = 0; i < all->nelts && !why; i++) {
        const apr_table_entry_t *option = &APR_ARRAY_IDX(all, i, apr_table_entry_t);
        why = creds_option_check(pool, backend, known, option->key, option->val);
    }
    return why;
}

const char *creds_option(const creds_option_t *known, const apr_table_t *given, const char *name)
{
    const creds_option_t *option = find(known, name);
    const char *value = option ? apr_table_get(given, name) : NULL;
    return value || !option ? value : option->fallback;
}

bool creds_option_is_on(const creds_option_t *known, const apr_table_t *given, const char *name)
{
    const char *value = creds_option(known, given, name);
    return value && strcmp(value, "on") == 0;
}

apr_interval_time_t creds_option_time(const creds_option_t *known, const apr_table_t *given,
                                      const char *name)
{
    const char *value = creds_option(known, given, name);
    return value ? apr_time_from_sec(apr_atoi64(value)) : 0;
}
