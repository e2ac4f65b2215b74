/* forward.h - the bench as a proxy that answers 407, for its own ports alone.
 *
 * Which place a login there means: the path in the header NTLM-Bench-Place; else what stands behind
 * the first ";" of the user's name, where ";" means "/", too: "alice;mic" is alice at /mic, once
 * the name is known; else /ntlm.
 */
#ifndef NTLM_BENCH_FORWARD_H
#define NTLM_BENCH_FORWARD_H

#include <httpd.h>

#include "bench.h"

typedef struct forward_t {
    const char *place; /* its path, without a query */
    const char *query; /* or "" */
    bool named;        /* in the header */
} forward_t;

/* Points the request at the port of the bench that it names; by an address of the bench's own,
 * whatever the client has written. Gives OK, or 403 with its reason: it is no port of the bench. */
int forward_aim(request_rec *r);

/* What the login of this request means. */
forward_t forward_place(request_rec *r, const bench_conn_t *conn);

/* The user's name of a Type 3 without a place in it. */
const char *forward_user(apr_pool_t *pool, const char *user);

#endif
