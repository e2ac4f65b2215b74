/* cleartext.h - where a configuration that demands TLS takes logins without it all the same. */
#ifndef NTLM_CONFIGTEST_CLEARTEXT_H
#define NTLM_CONFIGTEST_CLEARTEXT_H

#include <stdbool.h>

#include <httpd.h>

/* True when no module of this httpd speaks TLS. */
bool cleartext_alone(void);

/* Warns of each NTLMRequireTLS off that takes back an outer on. */
void cleartext_warn(apr_pool_t *pool, server_rec *main_server);

#endif
