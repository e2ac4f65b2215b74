/* places.h - what NTLMCredentials, NTLMDomain, NTLMComputer and NTLMUserFormat come to, wherever
 * they stand.
 *
 * Which sections meet is known only at a request: a <Location> may lie in a <Directory>, with an
 * <If> inside. So every two that may meet are put together.
 */
#ifndef NTLM_CONFIGTEST_PLACES_H
#define NTLM_CONFIGTEST_PLACES_H

#include "../config/config.h"

/* What comes out: NTLMCredentials, NTLMDomain, NTLMComputer and NTLMUserFormat alone. */
typedef struct place_t {
    const dir_config_t *config;
    const ap_directive_t *at;     /* the directive that was read there first */
    const ap_directive_t *within; /* that of the place around it, if it is around it; or NULL */
} place_t;

/* The places by themselves, with what their server says, and then two that meet, if that
 * comes to accounts and names which no other comes to: an array of place_t. */
const apr_array_header_t *places_of(apr_pool_t *pool, apr_pool_t *pconf);

#endif
