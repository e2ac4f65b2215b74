/* ldap_secret.h - where the password of the service account comes from.
 *
 *   file:PATH      the file's content without the newline at its end
 *   exec:PROGRAM   the first line that a program prints; arguments may follow
 *   env:NAME       a variable of the environment that httpd was started with
 *
 * Never the password itself: configuration files are listed, copied and logged.
 */
#ifndef NTLM_CREDS_LDAP_SECRET_H
#define NTLM_CREDS_LDAP_SECRET_H

#include <apr_pools.h>

enum { LDAP_SECRET_MAX = 1024 };

#define LDAP_SECRET_HELP                                                                           \
    "bindpw= never holds the password itself; write bindpw=file:PATH, bindpw=exec:PROGRAM or "     \
    "bindpw=env:NAME"

/* Reads it in the parent, at configuration time; it is wiped with the pool. Gives NULL,
 * or (from pool) a sentence that says what to write instead, and never holds a secret. */
const char *ldap_secret_read(apr_pool_t *pool, const char *from, const char **secret);

#endif
