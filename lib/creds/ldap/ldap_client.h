/* ldap_client.h - a directory server: connect, TLS, bind, search.
 *
 * Of the files that see libldap this is the one that asks. Every call ends by its deadline,
 * also when a server takes the connection and then says nothing.
 */
#ifndef NTLM_CREDS_LDAP_CLIENT_H
#define NTLM_CREDS_LDAP_CLIENT_H

#include "../creds_groups.h"
#include "ldap_answer.h"
#include "ldap_spec.h"

/* What all connections of a source have in common. */
typedef struct ldap_client_t ldap_client_t;

/* Opens it in the parent: certificates and keys are read here, as root, and once. spec
 * must live as long as pool. Gives NULL, or (from pool) a sentence. */
const char *ldap_client_open(apr_pool_t *pool, const ldap_spec_t *spec, ldap_client_t **ldap);

/* One connection; zeros before the first call. One thread at a time. */
typedef struct ldap_client_connection_t {
    void *handle; /* NULL: not connected */
    int server;   /* to which one, by its place in the URL */
} ldap_client_connection_t;

/* One attempt to learn something. */
typedef struct ldap_client_call_t {
    const ldap_client_t *ldap;
    apr_pool_t *pool;
    apr_time_t until; /* the deadline, in ticks (clock.h) */
    const char *why;  /* set (from pool) when it fails */
    bool unanswered;  /* it failed, and only this search did: the server is well */
} ldap_client_call_t;

/* True when there is no time left that is worth beginning something. */
bool ldap_client_is_late(const ldap_client_call_t *call);

/* Connects to connection->server and binds; false on failure, and nothing is open then. */
bool ldap_client_connect(ldap_client_connection_t *connection, ldap_client_call_t *call);
void ldap_client_close(ldap_client_connection_t *connection);

/* What to search for: the entry of an account, or groups. */
typedef struct ldap_client_query_t {
    const char *filter;
    bool groups; /* below groupbase=, of which the answer has the DNs alone */
} ldap_client_query_t;

/* More groups than this have more bytes than can be told of them. */
enum { LDAP_CLIENT_GROUPS_MAX = CREDS_GROUPS_MAX / (sizeof "a=b," - 1) };

/* NTLM_OK: one account; or all groups, none perhaps, and answer->cut says whether there are more.
 * NTLM_NO_SUCH_USER: no account. NTLM_AMBIGUOUS_USER: more than one.
 * NTLM_BACKEND_DOWN: the server did not say; close the connection, but for call->unanswered.
 * Only after NTLM_OK there is an answer, to be forgotten. */
ntlm_status_t ldap_client_search(ldap_client_connection_t *connection, ldap_client_call_t *call,
                                 const ldap_client_query_t *query, ldap_answer_t *answer);

#endif
