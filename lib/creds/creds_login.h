/* creds_login.h - whom a login means: the names that a client has sent, and ours among them.
 *
 * The names of one list of creds_home_t are one domain, in logins and in entries: who names one
 * finds what stands under another. That is for looking up only, the proof is about the names as
 * sent.
 */
#ifndef NTLM_CREDS_LOGIN_H
#define NTLM_CREDS_LOGIN_H

#include "creds_account.h"

/* Takes apart what a client has sent: a name with a '\' is split there, else at its last '@'. What
 * names no domain is of ours, if we have one. login->names: the user in the domain as it was sent,
 * then the name as it was sent, if it holds one, then the user in the other names of a domain that
 * is ours, then the user alone. docs/directives.md has that as a table. */
creds_login_t creds_login(apr_pool_t *pool, const char *user, const char *domain,
                          const creds_home_t *home);

/* Just this user, in no domain, or in whichever his source says; nothing is taken apart. */
creds_login_t creds_login_of_user(const char *user, const creds_home_t *home);

/* All names of that domain if it is ours, else NULL. */
const char *const *creds_home_names(const creds_home_t *home, const char *domain);

/* The first of them; a domain that is not ours is called what it is called. */
const char *creds_home_name(const creds_home_t *home, const char *domain);

bool creds_home_is_one(const creds_home_t *home, const char *a, const char *b);

#endif
