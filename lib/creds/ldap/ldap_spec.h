/* ldap_spec.h - what NTLMCredentials ldap says: the URL and its options.
 *
 *   starttls=on|off   binddn=DN bindpw=file:PATH|exec:PROGRAM|env:NAME   sasl=external
 *   cacert=PATH cert=PATH key=PATH tlsverify=on|off   timeout=SECONDS cache=SECONDS
 *   hash=ATTRIBUTE state=none domain=NAME groups=ATTRIBUTE groupbase=DN
 *
 * What each one means stands in docs/directives.md.
 */
#ifndef NTLM_CREDS_LDAP_SPEC_H
#define NTLM_CREDS_LDAP_SPEC_H

#include <apr_tables.h>
#include <apr_time.h>

#include "../creds_options.h"
#include "ldap_address.h"

typedef struct ldap_spec_t {
    ldap_address_t address;
    bool starttls;
    const char *bind_dn, *bind_password; /* both, or neither */
    bool sasl_external;
    bool verify;                     /* the server's certificate and its names */
    const char *cacert, *cert, *key; /* paths, or NULL */
    apr_interval_time_t timeout;
    apr_interval_time_t cache; /* 0: nothing is remembered */
    const char *hash;          /* the attribute, or NULL for those that are known */
    bool state;                /* disabled, locked and expired accounts are refused */
    const char *domain;        /* of every account, or NULL for the entry's own */
    const char *groups;        /* the attribute that names them, or NULL */
    const char *group_base;    /* where groups that list users are, or NULL */
} ldap_spec_t;

extern const creds_option_t ldap_spec_options[];

/* Gives NULL, or (from pool) a sentence that says what to write instead. */
const char *ldap_spec_parse(apr_pool_t *pool, const char *url, const apr_table_t *given,
                            ldap_spec_t *spec);

#endif
