/* require.h - what stands behind Require: who may come in, by what is known of his login. */
#ifndef NTLM_REQUIRE_REQUIRE_H
#define NTLM_REQUIRE_REQUIRE_H

#include <apr_pools.h>

/* Registers ntlm-or-guest, ntlm-domain and ntlm-group. */
void require_register(apr_pool_t *pconf);

#endif
