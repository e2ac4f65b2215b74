#include "config.h"

#include <string.h>

#include <apr_strings.h>

#include "intern.h"
#include "sources.h"
#include "user_format.h"
#include "values.h"

enum {
    CHALLENGE_LIFETIME_MAX = 3600,
    CHALLENGE_LIFETIME = 60,
    IDENTITY_LIFETIME_MAX = 31536000,
    IDENTITY_LIFETIME = 3600,
    FOR_EVER = -1, /* of an identity */
};

/* Which member of dir_config_t a directive owns: its command_rec's cmd_data. */
typedef struct member_t {
    apr_size_t offset, size;
} member_t;

/* Written by config_learn_host() before the children exist. */
static const config_names_t *this_host;

/* The member of a directive, as a pointer of its own type. */
static void *member_of(const cmd_parms *cmd, void *dir)
{
    const member_t *member = cmd->info;
    return (char *)dir + member->offset;
}

/* ---- NTLMCredentials ---- */

static const char *set_credentials(cmd_parms *cmd, void *dir, int argc, char *const argv[])
{
    const apr_array_header_t **sources = member_of(cmd, dir);
    const char *why = sources_add(cmd, argc, argv, sources);
    return why ? apr_pstrcat(cmd->pool, "NTLMCredentials", why, NULL) : NULL;
}

/* ---- NTLMDomain, NTLMComputer ---- */

/* A setter's complaint begins with the directive. */
static const char *in_words(const cmd_parms *cmd, const char *why)
{
    return why ? apr_pstrcat(cmd->pool, cmd->cmd->name, ": ", why, NULL) : NULL;
}

static const char *set_names(cmd_parms *cmd, void *dir, const char *netbios, const char *dns)
{
    return in_words(cmd, value_names(cmd->pool, netbios, dns, member_of(cmd, dir)));
}

/* ---- NTLMAcceptDomains, NTLMChallengeLifetime ---- */

static const char *set_accept_domains(cmd_parms *cmd, void *dir, int argc, char *const argv[])
{
    return in_words(cmd, value_domains(cmd->pool, argc, argv, member_of(cmd, dir)));
}

static const char *set_challenge_lifetime(cmd_parms *cmd, void *dir, const char *text)
{
    return in_words(cmd,
                    value_seconds(cmd->pool, text, CHALLENGE_LIFETIME_MAX, member_of(cmd, dir)));
}

static const char *set_identity_lifetime(cmd_parms *cmd, void *dir, const char *text)
{
    apr_interval_time_t *interval = member_of(cmd, dir);
    if (ap_cstr_casecmp(text, "off") == 0) {
        *interval = FOR_EVER;
        return NULL;
    }
    const char *why =
        in_words(cmd, value_seconds(cmd->pool, text, IDENTITY_LIFETIME_MAX, interval));
    return why ? apr_pstrcat(cmd->pool, why, ", or off", NULL) : NULL;
}

/* ---- NTLMUserFormat ---- */

/* A place that says it: what it inherits is known only when all is read. */
typedef struct place_t {
    const server_rec *server;
    dir_config_t *config;
} place_t;

static apr_array_header_t *places(apr_pool_t *pconf)
{
    static const char key[] = "places with NTLMUserFormat";
    apr_array_header_t *all = intern_find(pconf, key);
    if (all) return all;
    all = apr_array_make(pconf, 2, sizeof(place_t));
    intern_keep(pconf, key, all);
    return all;
}

static const char *set_user_format(cmd_parms *cmd, void *dir, const char *text)
{
    config_user_t *format = member_of(cmd, dir);
    *format = user_format_parse(text);
    if (*format == CONFIG_USER_NOT_SAID)
        return apr_psprintf(cmd->pool,
                            "NTLMUserFormat: '%s' is none of store, user, domain\\user and "
                            "user@domain",
                            text);
    place_t *place = apr_array_push(places(cmd->pool));
    *place = (place_t){cmd->server, dir};
    return NULL;
}

const apr_array_header_t *config_with_user_format(apr_pool_t *pool, apr_pool_t *pconf)
{
    const apr_array_header_t *said = places(pconf);
    apr_array_header_t *merged =
        apr_array_make(pool, said->nelts + 1, sizeof(const dir_config_t *));
    for (int i = 0; i < said->nelts; i++) {
        const place_t *place = &APR_ARRAY_IDX(said, i, place_t);
        void *base = ap_get_module_config(place->server->lookup_defaults, &auth_ntlmv2_module);
        APR_ARRAY_PUSH(merged, const dir_config_t *) = config_merge(pool, base, place->config);
    }
    return merged;
}

/* ---- the table ---- */

#define OWNS(member)                                                                               \
    &(member_t)                                                                                    \
    {                                                                                              \
        offsetof(dir_config_t, member), sizeof(((dir_config_t *)0)->member)                        \
    }
enum { ANYWHERE_BUT_HTACCESS = RSRC_CONF | ACCESS_CONF };

const command_rec config_directives[] = {
    AP_INIT_TAKE_ARGV("NTLMCredentials", set_credentials, OWNS(credentials), ANYWHERE_BUT_HTACCESS,
                      "where accounts are: 'file PATH'; may be repeated, asked in order"),
    AP_INIT_TAKE12("NTLMDomain", set_names, OWNS(domain), ANYWHERE_BUT_HTACCESS,
                   "the domain's NetBIOS name, and its DNS name"),
    AP_INIT_TAKE12("NTLMComputer", set_names, OWNS(computer), ANYWHERE_BUT_HTACCESS,
                   "this computer's NetBIOS name, and its DNS name"),
    AP_INIT_TAKE_ARGV("NTLMAcceptDomains", set_accept_domains, OWNS(accept_domains),
                      ANYWHERE_BUT_HTACCESS, "domains a client may name, or * for any"),
    AP_INIT_TAKE1("NTLMChallengeLifetime", set_challenge_lifetime, OWNS(challenge_lifetime),
                  ANYWHERE_BUT_HTACCESS, "seconds that a challenge waits for its answer"),
    AP_INIT_TAKE1("NTLMIdentityLifetime", set_identity_lifetime, OWNS(identity_lifetime),
                  ANYWHERE_BUT_HTACCESS, "seconds that a connection's login lasts, or off"),
    AP_INIT_TAKE1("NTLMUserFormat", set_user_format, OWNS(user_format), ANYWHERE_BUT_HTACCESS,
                  "store, user, domain\\user or user@domain"),
    {NULL, {NULL}, NULL, 0, RAW_ARGS, NULL}};

/* ---- creating, merging, comparing ---- */

void *config_create(apr_pool_t *pool, char *dir)
{
    (void)dir;
    return apr_pcalloc(pool, sizeof(dir_config_t));
}

static bool is_said(const char *bytes, apr_size_t size)
{
    for (apr_size_t i = 0; i < size; i++)
        if (bytes[i]) return true;
    return false;
}

void *config_merge(apr_pool_t *pool, void *base, void *add)
{
    char *merged = apr_pmemdup(pool, base, sizeof(dir_config_t));
    for (const command_rec *directive = config_directives; directive->name; directive++) {
        const member_t *member = directive->cmd_data;
        const char *said = (const char *)add + member->offset;
        if (is_said(said, member->size)) memcpy(merged + member->offset, said, member->size);
    }
    return merged;
}

static bool says_the_same(const dir_config_t *a, const dir_config_t *b)
{
    for (const command_rec *directive = config_directives; directive->name; directive++) {
        const member_t *member = directive->cmd_data;
        if (memcmp((const char *)a + member->offset, (const char *)b + member->offset,
                   member->size) != 0)
            return false;
    }
    return true;
}

/* Defaults filled in, and what says nothing about a proven login left out. */
config_scope_t config_scope(const request_rec *r, const dir_config_t *config)
{
    config_scope_t scope = {r->server, *config};
    if (!scope.config.computer) scope.config.computer = this_host;
    if (scope.config.accept_domains && scope.config.accept_domains->any)
        scope.config.accept_domains = NULL;
    if (!scope.config.identity_lifetime)
        scope.config.identity_lifetime = apr_time_from_sec(IDENTITY_LIFETIME);
    if (!scope.config.user_format) scope.config.user_format = CONFIG_USER_STORE;
    scope.config.challenge_lifetime = 0;
    return scope;
}

bool config_scope_covers(const config_scope_t *scope, const request_rec *r,
                         const dir_config_t *config)
{
    const config_scope_t other = config_scope(r, config);
    return scope->server == other.server && says_the_same(&scope->config, &other.config);
}

const dir_config_t *config_of(const request_rec *r)
{
    return ap_get_module_config(r->per_dir_config, &auth_ntlmv2_module);
}

/* ---- for the core ---- */

void config_learn_host(apr_pool_t *pconf)
{
    this_host = value_host_names(pconf);
}

ntlm_policy_t config_policy(const dir_config_t *config)
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
    };
}

bool config_login_expired(const dir_config_t *config, apr_time_t proven, apr_time_t now)
{
    apr_interval_time_t lifetime = config->identity_lifetime;
    if (lifetime == FOR_EVER) return false;
    if (!lifetime) lifetime = apr_time_from_sec(IDENTITY_LIFETIME);
    return now < proven || now - proven > lifetime;
}

const char *config_default_domain(const dir_config_t *config)
{
    return config->domain ? config->domain->netbios : NULL;
}
