#include "user_format.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

#include "policy.h"
#include "values.h"

const char *user_format_without_domain(const char *account)
{
    return (const char *)name_of_account(account).user.data;
}

const char *user_format_apply(apr_pool_t *pool, config_user_t format, const char *account,
                              const char *domain)
{
    const char *user = user_format_without_domain(account);
    switch (format) {
    case CONFIG_USER_NOT_SAID:
    case CONFIG_USER_STORE: return account;
    case CONFIG_USER_USER: return user;
    case CONFIG_USER_DOMAIN_USER:
        return *domain ? apr_pstrcat(pool, domain, "\\", user, NULL) : user;
    case CONFIG_USER_USER_AT_DOMAIN:
        return *domain ? apr_pstrcat(pool, user, "@", domain, NULL) : user;
    }
    return account;
}

/* ---- two accounts, one name ---- */

/* An account, and the name that it gets. */
typedef struct pair_t {
    const char *formatted, *account;
    const char *person; /* with the domain under its first name, if it has one */
    int source;
} pair_t;

typedef struct collection_t {
    apr_pool_t *pool;
    const dir_config_t *config;
    creds_home_t home;
    apr_array_header_t *pairs;
    int source; /* of what is collected now */
} collection_t;

static void collect(void *baton, const char *account)
{
    collection_t *all = baton;
    name_parts_t parts = name_of_account(account);
    const char *own = NULL;
    if (parts.apart)
        own = apr_pstrndup(all->pool, (const char *)parts.domain.data, parts.domain.len);
    pair_t *pair = apr_array_push(all->pairs);
    pair->source = all->source;
    pair->account = pair->person = account;
    if (own)
        pair->person = user_format_apply(all->pool, CONFIG_USER_DOMAIN_USER, account,
                                         creds_home_name(&all->home, own));
    pair->formatted = user_format_apply(all->pool, all->config->user_format, account,
                                        policy_domain_of(all->config, own));
}

/* Those of one source follow each other, where they have one name. */
static int by_formatted(const void *a, const void *b)
{
    const pair_t *x = a, *y = b;
    int order = unicode_casecmp(x->formatted, y->formatted);
    return order ? order : x->source - y->source;
}

/* Of two sources the first one decides about a person, so he is one account. */
static bool are_one(const pair_t *a, const pair_t *b)
{
    return a->source != b->source && unicode_casecmp(a->person, b->person) == 0;
}

/* Directories cannot be listed, and spell their accounts without a domain. */
static const char *check_domains(apr_pool_t *pool, const dir_config_t *config)
{
    const creds_home_t home = policy_home(config);
    const char *first = NULL;
    if (config->user_format > CONFIG_USER_USER) return NULL;
    for (int i = 0; i < config->credentials->nelts; i++) {
        const char *domain = APR_ARRAY_IDX(config->credentials, i, const creds_source_t *)->domain;
        if (first && domain && !creds_home_is_one(&home, first, domain))
            return apr_psprintf(pool,
                                "NTLMCredentials: users of the domains '%s' and '%s' may have one "
                                "name; write NTLMUserFormat domain\\user",
                                first, domain);
        if (!first) first = domain;
    }
    return NULL;
}

const char *user_format_check(apr_pool_t *pool, const dir_config_t *config)
{
    collection_t all = {pool, config, policy_home(config), apr_array_make(pool, 16, sizeof(pair_t)),
                        0};
    if (!config->credentials) return NULL;
    const char *why = check_domains(pool, config);
    if (why || config->user_format <= CONFIG_USER_STORE) return why;
    for (; all.source < config->credentials->nelts; all.source++) {
        const creds_source_t *source =
            APR_ARRAY_IDX(config->credentials, all.source, const creds_source_t *);
        if (source->backend->each) source->backend->each(source->opened, collect, &all);
    }
    pair_t *pairs = (pair_t *)all.pairs->elts;
    qsort(pairs, (size_t)all.pairs->nelts, sizeof *pairs, by_formatted);
    for (int i = 1; i < all.pairs->nelts; i++) {
        if (unicode_casecmp(pairs[i - 1].formatted, pairs[i].formatted) != 0 ||
            are_one(&pairs[i - 1], &pairs[i]))
            continue;
        return apr_psprintf(pool,
                            "NTLMUserFormat %s: the accounts '%s' and '%s' would both be '%s'; "
                            "write NTLMUserFormat store, or rename one of them",
                            value_user_format[config->user_format], pairs[i - 1].account,
                            pairs[i].account, pairs[i].formatted);
    }
    return NULL;
}
