/* ldap_tls.h - the TLS of a source: certificates and keys, read once, for all connections. */
#ifndef NTLM_CREDS_LDAP_TLS_H
#define NTLM_CREDS_LDAP_TLS_H

#include <apr_time.h>

#include "ldap_spec.h"

/* Makes a context on holder (an LDAP) from spec. Gives NULL, or (static text) what to look
 * at. *context is to be given back with ldap_tls_drop(), while holder lives. */
const char *ldap_tls_open(void *holder, const ldap_spec_t *spec, void **context);
void ldap_tls_drop(void *context);

/* Has ld (an LDAP) use it. */
bool ldap_tls_use(void *ld, const ldap_spec_t *spec, void *context);

/* Makes the handshake on a connected ld that is told to be asynchronous and has its network
 * time limit; until: in ticks (clock.h). Gives libldap's result code. */
int ldap_tls_start(void *ld, apr_time_t until);

#endif
