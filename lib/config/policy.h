/* policy.h - what a settled configuration (config_settled()) comes to, for a login and the core. */
#ifndef NTLM_CONFIG_POLICY_H
#define NTLM_CONFIG_POLICY_H

#include "../ntlm/ntlm_policy.h"
#include "config.h"

/* What a challenge or a login is good for: one server, and configurations that come
 * to the same accounts and the same policy, whichever of their values are said and
 * whichever are defaults. */
typedef struct policy_scope_t {
    const server_rec *server;
    dir_config_t config;
} policy_scope_t;

/* Borrows what the configuration points to, which lives as long as httpd's configuration. */
policy_scope_t policy_scope(const server_rec *server, const dir_config_t *config);
bool policy_scope_covers(const policy_scope_t *scope, const server_rec *server,
                         const dir_config_t *config);

/* The policy for the core, but without what only a proof is compared
 * with: the names of services, and the bindings (tls.h). It borrows from the configuration and
 * from pool. Where NTLMAcceptDomains lists a name that is ours, all of the same are accepted. */
ntlm_policy_t policy_of(apr_pool_t *pool, const dir_config_t *config);

/* Fills in the names of this server: ServerName, ServerAlias, and what NTLMServiceNames
 * lists. host: the one that the client asked for, or NULL; it decides about an alias with
 * wildcards. They live as long as pool. */
void policy_services(apr_pool_t *pool, const server_rec *server, const char *host,
                     const dir_config_t *config, ntlm_policy_t *policy);

/* True when a login that was proven then has lasted too long now; both in ticks (clock.h). */
bool policy_login_expired(const dir_config_t *config, apr_time_t proven, apr_time_t now);

/* Whether a password may be taken by Basic on such a connection. Never where a login is
 * demanded to be more than a password: it would be the way round that. */
bool policy_allows_basic(const dir_config_t *config, bool has_tls);

/* The domains that are ours, for creds_login(); of what is not settled, as far as it is said. */
creds_home_t policy_home(const dir_config_t *config);

/* NTLMUserFormat, but that the name of an account which a controller has let in always holds its
 * domain where accounts of several domains may come: NTLMAcceptDomains names others than his own,
 * or there is more than one controller. */
config_user_t policy_user_format(const dir_config_t *config, const creds_source_t *source);

/* The domain that an account belongs to: own, as its source spells it, or NTLMDomain if that is
 * NULL;
 * "" without either. */
const char *policy_domain_of(const dir_config_t *config, const char *own);

#endif
