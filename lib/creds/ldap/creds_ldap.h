/* creds_ldap.h - the backend "ldap": accounts of a directory.
 *
 *   NTLMCredentials ldap URL [key=value ...]
 *
 * A login is looked for in the cache, then on the servers, in their order. Nothing
 * is connected in the parent; each child keeps a few connections.
 */
#ifndef NTLM_CREDS_LDAP_H
#define NTLM_CREDS_LDAP_H

#include "../creds.h"

extern const creds_backend_t creds_ldap_backend;

#endif
