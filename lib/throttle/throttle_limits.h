/* throttle_limits.h - how many failures are too many, and within which time (NTLMThrottle). */
#ifndef NTLM_THROTTLE_LIMITS_H
#define NTLM_THROTTLE_LIMITS_H

#include <apr_time.h>

typedef struct throttle_limit_t {
    unsigned failures;
    apr_interval_time_t window;
} throttle_limit_t;

typedef enum throttle_kind_t {
    THROTTLE_USER, /* of a user at an address */
    THROTTLE_ADDRESS,
    THROTTLE_NET56, /* of an IPv6 address */
    THROTTLE_NET48,
    THROTTLE_KINDS
} throttle_kind_t;

/* A user has no failures: nothing is counted. */
typedef struct throttle_limits_t {
    throttle_limit_t of[THROTTLE_KINDS];
} throttle_limits_t;

#endif
