/* controllers.h - sources that let a controller decide, as they are configured.
 */
#ifndef NTLM_CONFIGTEST_CONTROLLERS_H
#define NTLM_CONFIGTEST_CONTROLLERS_H

#include <stdbool.h>

#include <httpd.h>

/* Asks each what we are called; one that does not answer is asked again by the children, and an
 * administrator is told. Where that is not what the configuration says, no login could succeed:
 * false, and the log says so. */
bool controllers_fit(apr_pool_t *pconf, apr_pool_t *pool, server_rec *main_server);

#endif
