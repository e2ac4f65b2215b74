#include "directives.h"

#include <apr_strings.h>

#include "../throttle/throttle_store.h"
#include "certificates.h"
#include "foreign.h"
#include "intern.h"
#include "names.h"
#include "offer.h"
#include "sources.h"
#include "values.h"

enum { CHALLENGE_LIFETIME_MAX = 3600, IDENTITY_LIFETIME_MAX = 31536000 };

/* Written by config_learn_host() before the children exist. */
static const config_names_t *this_host;

void config_learn_host(apr_pool_t *pconf)
{
    this_host = names_of_host(pconf);
}

bool config_says_computer(const dir_config_t *config)
{
    return config->computer != this_host;
}

/* ---- what more there is to a member than its words ---- */

static void settle_computer(void *value)
{
    const config_names_t **computer = value;
    if (!*computer) *computer = this_host;
}

/* Any name is what holds when nothing is said. */
static void settle_list(void *value)
{
    const config_list_t **list = value;
    if (*list && (*list)->any) *list = NULL;
}

/* What is off demands nothing; but the names that stand there are ours, and the log says so. */
static const void *services_that_count(const void *value)
{
    const config_services_t *const *services = value;
    return *services && (*services)->demand != CONFIG_DEMAND_OFF ? *services : NULL;
}

static const char *read_throttle(apr_pool_t *pool, int argc, char *const argv[],
                                 const config_member_t *member, void *value)
{
    const throttle_limits_t **limits = value;
    const char *why = value_throttle(pool, argc, argv, member, value);
    if (!why && (*limits)->of[THROTTLE_USER].failures > 0) throttle_store_need();
    return why;
}

/* One for the whole process: it is no member of a place. */
static const char *read_throttle_store(apr_pool_t *pool, int argc, char *const argv[],
                                       const config_member_t *member, void *value)
{
    (void)pool;
    (void)argc;
    (void)member;
    (void)value;
    throttle_store_choose(argv[0]);
    return NULL;
}

/* ---- the table ---- */

enum { ANYWHERE_BUT_HTACCESS = RSRC_CONF | ACCESS_CONF, FOR_ALL_SERVERS = RSRC_CONF };

/* Of one word; of one word or two; of any number. */
#define DIRECTIVE(name, help, ...)                                                                 \
    AP_INIT_TAKE1(name, config_take1, (&(config_member_t){__VA_ARGS__}), ANYWHERE_BUT_HTACCESS,    \
                  help)
#define DIRECTIVE_12(name, help, ...)                                                              \
    AP_INIT_TAKE12(name, config_take12, (&(config_member_t){__VA_ARGS__}), ANYWHERE_BUT_HTACCESS,  \
                   help)
#define DIRECTIVE_LIST(name, help, ...)                                                            \
    AP_INIT_TAKE_ARGV(name, config_take_all, (&(config_member_t){__VA_ARGS__}),                    \
                      ANYWHERE_BUT_HTACCESS, help)
#define DIRECTIVE_GLOBAL(name, help, ...)                                                          \
    AP_INIT_TAKE1(name, config_take1, (&(config_member_t){__VA_ARGS__}), FOR_ALL_SERVERS, help)

/* Of another module: no member is behind it, so what walks the members ends at the first one. */
#define FOREIGN(name, module, instead)                                                             \
    AP_INIT_RAW_ARGS(name, foreign_##module, NULL, OR_ALL, instead)

static const char accounts_elsewhere[] = "write NTLMCredentials, which says where accounts are";
static const char basic_too[] = "write NTLMOffer NTLM Basic";
static const char ntlm_type[] = "write AuthType NTLM";
static const char store_names[] =
    "leave it out: NTLMCredentials says how a user is spelled, and NTLMUserFormat what of it";
static const char decides_alone[] =
    "leave it out: AuthType NTLM decides alone, and AuthBasicProvider ntlm leaves others a word";
static const char for_no_client[] = "leave it out: no client needs it";
static const char chained[] = "leave it out: Require asks the modules for authorization as usual";

const command_rec config_directives[] = {
    DIRECTIVE_LIST("NTLMCredentials",
                   "where accounts are: 'file PATH', 'ldap URL' or 'winbind'; repeatable, asked in "
                   "order",
                   CONFIG_OWNS(credentials), .read_for = sources_add, .names_users = true),
    DIRECTIVE_LIST("NTLMDomain",
                   "the domain's NetBIOS name, its DNS name, and what else it is called",
                   CONFIG_OWNS(domain), .read = names_of_domain, .names_users = true),
    DIRECTIVE_12("NTLMComputer", "this computer's NetBIOS name, and its DNS name",
                 CONFIG_OWNS(computer), .read = names_of_computer, .settle = settle_computer,
                 .names_users = true),
    DIRECTIVE_LIST("NTLMAcceptDomains", "domains a client may name, or * for any",
                   CONFIG_OWNS(accept_domains), .read = value_list, .noun = "domain",
                   .example = "CORP", .settle = settle_list),
    DIRECTIVE("NTLMChallengeLifetime", "seconds that a challenge waits for its answer",
              CONFIG_OWNS(challenge_lifetime), .read = value_seconds,
              .most = CHALLENGE_LIFETIME_MAX, .otherwise = apr_time_from_sec(60),
              .is_for_proofs = true),
    DIRECTIVE("NTLMIdentityLifetime", "seconds that a connection's login lasts, or off",
              CONFIG_OWNS(identity_lifetime), .read = value_lifetime, .most = IDENTITY_LIFETIME_MAX,
              .otherwise = apr_time_from_sec(3600)),
    DIRECTIVE("NTLMUserFormat", "store, user, domain\\user or user@domain",
              CONFIG_OWNS(user_format), .read = value_word, .words = value_user_format,
              .otherwise = CONFIG_USER_STORE, .names_users = true),
    DIRECTIVE("NTLMProxied",
              "request, refuse or trust: logins on requests that came through a proxy",
              CONFIG_OWNS(proxied), .read = value_word, .words = value_proxied,
              .otherwise = CONFIG_PROXIED_REQUEST),
    DIRECTIVE("NTLMPersistence", "connection or request: how long a login lasts",
              CONFIG_OWNS(persistence), .read = value_word, .words = value_persistence,
              .otherwise = CONFIG_PERSISTENCE_CONNECTION),
    DIRECTIVE("NTLMRequireTLS", "on or off: refuse logins on connections without TLS",
              CONFIG_OWNS(require_tls), .read = value_word, .words = value_switch,
              .otherwise = CONFIG_OFF),
    DIRECTIVE("NTLMExtendedProtection",
              "off, allow or require: the login must be meant for our certificate",
              CONFIG_OWNS(extended_protection), .read = value_word, .words = value_demand,
              .otherwise = CONFIG_DEMAND_ALLOW),
    DIRECTIVE_LIST("NTLMServerCertificate", "certificates of front ends, for the same",
                   CONFIG_OWNS(server_certificates), .read = certificates_read),
    DIRECTIVE("NTLMRequireMIC", "on or off: refuse clients that send no message integrity code",
              CONFIG_OWNS(require_mic), .read = value_word, .words = value_switch,
              .otherwise = CONFIG_OFF),
    DIRECTIVE_LIST("NTLMServiceNames",
                   "off, allow or require, and names: the login must be meant for this host",
                   CONFIG_OWNS(services), .read = value_services, .counts = services_that_count),
    DIRECTIVE_LIST("NTLMOffer", "NTLM, Negotiate and Basic, in the order in which they are offered",
                   CONFIG_OWNS(offer), .read = offer_read, .otherwise = SCHEMES_NTLM_ALONE),
    DIRECTIVE("NTLMBasicWithoutTLS", "on or off: take passwords of Basic in clear text",
              CONFIG_OWNS(basic_without_tls), .read = value_word, .words = value_switch,
              .otherwise = CONFIG_OFF),
    DIRECTIVE_LIST("NTLMThrottle",
                   "FAILURES/SECONDS [address=, net56=, net48=FAILURES/SECONDS], or off",
                   CONFIG_OWNS(throttle), .read = read_throttle, .is_for_proofs = true),
    DIRECTIVE_GLOBAL("NTLMThrottleStore",
                     "where failures are counted: shmcb, redis:HOST:PORT, memcache:HOST:PORT",
                     .read = read_throttle_store),
    FOREIGN("NTLMAuth", any_ntlm, ntlm_type),
    FOREIGN("NTLMAuthHelper", winbind, accounts_elsewhere),
    FOREIGN("NegotiateAuth", winbind, "write AuthType NTLM and NTLMOffer Negotiate NTLM"),
    FOREIGN("NegotiateAuthHelper", winbind, accounts_elsewhere),
    FOREIGN("PlaintextAuthHelper", winbind, accounts_elsewhere),
    FOREIGN("NTLMBasicAuthoritative", winbind, decides_alone),
    FOREIGN("NTLMBasicAuth", winbind_or_ntlm, basic_too),
    FOREIGN("NTLMBasicRealm", winbind_or_ntlm, "write AuthName"),
    FOREIGN("NTLMAuthoritative", ntlm_or_authn, decides_alone),
    FOREIGN("NTLMServer", mod_ntlm, accounts_elsewhere),
    FOREIGN("NTLMBackup", mod_ntlm, accounts_elsewhere),
    FOREIGN("NTLMLockFile", mod_ntlm, "leave it out: there is no lock"),
    FOREIGN("AuthNTGroups", mod_ntlm, "write AuthGroupFile and Require group"),
    FOREIGN("AuthNTUser", mod_ntlm, "write Require user"),
    FOREIGN("NTLMOfferNTLM", authn_ntlm, "write NTLMOffer"),
    FOREIGN("NTLMOfferBasic", authn_ntlm, basic_too),
    FOREIGN("NTLMBasicPreferred", authn_ntlm, "write NTLMOffer Basic NTLM"),
    FOREIGN("NTLMPackage", authn_ntlm, "write NTLMOffer"),
    FOREIGN("NTLMPackages", authn_ntlm, "write NTLMOffer"),
    FOREIGN("NTLMDefaultDomain", authn_ntlm, "write NTLMDomain"),
    FOREIGN("NTLMOmitDomain", authn_ntlm, "write NTLMUserFormat user"),
    FOREIGN("NTLMUsernameCase", authn_ntlm, store_names),
    FOREIGN("NTLMMSIE3Hack", authn_ntlm, for_no_client),
    FOREIGN("NTLMPerRequestAuth", authn_ntlm, "write NTLMPersistence request"),
    FOREIGN("NTLMChainAuth", authn_ntlm, chained),
    FOREIGN("NTLMNotForced", authn_ntlm, "write Require ntlm-or-guest"),
    FOREIGN("SSPIAuth", sspi, ntlm_type),
    FOREIGN("SSPIAuthoritative", sspi, decides_alone),
    FOREIGN("SSPIOfferSSPI", sspi, "write NTLMOffer"),
    FOREIGN("SSPIOfferBasic", sspi, basic_too),
    FOREIGN("SSPIBasicPreferred", sspi, "write NTLMOffer Basic NTLM"),
    FOREIGN("SSPIPackage", sspi, "write NTLMOffer"),
    FOREIGN("SSPIPackages", sspi, "write NTLMOffer"),
    FOREIGN("SSPIDomain", sspi, "write NTLMDomain"),
    FOREIGN("SSPIOmitDomain", sspi, "write NTLMUserFormat user"),
    FOREIGN("SSPIUsernameCase", sspi, store_names),
    FOREIGN("SSPIMSIE3Hack", sspi, for_no_client),
    FOREIGN("SSPIPerRequestAuth", sspi, "write NTLMPersistence request"),
    FOREIGN("SSPIChainAuth", sspi, chained),
    {.name = NULL}};

/* ---- configurations ---- */

/* Of the configuration that is being read, or of what else pool is for. */
static apr_array_header_t *all_places(apr_pool_t *pool)
{
    static const char key[] = "all places";
    apr_array_header_t *all = intern_find(pool, key);
    if (all) return all;
    all = apr_array_make(pool, 8, sizeof(dir_config_t *));
    intern_keep(pool, key, all);
    return all;
}

void *config_create(apr_pool_t *pool, char *dir)
{
    dir_config_t *config = apr_pcalloc(pool, sizeof *config);
    (void)dir;
    APR_ARRAY_PUSH(all_places(pool), dir_config_t *) = config;
    return config;
}

static bool says_nothing(const dir_config_t *config)
{
    if (config->settled) return config->is_silent;
    static const dir_config_t nothing;
    const size_t len = offsetof(dir_config_t, settled);
    return bytes_equal((bytes_t){(const uint8_t *)config, len},
                       (bytes_t){(const uint8_t *)&nothing, len});
}

void *config_merge(apr_pool_t *pool, void *base, void *add)
{
    if (says_nothing(add)) return base;
    if (says_nothing(base)) return add;
    dir_config_t *merged = apr_pmemdup(pool, base, sizeof *merged);
    config_add(config_directives, merged, add);
    merged->settled = NULL;
    return merged;
}

const dir_config_t *config_settled(apr_pool_t *pool, const dir_config_t *said)
{
    if (said->settled) return said->settled;
    dir_config_t *config = apr_pmemdup(pool, said, sizeof *config);
    config_settle(config_directives, config);
    return config;
}

void config_settle_all(apr_pool_t *pconf)
{
    const apr_array_header_t *all = all_places(pconf);
    for (int i = 0; i < all->nelts; i++) {
        dir_config_t *config = APR_ARRAY_IDX(all, i, dir_config_t *);
        config->is_silent = says_nothing(config);
        config->settled = config_settled(pconf, config);
        offer_learn(config->settled->offer);
    }
}
