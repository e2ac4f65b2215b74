/* passwords.h - places that take passwords by Basic, and must not, or should count who guesses. */
#ifndef NTLM_CONFIGTEST_PASSWORDS_H
#define NTLM_CONFIGTEST_PASSWORDS_H

#include <stdbool.h>

#include <httpd.h>

/* False, with an error in the log, if a place offers Basic and demands more than a password. Warns
 * where AuthBasicProvider ntlm can let nobody in for the same reason, where guesses at passwords
 * are not counted, and where none will ever come by TLS. Sections of which the text does not tell
 * whether they meet are left to the request. */
bool passwords_fit(apr_pool_t *pool, server_rec *main_server);

#endif
