#include "policy.h"

#include <string.h>

#include "values.h"

enum { CHALLENGE_LIFETIME = 60, IDENTITY_LIFETIME = 3600 }; /* seconds, the defaults */

/* Written by policy_learn_host() before the children exist. */
static const config_names_t *this_host;

/* ---- defaults ---- */

static config_demand_t binding_demand(const dir_config_t *config)
{
    return config->extended_protection ? config->extended_protection : CONFIG_DEMAND_ALLOW;
}

static config_demand_t service_demand(const dir_config_t *config)
{
    return config->services ? config->services->demand : CONFIG_DEMAND_OFF;
}

/* ---- scopes ---- */

static bool says_the_same(const dir_config_t *a, const dir_config_t *b)
{
    for (const command_rec *directive = config_directives; directive->name; directive++) {
        const config_member_t *member = directive->cmd_data;
        if (memcmp((const char *)a + member->offset, (const char *)b + member->offset,
                   member->size) != 0)
            return false;
    }
    return true;
}

/* Defaults filled in, and what says nothing about a proven login left out. */
policy_scope_t policy_scope(const server_rec *server, const dir_config_t *config)
{
    policy_scope_t scope = {server, *config};
    if (!scope.config.computer) scope.config.computer = this_host;
    if (scope.config.accept_domains && scope.config.accept_domains->any)
        scope.config.accept_domains = NULL;
    if (!scope.config.identity_lifetime)
        scope.config.identity_lifetime = apr_time_from_sec(IDENTITY_LIFETIME);
    if (!scope.config.user_format) scope.config.user_format = CONFIG_USER_STORE;
    if (!scope.config.proxied) scope.config.proxied = CONFIG_PROXIED_REQUEST;
    if (!scope.config.persistence) scope.config.persistence = CONFIG_PERSISTENCE_CONNECTION;
    if (!scope.config.require_tls) scope.config.require_tls = CONFIG_OFF;
    if (!scope.config.require_mic) scope.config.require_mic = CONFIG_OFF;
    scope.config.extended_protection = binding_demand(config);
    if (service_demand(config) == CONFIG_DEMAND_OFF) scope.config.services = NULL;
    scope.config.challenge_lifetime = 0;
    scope.config.throttle = NULL;
    return scope;
}

bool policy_scope_covers(const policy_scope_t *scope, const server_rec *server,
                         const dir_config_t *config)
{
    const policy_scope_t other = policy_scope(server, config);
    return scope->server == other.server && says_the_same(&scope->config, &other.config);
}

/* ---- for the core ---- */

void policy_learn_host(apr_pool_t *pconf)
{
    this_host = value_host_names(pconf);
}

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

ntlm_policy_t policy_of(const dir_config_t *config)
{
    const config_names_t *computer = config->computer ? config->computer : this_host;
    const config_names_t *domain = config->domain ? config->domain : computer;
    const config_list_t *accepted = config->accept_domains;
    return (ntlm_policy_t){
        .nb_computer = computer->netbios_utf16,
        .dns_computer = computer->dns_utf16,
        .nb_domain = domain->netbios_utf16,
        .dns_domain = domain->dns_utf16,
        .domain_joined = config->domain != NULL,
        .accept_domains = accepted && !accepted->any ? accepted->names : NULL,
        .challenge_lifetime = config->challenge_lifetime ? config->challenge_lifetime
                                                         : apr_time_from_sec(CHALLENGE_LIFETIME),
        .require_mic = config->require_mic == CONFIG_ON,
        .binding = demand_of(binding_demand(config)),
        .service = demand_of(service_demand(config)),
    };
}

bool policy_login_expired(const dir_config_t *config, apr_time_t proven, apr_time_t now)
{
    apr_interval_time_t lifetime = config->identity_lifetime;
    if (lifetime == CONFIG_FOR_EVER) return false;
    if (!lifetime) lifetime = apr_time_from_sec(IDENTITY_LIFETIME);
    return now < proven || now - proven > lifetime;
}

const char *policy_default_domain(const dir_config_t *config)
{
    return config->domain ? config->domain->netbios : NULL;
}
