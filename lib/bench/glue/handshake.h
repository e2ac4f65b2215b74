/* handshake.h - a message of NTLM at the bench's own places goes through the acceptor of its
 * connection: production's checks, from a challenge of any shape on.
 */
#ifndef NTLM_BENCH_HANDSHAKE_H
#define NTLM_BENCH_HANDSHAKE_H

#include <httpd.h>

#include "bench.h"

/* One request, its message, and all that goes with it. */
typedef struct taken_t {
    request_rec *r;
    bench_t *bench;
    bench_conn_t *conn;
    const settings_t *settings;
    fault_kind_t fault; /* what goes wrong with it */
    ntlm_policy_t policy;
    ntlm_input_t input;
    const char *replies[2]; /* challenges to send, as they stand behind the scheme; NULL: none */
} taken_t;

/* The connection awaits no answer any more. */
void handshake_forget(bench_conn_t *conn);

/* Takes the message of taken->input. claim is filled in as far as it could be read. The status in
 * words is one of docs/statuses.md, or "answered-broken-challenge"; "ok" is a login. */
const char *handshake_take(taken_t *taken, ntlm_claim_t *claim);

#endif
