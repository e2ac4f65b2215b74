/* winbind_access.h - what winbindd can be asked, and why it does not answer, above all to whom it
 * may not.
 *
 * It decides about logins for processes alone that may enter its folder winbindd_privileged: those
 * of root, and of a group that Samba's package makes for it. libwbclient does not tell the two
 * apart.
 */
#ifndef NTLM_WINBIND_ACCESS_H
#define NTLM_WINBIND_ACCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <sys/types.h>

#include <apr_pools.h>
#include <wbclient.h> /* which takes the types above for granted */

/* What a name has room for in a question to winbindd. libwbclient cuts off the rest, and then it is
 * another account that is asked about, whose wrong passwords nobody here has counted. */
enum { WINBIND_NAME_LEN = 255 };

/* The NetBIOS name (from pool) of the domain that this computer has joined. context: NULL is
 * WBC_ERR_NO_MEMORY. */
wbcErr winbind_access_domain(struct wbcContext *context, apr_pool_t *pool, const char **domain);

/* A sentence (from pool) for the log: what error means, and the command that repairs it. context:
 * as in winbind_logon.h. */
const char *winbind_access_why(struct wbcContext *context, apr_pool_t *pool, wbcErr error);

/* NULL, or (from pool) that children which run as that user and that group will not be answered,
 * and the command. groups: an open /etc/group. */
const char *winbind_access_missing(apr_pool_t *pool, FILE *groups, const char *user, gid_t group);

#endif
