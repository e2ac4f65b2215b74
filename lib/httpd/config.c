#include "config.h"

#include <string.h>

#include <apr_network_io.h>
#include <apr_strings.h>

#include "intern.h"
#include "sources.h"

enum { NETBIOS_MAX = 15, LIFETIME_MAX = 3600, LIFETIME_DEFAULT = 60 };

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

static const char *check_netbios(apr_pool_t *pool, const char *name)
{
    const char *wrong = strpbrk(name, "\\/:*?\"<>|., ");
    if (wrong)
        return apr_psprintf(pool,
                            "'%s' is not a NetBIOS name: it cannot hold '%c'; write the short "
                            "name, for example CORP, and the DNS name behind it",
                            name, *wrong);
    if (!unicode_is_name(name) || *name == '\0')
        return "the NetBIOS name is empty or not UTF-8; write for example CORP";
    if (strlen(name) > NETBIOS_MAX)
        return apr_psprintf(pool,
                            "'%s' is longer than the %d bytes of a NetBIOS name; write the "
                            "short name, for example CORP",
                            name, NETBIOS_MAX);
    return NULL;
}

static const char *check_dns(apr_pool_t *pool, const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    size_t len = strlen(name);
    bool good = len > 0 && len <= NTLM_DOMAIN_MAX && name[0] != '.' && name[len - 1] != '.' &&
                !strstr(name, "..") && name[strspn(name, allowed)] == '\0';
    return good ? NULL
                : apr_psprintf(pool, "'%s' is not a DNS name; write for example corp.example.com",
                               name);
}

static bytes_t to_utf16(apr_pool_t *pool, const char *utf8)
{
    size_t cap = 2 * strlen(utf8) + 2;
    writer_t out = writer_to(apr_palloc(pool, cap), cap);
    unicode_write_utf8(&out, utf8);
    return written(&out);
}

static const config_names_t *make_names(apr_pool_t *pool, const char *netbios, const char *dns)
{
    const char *text = apr_pstrcat(pool, "names ", netbios, " ", dns, NULL);
    config_names_t *names = intern_find(pool, text);
    if (names) return names;
    names = apr_pcalloc(pool, sizeof *names);
    names->netbios = apr_pstrdup(pool, netbios);
    names->dns = apr_pstrdup(pool, dns);
    names->netbios_utf16 = to_utf16(pool, netbios);
    names->dns_utf16 = to_utf16(pool, dns);
    return intern_keep(pool, text, names);
}

static const char *set_names(cmd_parms *cmd, void *dir, const char *netbios, const char *dns)
{
    const config_names_t **names = member_of(cmd, dir);
    const char *why = check_netbios(cmd->pool, netbios);
    if (!why && dns) why = check_dns(cmd->pool, dns);
    if (why) return apr_pstrcat(cmd->pool, cmd->cmd->name, ": ", why, NULL);
    *names = make_names(cmd->pool, netbios, dns ? dns : "");
    return NULL;
}

/* ---- NTLMAcceptDomains, NTLMChallengeLifetime ---- */

static const char *check_domain(apr_pool_t *pool, const char *name, int argc)
{
    if (strcmp(name, "*") == 0)
        return argc == 1 ? NULL : "'*' means any domain; leave it out, or write it alone";
    if (*name == '\0' || strlen(name) > NTLM_DOMAIN_MAX || !unicode_is_name(name) ||
        strpbrk(name, "\\/@* "))
        return apr_psprintf(pool, "'%s' is not a domain name; write for example CORP, or *", name);
    return NULL;
}

static const char *set_accept_domains(cmd_parms *cmd, void *dir, int argc, char *const argv[])
{
    const config_list_t **list = member_of(cmd, dir);
    const char *text = "domains", *why = argc > 0 ? NULL : "name at least one domain, or *";
    const char **names = apr_pcalloc(cmd->pool, (apr_size_t)(argc + 1) * sizeof *names);
    for (int i = 0; i < argc && !why; i++) {
        why = check_domain(cmd->pool, argv[i], argc);
        for (int j = 0; j < i && !why; j++)
            if (unicode_casecmp(argv[i], argv[j]) == 0)
                why = apr_psprintf(cmd->pool, "'%s' is named twice; once is enough", argv[i]);
        names[i] = argv[i];
        text = apr_pstrcat(cmd->pool, text, " ", argv[i], NULL);
    }
    if (why) return apr_pstrcat(cmd->pool, "NTLMAcceptDomains: ", why, NULL);
    config_list_t *made = intern_find(cmd->pool, text);
    if (!made) {
        made = apr_pcalloc(cmd->pool, sizeof *made);
        made->any = strcmp(argv[0], "*") == 0;
        made->names = names;
        intern_keep(cmd->pool, text, made);
    }
    *list = made;
    return NULL;
}

static const char *set_seconds(cmd_parms *cmd, void *dir, const char *text)
{
    apr_interval_time_t *interval = member_of(cmd, dir);
    char *end;
    apr_int64_t seconds = apr_strtoi64(text, &end, 10);
    if (*text == '\0' || *end != '\0' || seconds < 1 || seconds > LIFETIME_MAX)
        return apr_psprintf(cmd->pool, "%s: '%s' is not a number of seconds from 1 to %d",
                            cmd->cmd->name, text, LIFETIME_MAX);
    *interval = apr_time_from_sec(seconds);
    return NULL;
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
    AP_INIT_TAKE1("NTLMChallengeLifetime", set_seconds, OWNS(challenge_lifetime),
                  ANYWHERE_BUT_HTACCESS, "seconds that a challenge waits for its answer"),
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

/* A NetBIOS name out of a host name: the first label, in capitals. */
static const char *netbios_of(apr_pool_t *pool, const char *host)
{
    char *name = apr_pstrndup(pool, host, strcspn(host, "."));
    ap_str_toupper(name);
    if (strlen(name) > NETBIOS_MAX) name[NETBIOS_MAX] = '\0';
    return check_netbios(pool, name) ? "SERVER" : name;
}

void config_learn_host(apr_pool_t *pconf)
{
    char host[APRMAXHOSTLEN + 1];
    if (apr_gethostname(host, sizeof host, pconf) != APR_SUCCESS || check_dns(pconf, host))
        apr_cpystrn(host, "server", sizeof host);
    this_host = make_names(pconf, netbios_of(pconf, host), host);
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
                                                         : apr_time_from_sec(LIFETIME_DEFAULT),
    };
}

const char *config_default_domain(const dir_config_t *config)
{
    return config->domain ? config->domain->netbios : NULL;
}
