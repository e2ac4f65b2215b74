/* creds_ldap.h - a directory server: connect, TLS, bind, search.
 *
 * Of the files that see libldap this is the one that asks. Every call ends by its deadline,
 * also when a server takes the connection and then says nothing.
 */
#ifndef NTLM_CREDS_CREDS_LDAP_H
#define NTLM_CREDS_CREDS_LDAP_H

#include "ldap_entry.h"

/* What all connections of a source have in common. */
typedef struct creds_ldap_t creds_ldap_t;

/* Opens it in the parent: certificates and keys are read here, as root, and once. spec
 * must live as long as pool. Gives NULL, or (from pool) a sentence. */
const char *creds_ldap_open(apr_pool_t *pool, const ldap_spec_t *spec, creds_ldap_t **ldap);

/* One connection; zeros before the first call. One thread at a time. */
typedef struct creds_ldap_connection_t {
    void *handle; /* NULL: not connected */
    int server;   /* to which one, by its place in the URL */
} creds_ldap_connection_t;

/* One attempt to learn something. */
typedef struct creds_ldap_call_t {
    const creds_ldap_t *ldap;
    apr_pool_t *pool;
    apr_time_t until; /* the deadline, in ticks (clock.h) */
    const char *why;  /* set (from pool) when it fails */
    bool unanswered;  /* it failed, and only this search did: the server is well */
} creds_ldap_call_t;

/* True when there is no time left that is worth beginning something. */
bool creds_ldap_is_late(const creds_ldap_call_t *call);

/* Connects to connection->server and binds; false on failure, and nothing is open then. */
bool creds_ldap_connect(creds_ldap_connection_t *connection, creds_ldap_call_t *call);
void creds_ldap_close(creds_ldap_connection_t *connection);

typedef struct creds_ldap_answer_t {
    ldap_entry_t entry;         /* borrows from message */
    apr_array_header_t *values; /* where its values stand in the message */
    void *message;
} creds_ldap_answer_t;

/* NTLM_OK: one entry. NTLM_NO_SUCH_USER: none. NTLM_AMBIGUOUS_USER: more than one.
 * NTLM_BACKEND_DOWN: the server did not say; close the connection, but for call->unanswered.
 * Only after NTLM_OK there is an answer, to be given back. */
ntlm_status_t creds_ldap_search(creds_ldap_connection_t *connection, creds_ldap_call_t *call,
                                const char *filter, creds_ldap_answer_t *answer);

/* Wipes an answer, and gives its memory back. */
void creds_ldap_forget(creds_ldap_answer_t *answer);

#endif
