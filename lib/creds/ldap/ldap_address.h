/* ldap_address.h - the URL of NTLMCredentials ldap: which servers, and where to search.
 *
 *   ldap://HOST[:PORT] [HOST[:PORT] ...]/BASE?ATTRIBUTE?SCOPE?FILTER
 *   ldaps://...                      the same over TLS
 *   ldapi://%2Frun%2Fslapd%2Fldapi/BASE?...      a local socket
 *
 * It is what AuthLDAPURL takes: the servers are asked in their order, ATTRIBUTE
 * (uid) holds the login name, SCOPE is sub or one, FILTER says which entries count.
 * %XX stands for a byte of BASE, ATTRIBUTE, FILTER and the socket's path.
 */
#ifndef NTLM_CREDS_LDAP_ADDRESS_H
#define NTLM_CREDS_LDAP_ADDRESS_H

#include <stdbool.h>

#include <apr_pools.h>

enum { LDAP_ADDRESS_SERVERS_MAX = 16 };

/* What an account in the URL is answered. */
#define LDAP_ADDRESS_ACCOUNT                                                                       \
    "an account does not stand in the URL; write binddn=DN and bindpw=file:PATH, and %40 for "     \
    "an '@' in the base"

typedef struct ldap_server_t {
    const char *uri;         /* "ldap://a:389": for libldap, and for people */
    const char *host, *port; /* NULL for a local socket */
    const char *path;        /* of a local socket; else NULL */
} ldap_server_t;

typedef struct ldap_address_t {
    bool tls;                     /* ldaps */
    bool local;                   /* ldapi */
    const ldap_server_t *servers; /* in their order */
    int server_count;             /* 1 to LDAP_ADDRESS_SERVERS_MAX */
    const char *base, *attribute;
    bool one_level;     /* scope one; else the whole subtree */
    const char *filter; /* in parentheses */
} ldap_address_t;

/* Gives NULL, or (from pool) a sentence that says what to write instead. */
const char *ldap_address_parse(apr_pool_t *pool, const char *url, ldap_address_t *address);

/* True for what may be the name of an attribute: letters, digits, '-' (RFC 4512). */
bool ldap_address_is_attribute(const char *name);

#endif
