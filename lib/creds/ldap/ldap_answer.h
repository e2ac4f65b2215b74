/* ldap_answer.h - what a directory has answered to a search: entries, and their attributes.
 *
 * The values stay where libldap's message has them, so that they can be wiped there.
 */
#ifndef NTLM_CREDS_LDAP_ANSWER_H
#define NTLM_CREDS_LDAP_ANSWER_H

#include <stdbool.h>

#include <apr_tables.h>

#include "../../ntlm/wire.h"

typedef struct ldap_attribute_t {
    const char *name;
    const bytes_t *values;
    size_t count;
} ldap_attribute_t;

typedef struct ldap_entry_t {
    const ldap_attribute_t *attributes;
    size_t count;
} ldap_entry_t;

/* ---- an answer ---- */

typedef struct ldap_answer_t {
    ldap_entry_t entry;         /* the last one; borrows from message */
    apr_array_header_t *dns;    /* bytes_t (in the pool), one an entry */
    apr_array_header_t *values; /* where values stand in the message */
    void *message;              /* libldap's; NULL: there was none */
    bool cut;                   /* of a search for groups: there are more than these */
} ldap_answer_t;

/* Reads all entries of a message (LDAPMessage) that the handle (LDAP) has received. The answer has
 * the message from now on, and must be forgotten, which wipes it and gives its memory back. */
ldap_answer_t ldap_answer_read(void *handle, void *message, apr_pool_t *pool);
void ldap_answer_forget(ldap_answer_t *answer);

/* ---- an entry ---- */

/* The attribute of that very description, in any case; one without values if it is not there. */
const ldap_attribute_t *ldap_answer_attribute(const ldap_entry_t *entry, const char *name);

/* Whether the entry has it in several descriptions ("sambaAcctFlags;x-old", which a search brings
 * along): which of their values counts is not for us to choose. with_options: one of those with
 * options is enough. */
bool ldap_answer_has_twice(const ldap_entry_t *entry, const char *name, bool with_options);

#endif
