/* asks.h - the directives by which a place asks for accounts of ours. */
#ifndef NTLM_CONFIGTEST_ASKS_H
#define NTLM_CONFIGTEST_ASKS_H

#include <stdbool.h>

#include <httpd.h>
#include <http_config.h>

/* AuthType NTLM. */
bool asks_by_ntlm(apr_pool_t *pool, const ap_directive_t *at);

/* That, or another module's directive that names our provider. */
bool asks_for_accounts(apr_pool_t *pool, const ap_directive_t *at);

/* The first that does, from `at` (NULL: nowhere) on; NULL if there is none. */
const ap_directive_t *asks_first(apr_pool_t *pool, const ap_directive_t *at);

#endif
