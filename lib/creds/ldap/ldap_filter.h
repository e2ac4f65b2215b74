/* ldap_filter.h - search filters (RFC 4515), and what a client's name becomes in one. */
#ifndef NTLM_CREDS_LDAP_FILTER_H
#define NTLM_CREDS_LDAP_FILTER_H

#include <apr_pools.h>

#include "../../ntlm/wire.h"

/* NULL for one filter that a server can read, else (static text) what is wrong. */
const char *ldap_filter_check(const char *filter);

/* A value as it stands in a filter: everything but letters, digits and a few harmless
 * signs becomes \XX, so that it can mean nothing but itself. */
const char *ldap_filter_escape(apr_pool_t *pool, bytes_t value);

/* "(&FILTER(ATTRIBUTE=value))", the value escaped. */
const char *ldap_filter_for(apr_pool_t *pool, const char *filter, const char *attribute,
                            bytes_t value);

/* For the groups (posixGroup) that list that user, or are of that number. */
const char *ldap_filter_for_groups(apr_pool_t *pool, const char *user, bytes_t gid);

/* True when a name is worth a search: 1 to LDAP_FILTER_NAME_MAX bytes of UTF-8 without
 * control characters. */
enum { LDAP_FILTER_NAME_MAX = 256 };
bool ldap_filter_takes(const char *name);

#endif
