#include "domains.h"

#include <apr_strings.h>
#include <http_config.h>
#include <http_log.h>

#include "../config/conftree.h"
#include "../config/directives.h"
#include "../config/policy.h"

APLOG_USE_MODULE(auth_ntlmv2);

/* The accounts of a source that are of a domain, but not of this computer. */
typedef struct found_t {
    apr_pool_t *pool;
    creds_home_t home;
    const char *first, *domain; /* the first account, and its domain; NULL: there is none */
} found_t;

static void look(void *baton, const char *account)
{
    found_t *found = baton;
    const name_parts_t parts = name_of_account(account);
    if (found->first || !parts.apart) return;
    const char *domain =
        apr_pstrndup(found->pool, (const char *)parts.domain.data, parts.domain.len);
    if (creds_home_names(&found->home, domain)) return;
    found->first = account;
    found->domain = domain;
}

static void warn_about_source(apr_pool_t *pool, const config_place_t *place,
                              const creds_source_t *source, const creds_home_t *home)
{
    found_t found = {.pool = pool, .home = *home};
    if (!source->backend->each) return;
    source->backend->each(source->opened, look, &found);
    if (!found.first) return;
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, place->server,
                 "%s %s (%s:%d): '%s' is of a domain, and no NTLMDomain says that it is ours, so "
                 "who names none, or the one that the challenge names, as curl, Firefox, "
                 "go-ntlmssp and rclone do, is refused; write NTLMDomain %s",
                 place->at->directive, place->at->args, place->at->filename, place->at->line_num,
                 found.first, found.domain);
}

static bool has_domain(const server_rec *s)
{
    const ap_directive_t *at = conftree_find(ap_conftree, "NTLMDomain");
    while (at && !conftree_serves(at, s)) at = conftree_find(conftree_next(at), "NTLMDomain");
    return at != NULL;
}

static bool is_new(apr_array_header_t *seen, const creds_source_t *source)
{
    for (int i = 0; i < seen->nelts; i++)
        if (APR_ARRAY_IDX(seen, i, const creds_source_t *) == source) return false;
    APR_ARRAY_PUSH(seen, const creds_source_t *) = source;
    return true;
}

static creds_home_t home_of(apr_pool_t *pool, const config_place_t *place)
{
    void *around = ap_get_module_config(place->server->lookup_defaults, &auth_ntlmv2_module);
    dir_config_t said = *place->config;
    return policy_home(config_settled(pool, config_merge(pool, around, &said)));
}

/* The places of a server follow each other, as a rule: its directives are looked through once. */
void domains_warn(apr_pool_t *pconf, apr_pool_t *pool)
{
    const apr_array_header_t *places = config_places(pconf);
    apr_array_header_t *seen = apr_array_make(pool, 4, sizeof(const creds_source_t *));
    const server_rec *server = NULL;
    bool is_said = false;
    for (int i = 0; i < places->nelts; i++) {
        const config_place_t *place = &APR_ARRAY_IDX(places, i, config_place_t);
        const apr_array_header_t *sources = place->config->credentials;
        if (!sources) continue;
        if (place->server != server) is_said = has_domain(place->server);
        server = place->server;
        if (is_said) continue;
        const creds_home_t home = home_of(pool, place);
        for (int k = 0; k < sources->nelts; k++) {
            const creds_source_t *source = APR_ARRAY_IDX(sources, k, const creds_source_t *);
            if (is_new(seen, source)) warn_about_source(pool, place, source, &home);
        }
    }
}
