/* exchange.h - a request that is asked for its token, and all that goes with it. */
#ifndef NTLM_HTTPD_EXCHANGE_H
#define NTLM_HTTPD_EXCHANGE_H

#include "../throttle/throttle.h"
#include "attempt.h"

typedef struct exchange_t {
    request_rec *r; /* the first of its chain that is one for NTLM */
    const dir_config_t *config;
    attempt_t *attempt;        /* what becomes of it */
    ntlm_conn_t *conn;         /* NULL over HTTP/2, whose requests cannot log in */
    ntlm_acceptor_t *acceptor; /* of its claim: the connection's, or a password's */
    const uint8_t *remember;   /* of a password's, for creds_logon_t; else NULL */
    ntlm_policy_t policy;      /* of its token; neither is there if it has none */
    ntlm_input_t input;
    const spnego_t *negotiation;   /* that its message of NTLM is a part of, or NULL */
    spnego_token_t negotiated;     /* its token of SPNEGO, if there is a negotiation */
    throttle_verdict_t *uncounted; /* where a failure of a user whom nobody knows is left for later,
                                      or NULL */
} exchange_t;

/* The configuration that applies to a request, settled. */
const dir_config_t *config_of(const request_rec *r);

/* Begins the attempt of its chain, as if it had no token. */
void exchange_begin(exchange_t *x, request_rec *r);

/* There is a token of that scheme: makes room for what it claims, and looks up what it must comply
 * with. */
void exchange_has_token(exchange_t *x, scheme_t scheme, bytes_t token);

#endif
