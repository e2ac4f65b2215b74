/* ldap_socket.h - a connection to a directory server, made within a time limit.
 *
 * libldap's own way to connect knows no limit that holds for several addresses, and
 * none for TLS: see ldap_client.c and ldap_io.h.
 */
#ifndef NTLM_CREDS_LDAP_SOCKET_H
#define NTLM_CREDS_LDAP_SOCKET_H

#include <apr_time.h>

#include "ldap_address.h"

/* Connects to the first of the server's addresses that answers; until: in ticks (clock.h).
 * Gives a descriptor that does not block, or -1 and *why (from pool). Only the look-up of
 * a host name is the system's and has the system's limits. */
int ldap_socket_open(const ldap_server_t *server, apr_time_t until, apr_pool_t *pool,
                     const char **why);

/* Waits until fd is ready for these events of poll(). Gives 0 or the system's error, ETIMEDOUT
 * when the time is over. */
int ldap_socket_wait(int fd, short events, apr_time_t until);

#endif
