#include "ldap_spec.h"

#include <string.h>

#include <apr_file_info.h>
#include <apr_strings.h>

#include "../../ntlm/unicode.h"
#include "../own_file.h"
#include "ldap_secret.h"

/* ---- one option each ---- */

static const char *parse_switch(apr_pool_t *pool, const char *key, const char *value, bool *on)
{
    *on = strcmp(value, "on") == 0;
    return *on || strcmp(value, "off") == 0 ? NULL : apr_psprintf(pool, "%s= takes on or off", key);
}

static const char *parse_path(apr_pool_t *pool, const char *key, const char *path,
                              const char **into)
{
    apr_finfo_t info;
    if (path[0] != '/') return apr_psprintf(pool, "%s= takes a whole path, from / on", key);
    apr_status_t rv = apr_stat(&info, path, APR_FINFO_TYPE, pool);
    if (rv != APR_SUCCESS)
        return apr_psprintf(pool, "%s=: %s", key, creds_cannot(pool, "open", path, rv));
    *into = apr_pstrdup(pool, path);
    return NULL;
}

static const char *parse_seconds(apr_pool_t *pool, const char *value, int max, int *seconds)
{
    size_t len = strlen(value);
    bool number = len > 0 && len < 6 && strspn(value, "0123456789") == len;
    *seconds = number ? (int)apr_atoi64(value) : -1;
    return number && *seconds <= max ? NULL
                                     : apr_psprintf(pool, "takes whole seconds, up to %d", max);
}

static const char *set_starttls(apr_pool_t *pool, const char *value, ldap_spec_t *spec)
{
    return parse_switch(pool, "starttls", value, &spec->starttls);
}

static const char *set_tlsverify(apr_pool_t *pool, const char *value, ldap_spec_t *spec)
{
    return parse_switch(pool, "tlsverify", value, &spec->verify);
}

static const char *set_binddn(apr_pool_t *pool, const char *value, ldap_spec_t *spec)
{
    spec->bind_dn = apr_pstrdup(pool, value);
    return strchr(value, '=') ? NULL
                              : "binddn= takes the DN of the service account; write for example "
                                "\"binddn=cn=httpd,dc=example,dc=com\"";
}

static const char *set_bindpw(apr_pool_t *pool, const char *value, ldap_spec_t *spec)
{
    return ldap_secret_read(pool, value, &spec->bind_password);
}

static const char *set_sasl(apr_pool_t *pool, const char *value, ldap_spec_t *spec)
{
    (void)pool;
    spec->sasl_external = true;
    return strcmp(value, "external") == 0 ? NULL : "sasl= takes external, and nothing else";
}

static const char *set_cacert(apr_pool_t *pool, const char *value, ldap_spec_t *spec)
{
    return parse_path(pool, "cacert", value, &spec->cacert);
}

static const char *set_cert(apr_pool_t *pool, const char *value, ldap_spec_t *spec)
{
    return parse_path(pool, "cert", value, &spec->cert);
}

static const char *set_key(apr_pool_t *pool, const char *value, ldap_spec_t *spec)
{
    return parse_path(pool, "key", value, &spec->key);
}

static const char *set_timeout(apr_pool_t *pool, const char *value, ldap_spec_t *spec)
{
    int seconds;
    const char *why = parse_seconds(pool, value, 60, &seconds);
    spec->timeout = apr_time_from_sec(seconds);
    if (!why && seconds == 0) why = "takes at least 1 second";
    return why ? apr_pstrcat(pool, "timeout= ", why, NULL) : NULL;
}

static const char *set_cache(apr_pool_t *pool, const char *value, ldap_spec_t *spec)
{
    int seconds;
    const char *why = parse_seconds(pool, value, 3600, &seconds);
    spec->cache = apr_time_from_sec(seconds);
    return why ? apr_pstrcat(pool, "cache= ", why, " (0: nothing is remembered)", NULL) : NULL;
}

static const char *set_hash(apr_pool_t *pool, const char *value, ldap_spec_t *spec)
{
    spec->hash = apr_pstrdup(pool, value);
    return ldap_address_is_attribute(value)
               ? NULL
               : "hash= takes the attribute with the NT hash; write for example hash=ipaNTHash";
}

static const char *set_state(apr_pool_t *pool, const char *value, ldap_spec_t *spec)
{
    (void)pool;
    spec->state = false;
    return strcmp(value, "none") == 0
               ? NULL
               : "state= takes none, which lets disabled, locked and expired accounts in; leave it "
                 "out to refuse them";
}

static const char *set_domain(apr_pool_t *pool, const char *value, ldap_spec_t *spec)
{
    spec->domain = apr_pstrdup(pool, value);
    return *value && strlen(value) < 256 && unicode_is_name(value) && !strpbrk(value, "\\@")
               ? NULL
               : "domain= takes the name of the accounts' domain; write for example domain=CORP";
}

/* ---- all of them ---- */

static const struct {
    const char *key;
    const char *(*set)(apr_pool_t *pool, const char *value, ldap_spec_t *spec);
} known[] = {
    {"starttls", set_starttls}, {"binddn", set_binddn},       {"bindpw", set_bindpw},
    {"sasl", set_sasl},         {"cacert", set_cacert},       {"cert", set_cert},
    {"key", set_key},           {"tlsverify", set_tlsverify}, {"timeout", set_timeout},
    {"cache", set_cache},       {"hash", set_hash},           {"state", set_state},
    {"domain", set_domain},
};
enum { KNOWN = sizeof known / sizeof *known };

static const char *unknown_option(apr_pool_t *pool, const char *key, const char *value)
{
    const char *list = "";
    if (strchr(value, '@')) return LDAP_ADDRESS_ACCOUNT;
    for (int i = 0; i < KNOWN; i++)
        list = apr_pstrcat(pool, list, i ? ", " : "", known[i].key, "=", NULL);
    return apr_psprintf(pool, "ldap knows no option '%s'; known: %s", key, list);
}

static const char *set_option(apr_pool_t *pool, const apr_table_entry_t *option, ldap_spec_t *spec)
{
    for (int i = 0; i < KNOWN; i++)
        if (strcmp(option->key, known[i].key) == 0) return known[i].set(pool, option->val, spec);
    return unknown_option(pool, option->key, option->val);
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

/* A password in the URL that holds a blank ends up here. */
static bool has_account(const apr_array_header_t *given)
{
    for (int i = 0; i < given->nelts; i++)
        if (strchr(APR_ARRAY_IDX(given, i, apr_table_entry_t).key, '@')) return true;
    return false;
}

const char *ldap_spec_parse(apr_pool_t *pool, const char *url, const apr_table_t *options,
                            ldap_spec_t *spec)
{
    const apr_array_header_t *given = apr_table_elts(options);
    *spec = (ldap_spec_t){.verify = true,
                          .state = true,
                          .timeout = apr_time_from_sec(3),
                          .cache = apr_time_from_sec(60)};
    if (has_account(given)) return LDAP_ADDRESS_ACCOUNT;
    const char *why = ldap_address_parse(pool, url, &spec->address);
    for (int i = 0; !why && i < given->nelts; i++)
        why = set_option(pool, &APR_ARRAY_IDX(given, i, apr_table_entry_t), spec);
    if (!why) why = check_tls(spec);
    return why ? why : check_bind(spec);
}
