#include "policy.h"

#include <string.h>

#include "../creds/verify/verify.h"
#include "directives.h"
#include "names.h"

/* ---- scopes ---- */

policy_scope_t policy_scope(const server_rec *server, const dir_config_t *config)
{
    return (policy_scope_t){server, *config};
}

/* Mostly they are the same bytes; others may still say the same. */
bool policy_scope_covers(const policy_scope_t *scope, const server_rec *server,
                         const dir_config_t *config)
{
    const bytes_t proven_for = {(const uint8_t *)&scope->config, sizeof *config};
    if (scope->server != server) return false;
    return bytes_equal(proven_for, (bytes_t){(const uint8_t *)config, sizeof *config}) ||
           config_is_same(config_directives, &scope->config, config);
}

/* ---- for the core ---- */

static ntlm_demand_t demand_of(config_demand_t demand)
{
    if (demand == CONFIG_DEMAND_REQUIRE) return NTLM_REQUIRE;
    return demand == CONFIG_DEMAND_ALLOW ? NTLM_ALLOW : NTLM_OFF;
}

static void push_all(apr_array_header_t *hosts, const apr_array_header_t *names)
{
    for (int i = 0; names && i < names->nelts; i++)
        APR_ARRAY_PUSH(hosts, const char *) = APR_ARRAY_IDX(names, i, const char *);
}

/* An alias that fits every name says nothing of whose names they are. */
static bool names_somebody(const char *alias)
{
    return alias[strspn(alias, "*?.")] != '\0';
}

/* Of an alias with wildcards the name that the client asked for, if it fits. */
void policy_services(apr_pool_t *pool, const server_rec *server, const char *host,
                     const dir_config_t *config, ntlm_policy_t *policy)
{
    const char *const *listed = config->services ? config->services->hosts : NULL;
    apr_array_header_t *hosts = apr_array_make(pool, 4, sizeof(const char *));
    if (server->server_hostname) APR_ARRAY_PUSH(hosts, const char *) = server->server_hostname;
    push_all(hosts, server->names);
    for (int i = 0; server->wild_names && host && i < server->wild_names->nelts; i++) {
        const char *alias = APR_ARRAY_IDX(server->wild_names, i, const char *);
        if (names_somebody(alias) && ap_strcasecmp_match(host, alias) == 0)
            APR_ARRAY_PUSH(hosts, const char *) = host;
    }
    for (; listed && *listed; listed++) APR_ARRAY_PUSH(hosts, const char *) = *listed;
    APR_ARRAY_PUSH(hosts, const char *) = NULL;
    policy->service_hosts = (const char *const *)hosts->elts;
}

/* ---- what is ours ---- */

/* The first source that has somebody to say what we are called, if he has said it; or NULL. */
static const creds_source_t *namer_of(const dir_config_t *config)
{
    const apr_array_header_t *sources = config->credentials;
    for (int i = 0; sources && i < sources->nelts; i++) {
        const creds_source_t *source = APR_ARRAY_IDX(sources, i, const creds_source_t *);
        if (verify_names(source)) return source;
    }
    return NULL;
}

creds_home_t policy_home(const dir_config_t *config)
{
    const creds_source_t *namer = config->domain ? NULL : namer_of(config);
    creds_home_t home = {.domain = config->domain ? config->domain->all : NULL,
                         .computer = config->computer ? config->computer->all : NULL};
    if (namer) home.domain = verify_domains(namer);
    return home;
}

const char *policy_domain_of(const dir_config_t *config, const char *own)
{
    const creds_home_t home = policy_home(config);
    if (own) return own;
    return home.domain ? home.domain[0] : "";
}

static bool names_others(const config_list_t *accepted, const creds_home_t *home,
                         const creds_source_t *source)
{
    const char *const *own = verify_domains(source);
    for (const char *const *name = accepted ? accepted->names : NULL; name && *name; name++)
        if (!(own && name_is_listed(own, *name)) && !creds_home_names(home, *name)) return true;
    return false;
}

config_user_t policy_user_format(const dir_config_t *config, const creds_source_t *source)
{
    const apr_array_header_t *sources = config->credentials;
    int deciders = 0;
    if (!source->decide || config->user_format > CONFIG_USER_USER) return config->user_format;
    const creds_home_t home = policy_home(config);
    for (int i = 0; i < sources->nelts; i++)
        deciders += APR_ARRAY_IDX(sources, i, const creds_source_t *)->decide != NULL;
    const bool several = deciders > 1 || names_others(config->accept_domains, &home, source) ||
                         !(verify_domains(source) || config->domain);
    return several ? CONFIG_USER_DOMAIN_USER : config->user_format;
}

static void accept_all(apr_array_header_t *accepted, const char *const *names)
{
    for (; *names; names++) APR_ARRAY_PUSH(accepted, const char *) = *names;
}

/* NULL: any. */
static const char *const *domains_accepted(apr_pool_t *pool, const dir_config_t *config)
{
    if (!config->accept_domains) return NULL;
    const creds_home_t home = policy_home(config);
    apr_array_header_t *accepted = apr_array_make(pool, 16, sizeof(const char *));
    const char *const *listed = config->accept_domains->names;
    for (; *listed; listed++) {
        const char *const alone[] = {*listed, NULL};
        const char *const *ours = creds_home_names(&home, *listed);
        accept_all(accepted, ours ? ours : alone);
    }
    APR_ARRAY_PUSH(accepted, const char *) = NULL;
    return (const char *const *)accepted->elts;
}

/* While one of them cannot be asked, others may still have the account: so a challenge is made. */
static void learn(apr_pool_t *pool, const dir_config_t *config)
{
    const apr_array_header_t *sources = config->credentials;
    for (int i = 0; sources && i < sources->nelts; i++) {
        const creds_source_t *source = APR_ARRAY_IDX(sources, i, const creds_source_t *);
        if (source->decide) (void)verify_learn(source, pool);
    }
}

/* A name that contradicts the controller's makes every login fail there; what nobody has said here
 * is what he says. */
static void take_names(apr_pool_t *pool, const dir_config_t *config, ntlm_policy_t *policy)
{
    learn(pool, config);
    const creds_source_t *namer = namer_of(config);
    if (!namer) return;
    const creds_names_t *names = verify_names(namer);
    if (!config->domain) {
        policy->domain_joined = true;
        policy->nb_domain = names_to_utf16(pool, names->domain);
        policy->dns_domain = names_to_utf16(pool, names->dns);
    }
    if (names->computer && !config_says_computer(config))
        policy->nb_computer = names_to_utf16(pool, names->computer);
}

ntlm_policy_t policy_of(apr_pool_t *pool, const dir_config_t *config)
{
    const config_names_t *computer = config->computer;
    const config_names_t *domain = config->domain ? config->domain : computer;
    ntlm_policy_t policy = {
        .nb_computer = computer->netbios_utf16,
        .dns_computer = computer->dns_utf16,
        .nb_domain = domain->netbios_utf16,
        .dns_domain = domain->dns_utf16,
        .domain_joined = config->domain != NULL,
        .accept_domains = domains_accepted(pool, config),
        .challenge_lifetime = config->challenge_lifetime,
        .require_mic = config->require_mic == CONFIG_ON,
        .binding = demand_of(config->extended_protection),
        .service = config->services ? demand_of(config->services->demand) : NTLM_OFF,
    };
    take_names(pool, config, &policy);
    return policy;
}

bool policy_login_expired(const dir_config_t *config, apr_time_t proven, apr_time_t now)
{
    const apr_interval_time_t lifetime = config->identity_lifetime;
    if (lifetime == CONFIG_FOR_EVER) return false;
    return now < proven || now - proven > lifetime;
}

bool policy_allows_basic(const dir_config_t *config, bool has_tls)
{
    const config_services_t *services = config->services;
    bool demands_more = config->require_mic == CONFIG_ON ||
                        config->extended_protection == CONFIG_DEMAND_REQUIRE ||
                        (services && services->demand == CONFIG_DEMAND_REQUIRE);
    return !demands_more && (has_tls || config->basic_without_tls == CONFIG_ON);
}
