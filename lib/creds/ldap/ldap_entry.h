/* ldap_entry.h - one entry of a directory becomes an account.
 *
 * No libldap here: an entry is names and bytes, from a server that may be anything.
 * An entry that cannot be understood is refused, never guessed at.
 */
#ifndef NTLM_CREDS_LDAP_ENTRY_H
#define NTLM_CREDS_LDAP_ENTRY_H

#include "../creds.h"
#include "../creds_groups.h"
#include "ldap_answer.h"
#include "ldap_spec.h"

/* Who was searched for, and when. */
typedef struct ldap_question_t {
    const ldap_spec_t *spec;
    const char *user;           /* what the login attribute was to match */
    const char *const *domains; /* the entry's may be one of these; NULL: any will do */
    apr_time_t now;
} ldap_question_t;

#define LDAP_ENTRY_GID "gidNumber" /* asked for with groupbase= */

/* The attributes that are looked at here, NULL at the end. Operational ones come only when they are
 * asked for by name. */
const char *const *ldap_entry_attributes(apr_pool_t *pool, const ldap_spec_t *spec);

/* Fills the account but for its generation and source; its strings are in pool.
 * NTLM_OK: account->key.state says whether it may log in, the most permanent reason first.
 * NTLM_NO_SUCH_USER: it is another domain's, and account->others is all that is filled; or it has
 * another name. NTLM_HASH_UNREADABLE: the entry shows no hash.
 * NTLM_BAD_ENTRY: *why becomes a sentence (from pool) that says which value is wrong. Of what
 * decides, two values or two descriptions are wrong, and one with options; login names may
 * be many. */
ntlm_status_t ldap_entry_read(const ldap_entry_t *entry, const ldap_question_t *question,
                              apr_pool_t *pool, creds_account_t *account, const char **why);

/* Adds the groups that the entry itself names. Those under a description with options are a part
 * of them ("memberOf;range=0-1499"). */
void ldap_entry_groups(const ldap_entry_t *entry, const ldap_spec_t *spec, creds_groups_t *groups);

#endif
