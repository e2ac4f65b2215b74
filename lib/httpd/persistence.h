/* persistence.h - whether a login may outlive the request that proves it.
 *
 * A proxy may lend one connection to several clients: a login that stayed with such
 * a connection would serve one of them as another.
 */
#ifndef NTLM_HTTPD_PERSISTENCE_H
#define NTLM_HTTPD_PERSISTENCE_H

#include "attempt.h"

/* Learns from the configuration which headers say who a proxy's client is
 * (RemoteIPHeader); from check_config, that is before any request. */
void persistence_learn_marks(apr_pool_t *pconf);

/* Registers the hooks that look for the marks of a proxy, and the filter that tells the client
 * whether its login has stayed: Persistent-Auth, on the answer to a login. */
void persistence_register(void);

/* True when a login of this request may stay with the connection, and when the
 * request may use one that has stayed: NTLMPersistence says so, and the request did not
 * come through a proxy, or NTLMProxied trusts it. */
bool persistence_allowed(request_rec *r, const dir_config_t *config);

/* NULL, or how this request shows that it came through a proxy, where NTLMProxied forbids that. As
 * long as the client's. */
const char *persistence_refuses(request_rec *r, const dir_config_t *config);

#endif
