/* ldap_servers.h - which of several servers to ask, and who says that one is down.
 *
 * Servers are asked in their order. One that failed is left alone for a while, 1 second
 * at first, at most 30, and then tried by one request at a time, while the others go
 * on to the next server; when it answers it is asked first again. While no server
 * answers at all, one request a second tries each of them, and the others need not wait;
 * only in the outage's first second, and after seeing a server fail, all may try the others.
 *
 * All children share what they know, so that an outage is news once, and so is its end.
 */
#ifndef NTLM_CREDS_LDAP_SERVERS_H
#define NTLM_CREDS_LDAP_SERVERS_H

#include <stdbool.h>

#include <apr_pools.h>
#include <apr_time.h>

typedef struct ldap_servers_t ldap_servers_t;

/* Opens it in the parent. timeout: how long one server may take. Gives NULL, or (from
 * pool) a sentence. */
const char *ldap_servers_open(apr_pool_t *pool, int count, apr_interval_time_t timeout,
                              ldap_servers_t **servers);

/* The server to ask next, -1 for none. tried: a bit for each one that this request asked
 * before. The caller says afterwards what came of it. */
int ldap_servers_pick(ldap_servers_t *servers, unsigned tried, apr_time_t now);

/* It did not answer. True if that is news. */
bool ldap_servers_failed(ldap_servers_t *servers, int server, apr_time_t now);

/* It answered. True if it had been down. */
bool ldap_servers_answered(ldap_servers_t *servers, int server);

#endif
