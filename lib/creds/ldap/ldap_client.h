/* ldap_client.h - a directory server: connect, TLS, bind, search.
 *
 * Of the files that see libldap this is the one that asks. Every call ends by its deadline,
 * also when a server takes the connection and then says nothing.
 */
#ifndef NTLM_CREDS_LDAP_CLIENT_H
#define NTLM_CREDS_LDAP_CLIENT_H

#include "ldap_entry.h"

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

typedef struct ldap_client_answer_t {
    ldap_entry_t entry;         /* borrows from message */
    apr_array_header_t *values; /* where its values stand in the message */
    void *message;
} ldap_client_answer_t;

/* NTLM_OK: one entry. NTLM_NO_SUCH_USER: none. NTLM_AMBIGUOUS_USER: more than one.
 * NTLM_BACKEND_DOWN: the server did not say; close the connection, but for call->unanswered.
 * Only after NTLM_OK there is an answer, to be given back. */
ntlm_status_t ldap_client_search(ldap_client_connection_t *connection, ldap_client_call_t *call,
                                 const char *filter, ldap_client_answer_t *answer);

/* Wipes an answer, and gives its memory back. */
void ldap_client_forget(ldap_client_answer_t *answer);

#endif
