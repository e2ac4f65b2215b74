/* ldap_io.h - how libldap reads and writes: never waiting, whatever it does to the socket.
 *
 * libldap makes a socket block again once it was ready, and its TLS layer then waits for
 * the rest of a record without a limit. Here each read and write is told not to block.
 */
#ifndef NTLM_CREDS_LDAP_IO_H
#define NTLM_CREDS_LDAP_IO_H

#include <stdbool.h>

/* Puts it below all else of a Sockbuf, for a connected socket, which is closed with it.
 * False when there is no memory. */
bool ldap_io_use(void *sockbuf, int fd);

#endif
