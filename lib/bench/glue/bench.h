/* bench.h - what the bench knows of a request and of its connection.
 */
#ifndef NTLM_BENCH_H
#define NTLM_BENCH_H

#include <httpd.h>

#include "../../ntlm/acceptor.h"
#include "../place/places.h"
#include "../record/record.h"

/* A connection, whose requests are handled one after the other. Over HTTP/2 each stream has one of
 * its own, of the same number. */
typedef struct bench_conn_t {
    uint64_t number;
    unsigned requests, logins; /* so far */
    unsigned streams;          /* of HTTP/2, so far */
    /* of the bench's own places, */
    ntlm_acceptor_t acceptor;
    ntlm_handshake_t handshake; /* the acceptor's, while there is one */
    uint8_t messages[NTLM_MESSAGES_MAX];
    const char *asked;  /* the path that the challenge was sent for; NULL: none is outstanding */
    const char *broken; /* what is wrong with that challenge (fault/damage.h); NULL: nothing */
    bytes_t second;     /* the other challenge that was sent with it; empty: there is none */
    apr_time_t login_since; /* in ticks (system/clock.h) */
    unsigned since_login;   /* requests, that of the login among them */
    const char *user;       /* who is logged in there; NULL: nobody */
    const char *user_place; /* where: its path */
    /* of all places */
    const record_t *opening;       /* lent: the record of the last Type 1; NULL: there was none */
    apr_time_t answered;           /* in ticks: the last answer; */
    bool closes;                   /* the server ends the connection behind it */
    void *ssl;                     /* OpenSSL's, which mod_ssl has; NULL: there is none */
    apr_pool_t *pool, *login_pool; /* the connection's; of the texts above */
} bench_conn_t;

/* A client's request. */
typedef struct bench_t {
    place_t place;
    bench_conn_t *conn;
    bool forwards;         /* it is for a proxy (forward.h); then */
    bool place_is_named;   /* a header names the place, */
    bool place_is_unknown; /* or the user's name does, and there is no such place */
    const char *query;     /* the client's, or "" */
    const char *path;      /* the row's part of the path, as it came, without the run */
    record_t *record;      /* NULL: of a page, or it has been handed on to the history */
    uint64_t id;           /* the record's; 0: there is none */
    bool is_counted;       /* among the logins of its connection */
    uint8_t *sent;         /* what is kept of its body, in the record's pool; NULL: none came */
    course_request_t said; /* of its connection and body; intake.c goes on with it */
} bench_t;

/* That of a request, or of the one that it is a part of; NULL: the bench does not know it. */
bench_t *bench_of(const request_rec *r);
void bench_set(request_rec *r, bench_t *bench);

/* For the hook pre_connection. */
int bench_begin(conn_rec *c, void *socket);

/* That of a connection; made when it is asked for first. */
bench_conn_t *bench_conn_of(conn_rec *c);

/* The same, or NULL if no request came so far. */
bench_conn_t *bench_conn_known(conn_rec *c);

/* The value of a name in the query, decoded; NULL: it is not there. */
const char *bench_query(const bench_t *bench, apr_pool_t *pool, const char *name);

#endif
