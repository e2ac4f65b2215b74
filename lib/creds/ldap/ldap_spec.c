#include "ldap_spec.h"

#include <string.h>

#include <apr_file_info.h>
#include <apr_strings.h>

#include "../../system/own_file.h"
#include "ldap_secret.h"

/* ---- the options ---- */

const creds_option_t ldap_spec_options[] = {
    {.name = "starttls",
     .kind = CREDS_SWITCH,
     .fallback = "off",
     .help = "starttls= takes on or off"},
    {.name = "binddn",
     .help = "binddn= takes the DN of the service account; write for example "
             "\"binddn=cn=httpd,dc=example,dc=com\""},
    {.name = "bindpw", .help = LDAP_SECRET_HELP},
    {.name = "sasl", .help = "sasl= takes external, and nothing else"},
    {.name = "cacert", .help = "cacert= takes a whole path, from / on"},
    {.name = "cert", .help = "cert= takes a whole path, from / on"},
    {.name = "key", .help = "key= takes a whole path, from / on"},
    {.name = "tlsverify",
     .kind = CREDS_SWITCH,
     .fallback = "on",
     .help = "tlsverify= takes on or off"},
    {.name = "timeout",
     .kind = CREDS_SECONDS,
     .most = 60,
     .fallback = "3",
     .help = "timeout= takes whole seconds, up to 60"},
    {.name = "cache",
     .kind = CREDS_SECONDS,
     .most = 3600,
     .fallback = "60",
     .help = "cache= takes whole seconds, up to 3600 (0: nothing is remembered)"},
    {.name = "hash",
     .help = "hash= takes the attribute with the NT hash; write for example hash=ipaNTHash"},
    {.name = "state",
     .help = "state= takes none, which lets disabled, locked and expired accounts in; leave it "
             "out to refuse them"},
    {CREDS_DOMAIN_ROW},
    {.name = "groups",
     .help = "groups= takes the attribute of an account's entry that names its groups; write for "
             "example groups=memberOf"},
    {.name = "groupbase",
     .help = "groupbase= takes the DN below which the groups (posixGroup) are; write for example "
             "\"groupbase=ou=groups,dc=example,dc=com\""},
    {0},
};

static const char *help_of(const char *name)
{
    const creds_option_t *option = ldap_spec_options;
    while (strcmp(option->name, name) != 0) option++;
    return option->help;
}

/* ---- what only some are asked ---- */

static const char *check_path(apr_pool_t *pool, const char *name, const char *path)
{
    apr_finfo_t info;
    if (path[0] != '/') return help_of(name);
    apr_status_t rv = apr_stat(&info, path, APR_FINFO_TYPE, pool);
    return rv == APR_SUCCESS
               ? NULL
               : apr_psprintf(pool, "%s=: %s", name, creds_cannot(pool, "open", path, rv));
}

static const char *check_dn(apr_pool_t *pool, const char *name, const char *value)
{
    (void)pool;
    return strchr(value, '=') ? NULL : help_of(name);
}

static const char *check_external(apr_pool_t *pool, const char *name, const char *value)
{
    (void)pool;
    return strcmp(value, "external") == 0 ? NULL : help_of(name);
}

static const char *check_none(apr_pool_t *pool, const char *name, const char *value)
{
    (void)pool;
    return strcmp(value, "none") == 0 ? NULL : help_of(name);
}

static const char *check_attribute(apr_pool_t *pool, const char *name, const char *value)
{
    (void)pool;
    return ldap_address_is_attribute(value) ? NULL : help_of(name);
}

static const char *check_some_time(apr_pool_t *pool, const char *name, const char *value)
{
    return apr_atoi64(value) > 0 ? NULL : apr_psprintf(pool, "%s= takes at least 1 second", name);
}

static const struct {
    const char *name;
    const char *(*check)(apr_pool_t *pool, const char *name, const char *value);
} checks[] = {
    {"binddn", check_dn},      {"sasl", check_external}, {"cacert", check_path},
    {"cert", check_path},      {"key", check_path},      {"timeout", check_some_time},
    {"hash", check_attribute}, {"state", check_none},    {"groups", check_attribute},
    {"groupbase", check_dn},
};

static const char *check_option(apr_pool_t *pool, const apr_table_entry_t *option)
{
    const char *why = creds_option_check(pool, "ldap", ldap_spec_options, option->key, option->val);
    for (size_t i = 0; !why && i < sizeof checks / sizeof *checks; i++)
        if (strcmp(checks[i].name, option->key) == 0)
            why = checks[i].check(pool, option->key, option->val);
    return why;
}

/* Of the password the words name the place; it is read once all the others are right. */
static const char *read_options(apr_pool_t *pool, const apr_table_t *given, ldap_spec_t *spec)
{
    const creds_option_t *all = ldap_spec_options;
    const char *secret = creds_option(all, given, "bindpw");
    spec->starttls = creds_option_is_on(all, given, "starttls");
    spec->bind_dn = creds_option(all, given, "binddn");
    spec->sasl_external = creds_option(all, given, "sasl") != NULL;
    spec->cacert = creds_option(all, given, "cacert");
    spec->cert = creds_option(all, given, "cert");
    spec->key = creds_option(all, given, "key");
    spec->verify = creds_option_is_on(all, given, "tlsverify");
    spec->timeout = creds_option_time(all, given, "timeout");
    spec->cache = creds_option_time(all, given, "cache");
    spec->hash = creds_option(all, given, "hash");
    spec->state = creds_option(all, given, "state") == NULL;
    spec->domain = creds_option(all, given, CREDS_OPTION_DOMAIN);
    spec->groups = creds_option(all, given, "groups");
    spec->group_base = creds_option(all, given, "groupbase");
    return secret ? ldap_secret_read(pool, secret, &spec->bind_password) : NULL;
}

/* ---- what does not go together ---- */

static const char *check_tls(const ldap_spec_t *spec)
{
    bool tls = spec->address.tls || spec->starttls;
    if (spec->starttls && spec->address.tls)
        return "ldaps:// is TLS from the first byte on; leave starttls= out, or write ldap://";
    if (spec->starttls && spec->address.local)
        return "ldapi:// never leaves this computer; leave starttls= out";
    if (!tls && (spec->cacert || spec->cert || spec->key || !spec->verify))
        return "cacert=, cert=, key= and tlsverify= are about TLS; write ldaps:// or starttls=on";
    if (!spec->cert != !spec->key) return "cert= and key= belong together; write both";
    return NULL;
}

static const char *check_bind(const ldap_spec_t *spec)
{
    if (spec->sasl_external && (spec->bind_dn || spec->bind_password))
        return "sasl=external needs neither binddn= nor bindpw=; leave them out";
    if (spec->sasl_external && !spec->address.local && !spec->cert)
        return "sasl=external takes the identity of a client certificate, or of this process on "
               "ldapi://; write cert= and key=, or ldapi://";
    if (!spec->bind_dn != !spec->bind_password)
        return "binddn= and bindpw= belong together; write both, or neither to search "
               "anonymously";
    return NULL;
}

/* A password in the URL that holds a blank ends up here: it is not repeated. */
static bool has_account(const apr_table_entry_t *option)
{
    return strchr(option->key, '@') != NULL;
}

static bool is_known(const char *name)
{
    const creds_option_t *option = ldap_spec_options;
    while (option->name && strcmp(option->name, name) != 0) option++;
    return option->name != NULL;
}

const char *ldap_spec_parse(apr_pool_t *pool, const char *url, const apr_table_t *given,
                            ldap_spec_t *spec)
{
    const apr_array_header_t *all = apr_table_elts(given);
    const apr_table_entry_t *options = (const apr_table_entry_t *)all->elts;
    *spec = (ldap_spec_t){0};
    for (int i = 0; i < all->nelts; i++)
        if (has_account(&options[i])) return LDAP_ADDRESS_ACCOUNT;
    const char *why = ldap_address_parse(pool, url, &spec->address);
    for (int i = 0; i < all->nelts && !why; i++) {
        if (!is_known(options[i].key) && strchr(options[i].val, '@')) why = LDAP_ADDRESS_ACCOUNT;
        if (!why) why = check_option(pool, &options[i]);
    }
    if (!why) why = read_options(pool, given, spec);
    if (!why) why = check_tls(spec);
    return why ? why : check_bind(spec);
}
