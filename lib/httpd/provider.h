/* provider.h - the accounts for mod_auth_basic and mod_auth_form: AuthBasicProvider ntlm.
 *
 * httpd's interface for providers of logins (mod_auth.h). Whoever has no NT hash here is left to
 * the next provider; that he was not known counts as a failure (NTLMThrottle) unless that one lets
 * him in. There is no get_realm_hash: Digest hashes passwords in another way.
 */
#ifndef NTLM_HTTPD_PROVIDER_H
#define NTLM_HTTPD_PROVIDER_H

#include <httpd.h>

/* Registers the provider, and the hooks that see whether others let in whom it does not know. */
void provider_register(apr_pool_t *pconf);

#endif
