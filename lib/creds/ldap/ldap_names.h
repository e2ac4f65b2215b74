/* ldap_names.h - the spellings of a login, where a search is for one user of any domain.
 *
 * Spellings of the same user are one search. How many there are depends on the login alone.
 */
#ifndef NTLM_CREDS_LDAP_NAMES_H
#define NTLM_CREDS_LDAP_NAMES_H

#include "../creds.h"

/* Searches for the user, whose entry may have one of these domains (NULL: any will do), or none:
 * what ldap_entry_read() says of it. *account comes as zeros. */
typedef ntlm_status_t ldap_names_search_t(void *baton, const char *user, const char *const *domains,
                                          creds_account_t *account);

/* The first spelling that is somebody's, as find() of a backend answers. Where a part of the
 * searches failed and another one found somebody, account->outage says so. */
ntlm_status_t ldap_names_find(const creds_login_t *login, ldap_names_search_t *search, void *baton,
                              creds_account_t *account);

#endif
