/* settings.h - what an address of the bench does otherwise than production: one struct.
 *
 * All zeros: as production does it. An address's row (place.h) fills it in from its path. Who adds
 * a member gives it a meaning of its own, so that all of them may be joined.
 */
#ifndef NTLM_BENCH_SETTINGS_H
#define NTLM_BENCH_SETTINGS_H

#include "../../ntlm/ntlm_policy.h"

/* Whose name TargetName is, and what the flags say of it. */
typedef enum target_t { TARGET_DOMAIN, TARGET_SERVER, TARGET_NONE } target_t;

/* How a Type 2 looks (MS-NLMP 2.2.1.2). */
typedef struct shape_t {
    bool has_challenge; /* the ServerChallenge is this one, not a new one each time */
    uint8_t challenge[NTLM_CHALLENGE_LEN];
    bool has_time; /* MsvAvTimestamp is this one, not now */
    uint64_t filetime;
    bool no_time;           /* no MsvAvTimestamp */
    uint32_t flags_with;    /* bits that are set beside the usual ones, */
    uint32_t flags_without; /* and that are not */
    bool has_flags;         /* NegotiateFlags are these, whatever the client offers */
    uint32_t flags;
    target_t target;
    bool long_names;        /* as long as names may be */
    bool no_names;          /* no pair has one */
    unsigned unknown_pairs; /* so many more, of AvIds that nobody knows */
    bool has_av_flags;      /* MsvAvFlags, */
    uint32_t av_flags;      /* of this value */
    unsigned single_host;   /* MsvAvSingleHost of so many bytes; 0: none */
} shape_t;

typedef struct settings_t {
    shape_t shape;
    /* what is demanded */
    bool require_mic, tls_only;
    ntlm_demand_t binding, service;
    const char *accept_domain; /* NULL: any */
    bool strict;               /* whoever earns a warning is refused */
    /* the account; user NULL: those of the bench */
    const char *domain, *user, *password; /* UTF-8 */
    /* the connection */
    unsigned login_requests;         /* a login is good for so many; 0: for all of its connection */
    unsigned keepalive_requests;     /* the connection closes behind so many; 0: httpd's limit */
    unsigned challenge_ms, login_ms; /* lifetimes; 0: production's */
    unsigned idle_ms; /* it closes when a challenge is not answered within that time; 0: httpd's */
    /* the answer */
    int redirect;       /* its status; 0: there is none */
    bool redirect_away; /* to another host, */
    uint64_t body;      /* of so many bytes */
    bool chunked;       /* without a length */
} settings_t;

#endif
