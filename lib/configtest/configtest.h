/* configtest.h - what is wrong with a configuration as a whole.
 *
 * Directives check themselves. Here is what no single one can see: it is
 * looked for in check_config, which runs under `httpd -t` too (post_config does
 * not).
 */
#ifndef NTLM_CONFIGTEST_CONFIGTEST_H
#define NTLM_CONFIGTEST_CONFIGTEST_H

#include <httpd.h>

/* Logs what it finds, with what to write instead. OK, or an httpd error if the
 * server cannot start like this. */
int configtest(apr_pool_t *pconf, apr_pool_t *pool, server_rec *main_server);

/* A pre_config hook: opens the crypto, which directives need that read certificates; closed
 * with pconf. */
int configtest_open_crypto(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp);

#endif
