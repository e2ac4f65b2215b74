#include "names.h"

#include <string.h>

#include <apr_network_io.h>
#include <apr_strings.h>

#include <httpd.h>

#include "../ntlm/name.h"
#include "../ntlm/unicode.h"
#include "intern.h"

enum { NETBIOS_MAX = 15, ALIASES = 2 }; /* where they begin among the words */

/* ---- what is a name ---- */

static const char *check_netbios(apr_pool_t *pool, const char *name)
{
    const char *wrong = strpbrk(name, "\\/:*?\"<>|., ");
    if (wrong)
        return apr_psprintf(pool,
                            "'%s' is not a NetBIOS name: it cannot hold '%c'; write the short "
                            "name, for example CORP or WEB, and the DNS name behind it",
                            name, *wrong);
    if (!unicode_is_name(name) || *name == '\0')
        return "the NetBIOS name is empty or not UTF-8; write for example CORP or WEB";
    if (strlen(name) > NETBIOS_MAX)
        return apr_psprintf(pool,
                            "'%s' is longer than the %d bytes of a NetBIOS name; write the "
                            "short name, for example CORP or WEB",
                            name, NETBIOS_MAX);
    return NULL;
}

const char *names_check_dns(apr_pool_t *pool, const char *name, const char *example)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    size_t len = strlen(name);
    bool good = len > 0 && len <= NTLM_DOMAIN_MAX && name[0] != '.' && name[len - 1] != '.' &&
                !strstr(name, "..") && name[strspn(name, allowed)] == '\0';
    return good ? NULL
                : apr_psprintf(pool, "'%s' is not a DNS name; write for example %s", name, example);
}

static const char *check_alias(apr_pool_t *pool, int argc, char *const argv[], int at)
{
    const char *name = argv[at];
    const bool fits = !check_netbios(pool, name) || !names_check_dns(pool, name, "");
    if (!fits || strpbrk(name, "@"))
        return apr_psprintf(pool,
                            "'%s' is no name of a domain; write behind the DNS name what else "
                            "the domain is called, for example OLDCORP or example.org",
                            name);
    for (int i = 0; i < at; i++)
        if (unicode_casecmp(argv[i], name) == 0)
            return apr_psprintf(pool, "'%s' is named twice; once is enough", name);
    return argc <= CREDS_HOME_MAX
               ? NULL
               : apr_psprintf(pool, "a domain has %d names at the most; leave out others",
                              (int)CREDS_HOME_MAX);
}

/* ---- making them ---- */

bytes_t names_to_utf16(apr_pool_t *pool, const char *utf8)
{
    size_t cap = 2 * strlen(utf8) + 2;
    writer_t out = writer_to(apr_palloc(pool, cap), cap);
    unicode_write_utf8(&out, utf8);
    return written(&out);
}

/* Each once; a DNS name may be the NetBIOS name. */
static const char *const *list_of(apr_pool_t *pool, int argc, char *const argv[], const char *last)
{
    const char **list = apr_pcalloc(pool, ((apr_size_t)argc + 2) * sizeof *list), **end = list;
    for (int i = 0; i < argc; i++)
        if (!name_is_listed(list, argv[i])) *end++ = apr_pstrdup(pool, argv[i]);
    *end = last;
    return list;
}

/* last: a name that is there unsaid, or NULL. */
static const config_names_t *make_names(apr_pool_t *pool, int argc, char *const argv[],
                                        const char *last)
{
    const char *text = apr_pstrcat(pool, "names ", last, NULL);
    for (int i = 0; i < argc; i++) text = apr_pstrcat(pool, text, "\n", argv[i], NULL);
    config_names_t *names = intern_find(pool, text);
    if (names) return names;
    names = apr_pcalloc(pool, sizeof *names);
    names->netbios = apr_pstrdup(pool, argv[0]);
    names->dns = argc > 1 ? apr_pstrdup(pool, argv[1]) : "";
    names->netbios_utf16 = names_to_utf16(pool, names->netbios);
    names->dns_utf16 = names_to_utf16(pool, names->dns);
    names->all = list_of(pool, argc, argv, last);
    return intern_keep(pool, text, names);
}

const char *names_of_domain(apr_pool_t *pool, int argc, char *const argv[],
                            const config_member_t *member, void *value)
{
    const config_names_t **names = value;
    (void)member;
    if (argc < 1)
        return " takes the domain's NetBIOS name, and its DNS name; write for example: "
               "NTLMDomain CORP corp.example.com";
    const char *why = check_netbios(pool, argv[0]);
    if (!why && argc > 1) why = names_check_dns(pool, argv[1], "corp.example.com");
    for (int i = ALIASES; i < argc && !why; i++) why = check_alias(pool, argc, argv, i);
    if (!why) *names = make_names(pool, argc, argv, NULL);
    return why;
}

/* MS-NLMP knows no such name, but who types .\bob means it. */
static const char this_computer[] = ".";

const char *names_of_computer(apr_pool_t *pool, int argc, char *const argv[],
                              const config_member_t *member, void *value)
{
    const config_names_t **names = value;
    const char *why = check_netbios(pool, argv[0]);
    (void)member;
    if (!why && argc > 1) why = names_check_dns(pool, argv[1], "web.corp.example.com");
    if (!why) *names = make_names(pool, argc, argv, this_computer);
    return why;
}

const char *names_check_apart(apr_pool_t *pool, const config_names_t *domain,
                              const config_names_t *computer)
{
    if (!domain || !computer) return NULL;
    for (const char *const *name = domain->all; *name; name++) {
        const bool is_of_challenge = unicode_casecmp(*name, domain->netbios) == 0 ||
                                     unicode_casecmp(*name, domain->dns) == 0;
        if (!is_of_challenge && name_is_listed(computer->all, *name))
            return apr_psprintf(pool,
                                "NTLMDomain: '%s' is a name of this computer (NTLMComputer), and "
                                "who names that is of no domain; leave it out",
                                *name);
    }
    return NULL;
}

/* ---- this host ---- */

/* A NetBIOS name out of a host name: the first label, in capitals. */
static char *netbios_of(apr_pool_t *pool, const char *host)
{
    char *name = apr_pstrndup(pool, host, strcspn(host, "."));
    ap_str_toupper(name);
    if (strlen(name) > NETBIOS_MAX) name[NETBIOS_MAX] = '\0';
    return check_netbios(pool, name) ? apr_pstrdup(pool, "SERVER") : name;
}

const config_names_t *names_of_host(apr_pool_t *pool)
{
    char host[APRMAXHOSTLEN + 1];
    if (apr_gethostname(host, sizeof host, pool) != APR_SUCCESS || names_check_dns(pool, host, ""))
        apr_cpystrn(host, "server", sizeof host);
    char *const words[] = {netbios_of(pool, host), host};
    return make_names(pool, 2, words, this_computer);
}
