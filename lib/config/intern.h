/* intern.h - the same text, the same pointer, while one configuration is in force.
 *
 * httpd merges configurations anew for each request, so pointers to merged
 * structures are no keys. What they point to is: it is made once per text.
 */
#ifndef NTLM_CONFIG_INTERN_H
#define NTLM_CONFIG_INTERN_H

#include <apr_pools.h>

/* What was kept under that text, or NULL. pconf: the pool of the configuration. */
void *intern_find(apr_pool_t *pconf, const char *text);

/* Keeps it; text and made live in pconf. Gives made back. */
const void *intern_keep(apr_pool_t *pconf, const char *text, const void *made);

#endif
