/* remoteip.h - what NTLMThrottle needs of mod_remoteip: the address of the client, not that of
 * a front end, nor one that a client has chosen.
 */
#ifndef NTLM_CONFIGTEST_REMOTEIP_H
#define NTLM_CONFIGTEST_REMOTEIP_H

#include <stdbool.h>

#include <httpd.h>

/* Warns where a RemoteIPHeader is believed whoever sends it, and failures are counted. */
void remoteip_configtest(apr_pool_t *pool, server_rec *main_server);

#endif
