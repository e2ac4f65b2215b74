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
    unsigned filler;        /* one more pair, of so many bytes; 0: none */
    unsigned unknown_pairs; /* so many more, of AvIds that nobody knows */
    bool has_av_flags;      /* MsvAvFlags, */
    uint32_t av_flags;      /* of this value */
    unsigned single_host;   /* MsvAvSingleHost of so many bytes; 0: none */
} shape_t;

/* What goes wrong, */
typedef enum fault_kind_t {
    FAULT_NONE,
    FAULT_CLOSE,     /* the connection ends without an answer, */
    FAULT_RESET,     /* by a reset */
    FAULT_ERROR,     /* 500 */
    FAULT_NO_TOKEN,  /* 401, and no token in it */
    FAULT_ASK_ONCE,  /* the same of who is logged in, and stays so */
    FAULT_FORGET,    /* nothing is known of the challenge that is answered */
    FAULT_DAMAGE,    /* the challenge is none */
    FAULT_TWO,       /* there are two challenges */
    FAULT_LAST,      /* the connection ends behind the answer, which says so */
    FAULT_NO_LENGTH, /* where its body ends, only the end of the connection says */
    FAULT_SLOW       /* it comes a few bytes at a time */
} fault_kind_t;

/* and with which requests; these may be joined. */
enum {
    FAULT_AT_NOTHING = 1, /* no token came, and nobody is logged in */
    FAULT_AT_LOGIN = 2,   /* none came, and somebody is */
    FAULT_AT_TYPE1 = 4,
    FAULT_AT_TYPE3 = 8,
};

/* What is wrong with a challenge that is none. */
typedef enum damage_t {
    DAMAGE_BASE64,
    DAMAGE_TRUNCATED,
    DAMAGE_TARGET_INFO,
    DAMAGE_SIGNATURE,
    DAMAGE_TYPE,
    DAMAGE_OFFSET,
    DAMAGE_NO_EOL,
    DAMAGE_AV_LENGTH
} damage_t;

typedef struct fault_t {
    fault_kind_t kind;
    unsigned with; /* FAULT_AT_... */
    damage_t damage;
} fault_t;

/* How the header that asks for a login is written. */
typedef enum offer_t {
    OFFER_USUAL,
    OFFER_ONE_LINE,   /* all schemes in one header */
    OFFER_LOWER_CASE, /* their names */
    OFFER_NONE        /* only with a token */
} offer_t;

typedef struct settings_t {
    shape_t shape;
    offer_t offer;
    bool takes_basic;
    fault_t fault;
    bool shares_challenges; /* whichever connection they were sent on */
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
