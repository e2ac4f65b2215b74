/* record.h - what is remembered of one request.
 *
 * It is filled in by its request alone, put into the history before a byte of its answer leaves,
 * and read-only from then on. All its memory is its pool's. Nothing that is not known is NULL:
 * texts are "", bytes are bytes_none().
 */
#ifndef NTLM_BENCH_RECORD_H
#define NTLM_BENCH_RECORD_H

#include <apr_pools.h>

#include "../../explain/course.h"
#include "../../ntlm/checks.h"
#include "../place/place.h"
#include "../site/site.h"

/* Of a body so many bytes are kept. */
enum { LEG_BODY_KEPT = 4096 };

/* One request and its answer, as they travelled. */
typedef struct leg_t {
    const char *request; /* "GET /ntlm HTTP/1.1" and the header lines, each with CR LF */
    const char *answer;  /* the same of the answer */
    int http;            /* its status; 0: none yet */
    bytes_t sent, got;   /* how the bodies begin: the client's, and the answer's */
    uint64_t sent_len, got_len;
    int64_t began, ended; /* microseconds since 1970; ended 0: not yet */
} leg_t;

typedef struct record_t {
    struct record_t *next; /* the history's: a newer one; */
    unsigned lent;         /* so many have it, the list among them; */
    size_t size;           /* what it counts for */
    apr_pool_t *pool;
    uint64_t id;
    const char *run,
        *path; /* the path: the row's words with its segments, as the client sent them */
    const place_row_t *row;
    settings_t settings; /* its texts are in the pool */
    /* where */
    uint64_t connection; /* its number, from 1 */
    unsigned request;    /* of this connection, from 1 */
    unsigned login;      /* how many logins the connection has had so far, this one among them */
    bool tls, proxy;
    const char *scheme; /* "http", "https" */
    const char *host, *client;
    int64_t came, left; /* the request, its answer; in ticks (system/clock.h); left 0: not yet */
    /* what */
    leg_t legs[2]; /* of a Type 3: the Type 1's, then its own; else its own alone */
    size_t legs_count;
    bytes_t authorization; /* the value(s) of the header, as they came */
    const char *misplaced; /* without one: another header with credentials for us; NULL: none */
    bytes_t type1, type2, type3;
    const char *status;                  /* of docs/statuses.md; "": nobody asked for a login */
    const char *detail;                  /* what follows it in the log; "" */
    const char *user;                    /* "" */
    const char *mic, *binding, *service; /* their words, or "" */
    /* with what it is judged again */
    bool knows_account; /* the password is known, and the messages may be shown */
    site_account_t account;
    bytes_t certificate; /* DER */
    bytes_t tls_unique;
    uint8_t bindings[1][NTLM_BINDING_LEN];
    size_t bindings_count;
    course_t course; /* what the request shows by itself; all of it: coursed.h */
} record_t;

/* An empty one, in memory of its own. */
record_t *record_new(void);

/* The rest is for the history: how much memory it takes, and giving it back. */
size_t record_size(const record_t *record);
void record_free(record_t *record);

#endif
