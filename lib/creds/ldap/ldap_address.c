#include "ldap_address.h"

#include <arpa/inet.h>
#include <string.h>

#include <apr_strings.h>

#include "../../ntlm/unicode.h"
#include "ldap_filter.h"

#define EXAMPLE "ldap://ldap.example.com/ou=people,dc=example,dc=com?uid"

/* ---- %XX ---- */

/* NULL when a % is followed by something else than two digits, or stands for NUL. */
static const char *decode(apr_pool_t *pool, const char *text)
{
    char *plain = apr_palloc(pool, strlen(text) + 1), *out = plain;
    for (; *text; text++) {
        int high = *text == '%' ? hex_value(text[1]) : 0;
        int low = *text == '%' && high >= 0 ? hex_value(text[2]) : 0;
        if (high < 0 || low < 0 || (*text == '%' && high + low == 0)) return NULL;
        *out++ = (char)(*text == '%' ? high << 4 | low : *text);
        if (*text == '%') text += 2;
    }
    *out = '\0';
    return plain;
}

/* ---- servers ---- */

/* An account in the URL, as other programs take it: its password may hold anything, and
 * may be cut by what it holds. So nothing of such a URL is ever shown. */
static bool has_account(const char *hosts)
{
    size_t len = strcspn(hosts, "?");
    for (const char *at = memchr(hosts, '@', len); at < hosts + len && at; at++)
        if (*at == '/') return true;
    return false;
}

static const char *bad_server(apr_pool_t *pool, const char *name)
{
    return apr_psprintf(pool,
                        "'%s' is no server; write HOST or HOST:PORT, an IPv6 address as "
                        "[::1]:389, and the scheme once: ldap://a b:389/BASE",
                        name);
}

static bool is_port(const char *port)
{
    size_t len = strlen(port);
    if (len == 0 || len > 5 || strspn(port, "0123456789") != len) return false;
    apr_int64_t number = apr_atoi64(port);
    return number > 0 && number < 65536;
}

static bool is_host(const char *host)
{
    static const char names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    return *host && strspn(host, names) == strlen(host);
}

static bool is_ipv6(const char *host)
{
    struct in6_addr unused;
    return inet_pton(AF_INET6, host, &unused) == 1;
}

/* text: HOST, HOST:PORT, [IPV6] or [IPV6]:PORT. */
static const char *parse_server(apr_pool_t *pool, const char *text, const char *scheme,
                                ldap_server_t *server)
{
    bool ipv6 = text[0] == '[';
    const char *end = ipv6 ? strchr(text, ']') : strchr(text, ':');
    if (ipv6 && !end) return bad_server(pool, text);
    if (!end) end = text + strlen(text);
    const char *rest = ipv6 ? end + 1 : end;
    server->host = ipv6 ? apr_pstrndup(pool, text + 1, (apr_size_t)(end - text - 1))
                        : apr_pstrndup(pool, text, (apr_size_t)(end - text));
    if (!(ipv6 ? is_ipv6(server->host) : is_host(server->host))) return bad_server(pool, text);
    if (*rest && (*rest != ':' || !is_port(rest + 1))) return bad_server(pool, text);
    server->port = *rest ? rest + 1 : strcmp(scheme, "ldaps") == 0 ? "636" : "389";
    server->uri = apr_psprintf(pool, ipv6 ? "%s://[%s]:%s" : "%s://%s:%s", scheme, server->host,
                               server->port);
    return NULL;
}

static const char *parse_servers(apr_pool_t *pool, char *hosts, const char *scheme,
                                 ldap_address_t *address)
{
    ldap_server_t *servers = apr_pcalloc(pool, LDAP_ADDRESS_SERVERS_MAX * sizeof *servers);
    char *state;
    for (char *one = apr_strtok(hosts, " ", &state); one; one = apr_strtok(NULL, " ", &state)) {
        if (address->server_count == LDAP_ADDRESS_SERVERS_MAX)
            return "there are more than 16 servers; leave some out";
        const char *why = parse_server(pool, one, scheme, &servers[address->server_count++]);
        if (why) return why;
    }
    address->servers = servers;
    return address->server_count ? NULL : "the URL names no server; write for example " EXAMPLE;
}

static const char *parse_socket(apr_pool_t *pool, const char *encoded, ldap_address_t *address)
{
    enum { PATH_MAX_HERE = 107 }; /* sun_path */
    ldap_server_t *server = apr_pcalloc(pool, sizeof *server);
    server->path = decode(pool, encoded);
    if (!server->path || server->path[0] != '/' || strlen(server->path) > PATH_MAX_HERE)
        return "behind ldapi:// stands the socket's path with its slashes as %2F; write for "
               "example ldapi://%2Frun%2Fslapd%2Fldapi/ou=people,dc=example,dc=com";
    server->uri = apr_pstrcat(pool, "ldapi://", encoded, NULL);
    address->servers = server;
    address->server_count = 1;
    return NULL;
}

/* ---- what is searched ---- */

bool ldap_address_is_attribute(const char *name)
{
    static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char rest[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    return *name && strchr(first, *name) && strspn(name, rest) == strlen(name);
}

static const char *parse_scope(const char *scope, ldap_address_t *address)
{
    address->one_level = strcmp(scope, "one") == 0;
    if (address->one_level || *scope == '\0' || strcmp(scope, "sub") == 0) return NULL;
    return "the scope, behind the attribute's '?', is sub (the default) or one";
}

static const char *parse_filter(apr_pool_t *pool, const char *filter, ldap_address_t *address)
{
    if (*filter == '\0') filter = "(objectClass=*)";
    address->filter = *filter == '(' ? filter : apr_pstrcat(pool, "(", filter, ")", NULL);
    return ldap_filter_check(address->filter);
}

/* The next part up to a '?', decoded. *rest becomes what follows. */
static const char *next_part(apr_pool_t *pool, const char **rest)
{
    const char *end = strchr(*rest, '?');
    size_t len = end ? (size_t)(end - *rest) : strlen(*rest);
    const char *part = decode(pool, apr_pstrndup(pool, *rest, len));
    *rest += len + (end ? 1 : 0);
    return part && unicode_is_name(part) ? part : NULL;
}

static const char *parse_search(apr_pool_t *pool, const char *rest, ldap_address_t *address)
{
    const char *base = next_part(pool, &rest), *attribute = next_part(pool, &rest);
    const char *scope = next_part(pool, &rest), *filter = next_part(pool, &rest);
    if (!base || !attribute || !scope || !filter)
        return "a part of the URL is not UTF-8, or holds a '%' without two hex digits; write %25 "
               "for a '%'";
    if (*rest) return "behind the filter nothing may follow; write %3F for a '?' in it";
    if (!strchr(base, '='))
        return "the URL does not say where to search; write the base DN behind the "
               "servers: " EXAMPLE;
    address->base = base;
    address->attribute = *attribute ? attribute : "uid";
    if (!ldap_address_is_attribute(address->attribute))
        return "behind the first '?' stands one attribute, the one with the login name; write "
               "for example ?uid";
    const char *why = parse_scope(scope, address);
    return why ? why : parse_filter(pool, filter, address);
}

const char *ldap_address_parse(apr_pool_t *pool, const char *url, ldap_address_t *address)
{
    const char *colon = strstr(url, "://");
    memset(address, 0, sizeof *address);
    const char *scheme = colon ? apr_pstrndup(pool, url, (apr_size_t)(colon - url)) : "";
    address->tls = strcmp(scheme, "ldaps") == 0;
    address->local = strcmp(scheme, "ldapi") == 0;
    if (!address->tls && !address->local && strcmp(scheme, "ldap") != 0)
        return "the URL begins with ldap://, ldaps:// or ldapi://; write for example " EXAMPLE;
    const char *hosts = colon + strlen("://"), *slash = strchr(hosts, '/');
    if (has_account(hosts)) return LDAP_ADDRESS_ACCOUNT;
    if (!slash)
        return "the URL does not say where to search; write the base DN behind the "
               "servers: " EXAMPLE;
    char *names = apr_pstrndup(pool, hosts, (apr_size_t)(slash - hosts));
    const char *why = address->local ? parse_socket(pool, names, address)
                                     : parse_servers(pool, names, scheme, address);
    if (why && strchr(hosts, '@')) return LDAP_ADDRESS_ACCOUNT;
    return why ? why : parse_search(pool, slash + 1, address);
}
