#include "config.h"

#include <string.h>

#include <apr_strings.h>

#include "certificates.h"
#include "intern.h"
#include "sources.h"
#include "../throttle/throttle_store.h"
#include "values.h"

enum { CHALLENGE_LIFETIME_MAX = 3600, IDENTITY_LIFETIME_MAX = 31536000 };

/* The member of a directive, as a pointer of its own type. */
static void *member_of(const cmd_parms *cmd, void *dir)
{
    const config_member_t *member = cmd->info;
    return (char *)dir + member->offset;
}

/* NULL, or what is wrong with where the directive stands. In .htaccess it could stand in spite
 * of the table (AllowOverrideList), and what is made for one request is no key for the next. In
 * <Limit> httpd would take it for all methods. */
static const char *misplaced(cmd_parms *cmd)
{
    return ap_check_cmd_context(cmd, NOT_IN_HTACCESS | NOT_IN_LIMIT);
}

/* A setter's complaint begins with the directive. */
static const char *in_words(const cmd_parms *cmd, const char *why)
{
    return why ? apr_pstrcat(cmd->pool, cmd->cmd->name, ": ", why, NULL) : NULL;
}

/* What is wrong with a list, by where it stands and how long it is: httpd hands over the first
 * words and says nothing of the others. */
static const char *not_whole(cmd_parms *cmd, int argc)
{
    enum { HANDED_OVER = 64 };
    const char *why = misplaced(cmd);
    if (why || argc < HANDED_OVER) return why;
    return in_words(cmd, "more than 63 words; httpd would leave out the others");
}

/* ---- places ---- */

static apr_array_header_t *places(apr_pool_t *pconf)
{
    static const char key[] = "places with accounts";
    apr_array_header_t *all = intern_find(pconf, key);
    if (all) return all;
    all = apr_array_make(pconf, 2, sizeof(config_place_t));
    intern_keep(pconf, key, all);
    return all;
}

const apr_array_header_t *config_places(apr_pool_t *pconf)
{
    return places(pconf);
}

static void remember_place(const cmd_parms *cmd, const dir_config_t *config)
{
    apr_array_header_t *all = places(cmd->pool);
    for (int i = 0; i < all->nelts; i++)
        if (APR_ARRAY_IDX(all, i, config_place_t).config == config) return;
    APR_ARRAY_PUSH(all, config_place_t) = (config_place_t){config, cmd->server, cmd->directive};
}

/* ---- NTLMCredentials ---- */

static const char *set_credentials(cmd_parms *cmd, void *dir, int argc, char *const argv[])
{
    const apr_array_header_t **sources = member_of(cmd, dir);
    const char *why = misplaced(cmd);
    if (why) return why;
    why = sources_add(cmd, argc, argv, sources);
    if (!why) remember_place(cmd, dir);
    return why ? apr_pstrcat(cmd->pool, "NTLMCredentials", why, NULL) : NULL;
}

/* ---- NTLMDomain, NTLMComputer ---- */

static const char *set_names(cmd_parms *cmd, void *dir, const char *netbios, const char *dns)
{
    const char *why = misplaced(cmd);
    if (why) return why;
    remember_place(cmd, dir);
    return in_words(cmd, value_names(cmd->pool, netbios, dns, member_of(cmd, dir)));
}

/* ---- NTLMAcceptDomains, NTLMChallengeLifetime ---- */

static const char *set_accept_domains(cmd_parms *cmd, void *dir, int argc, char *const argv[])
{
    const char *why = not_whole(cmd, argc);
    return why ? why : in_words(cmd, value_domains(cmd->pool, argc, argv, member_of(cmd, dir)));
}

static const char *set_challenge_lifetime(cmd_parms *cmd, void *dir, const char *text)
{
    const char *why = misplaced(cmd);
    if (why) return why;
    return in_words(cmd,
                    value_seconds(cmd->pool, text, CHALLENGE_LIFETIME_MAX, member_of(cmd, dir)));
}

static const char *set_identity_lifetime(cmd_parms *cmd, void *dir, const char *text)
{
    apr_interval_time_t *interval = member_of(cmd, dir);
    const char *why = misplaced(cmd);
    if (why) return why;
    if (ap_cstr_casecmp(text, "off") == 0) {
        *interval = CONFIG_FOR_EVER;
        return NULL;
    }
    why = in_words(cmd, value_seconds(cmd->pool, text, IDENTITY_LIFETIME_MAX, interval));
    return why ? apr_pstrcat(cmd->pool, why, ", or off", NULL) : NULL;
}

/* ---- one word ---- */

static const char *set_word(cmd_parms *cmd, void *dir, const char *text)
{
    const config_member_t *member = cmd->cmd->cmd_data;
    const char *why = misplaced(cmd);
    return why ? why
               : in_words(cmd, value_word(cmd->pool, text, member->words, member_of(cmd, dir)));
}

/* ---- NTLMUserFormat ---- */

static const char *set_user_format(cmd_parms *cmd, void *dir, const char *text)
{
    const char *why = set_word(cmd, dir, text);
    if (!why) remember_place(cmd, dir);
    return why;
}

/* ---- what is demanded of a login ---- */

static const char *set_server_certificate(cmd_parms *cmd, void *dir, int argc, char *const argv[])
{
    const char *why = not_whole(cmd, argc);
    return why ? why : in_words(cmd, certificates_read(cmd->pool, argc, argv, member_of(cmd, dir)));
}

static const char *set_services(cmd_parms *cmd, void *dir, int argc, char *const argv[])
{
    const char *why = not_whole(cmd, argc);
    return why ? why : in_words(cmd, value_services(cmd->pool, argc, argv, member_of(cmd, dir)));
}

/* ---- NTLMThrottle, NTLMThrottleStore ---- */

static const char *set_throttle(cmd_parms *cmd, void *dir, int argc, char *const argv[])
{
    const throttle_limits_t **throttle = member_of(cmd, dir);
    const char *why = misplaced(cmd);
    if (why) return why;
    why = value_throttle(cmd->pool, argc, argv, throttle);
    if (!why && (*throttle)->of[THROTTLE_USER].failures > 0) throttle_store_need();
    return in_words(cmd, why);
}

/* One for the whole process: it is no member of a place. */
static const char *set_throttle_store(cmd_parms *cmd, void *dir, const char *text)
{
    (void)dir;
    const char *why = ap_check_cmd_context(cmd, GLOBAL_ONLY);
    if (!why) throttle_store_choose(text);
    return why;
}

/* ---- the table ---- */

#define OWNS(member)                                                                               \
    &(config_member_t)                                                                             \
    {                                                                                              \
        offsetof(dir_config_t, member), sizeof(((dir_config_t *)0)->member), NULL                  \
    }
#define OWNS_WORD(member, words)                                                                   \
    &(config_member_t)                                                                             \
    {                                                                                              \
        offsetof(dir_config_t, member), sizeof(((dir_config_t *)0)->member), words                 \
    }
#define OWNS_NOTHING                                                                               \
    &(config_member_t)                                                                             \
    {                                                                                              \
        0, 0, NULL                                                                                 \
    }
enum { ANYWHERE_BUT_HTACCESS = RSRC_CONF | ACCESS_CONF };

const command_rec config_directives[] = {
    AP_INIT_TAKE_ARGV("NTLMCredentials", set_credentials, OWNS(credentials), ANYWHERE_BUT_HTACCESS,
                      "where accounts are: 'file PATH' or 'ldap URL'; repeatable, asked in order"),
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
    AP_INIT_TAKE1("NTLMUserFormat", set_user_format, OWNS_WORD(user_format, value_user_format),
                  ANYWHERE_BUT_HTACCESS, "store, user, domain\\user or user@domain"),
    AP_INIT_TAKE1("NTLMProxied", set_word, OWNS_WORD(proxied, value_proxied), ANYWHERE_BUT_HTACCESS,
                  "request, refuse or trust: logins on requests that came through a proxy"),
    AP_INIT_TAKE1("NTLMPersistence", set_word, OWNS_WORD(persistence, value_persistence),
                  ANYWHERE_BUT_HTACCESS, "connection or request: how long a login lasts"),
    AP_INIT_TAKE1("NTLMRequireTLS", set_word, OWNS_WORD(require_tls, value_switch),
                  ANYWHERE_BUT_HTACCESS, "on or off: refuse logins on connections without TLS"),
    AP_INIT_TAKE1("NTLMExtendedProtection", set_word, OWNS_WORD(extended_protection, value_demand),
                  ANYWHERE_BUT_HTACCESS,
                  "off, allow or require: the login must be meant for our certificate"),
    AP_INIT_TAKE_ARGV("NTLMServerCertificate", set_server_certificate, OWNS(server_certificates),
                      ANYWHERE_BUT_HTACCESS, "certificates of front ends, for the same"),
    AP_INIT_TAKE1("NTLMRequireMIC", set_word, OWNS_WORD(require_mic, value_switch),
                  ANYWHERE_BUT_HTACCESS,
                  "on or off: refuse clients that send no message integrity code"),
    AP_INIT_TAKE_ARGV("NTLMServiceNames", set_services, OWNS(services), ANYWHERE_BUT_HTACCESS,
                      "off, allow or require, and names: the login must be meant for this host"),
    AP_INIT_TAKE_ARGV("NTLMThrottle", set_throttle, OWNS(throttle), ANYWHERE_BUT_HTACCESS,
                      "FAILURES/SECONDS [address=, net56=, net48=FAILURES/SECONDS], or off"),
    AP_INIT_TAKE1("NTLMThrottleStore", set_throttle_store, OWNS_NOTHING, RSRC_CONF,
                  "where failures are counted: shmcb, redis:HOST:PORT, memcache:HOST:PORT"),
    {NULL, {NULL}, NULL, 0, RAW_ARGS, NULL}};

/* ---- creating, merging ---- */

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
        const config_member_t *member = directive->cmd_data;
        const char *said = (const char *)add + member->offset;
        if (is_said(said, member->size)) memcpy(merged + member->offset, said, member->size);
    }
    return merged;
}
