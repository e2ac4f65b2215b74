/* domains.h - accounts of a domain that nobody says is ours. */
#ifndef NTLM_CONFIGTEST_DOMAINS_H
#define NTLM_CONFIGTEST_DOMAINS_H

#include <httpd.h>

/* Warns of sources with such accounts, of each once. Which sections meet is known only at a
 * request: where any NTLMDomain may count it says nothing. */
void domains_warn(apr_pool_t *pconf, apr_pool_t *pool);

#endif
