/* course.h - what went wrong around the messages: connections, requests, bodies.
 *
 * Who watched the connection fills it in; all zeros: nothing is known. Texts are borrowed.
 */
#ifndef NTLM_COURSE_H
#define NTLM_COURSE_H

#include <stdbool.h>
#include <stdint.h>

#include "../ntlm/status.h"

/* How a connection ended, so far. */
typedef enum course_end_t {
    COURSE_OPEN,      /* it has not, or nobody knows */
    COURSE_CLOSED,    /* by the client */
    COURSE_RESET,     /* by the client, with a reset */
    COURSE_IDLE,      /* by the server: no request came in time */
    COURSE_BY_SERVER, /* by the server, otherwise */
} course_end_t;

/* What became of a challenge before this request came. */
typedef enum course_answered_t {
    COURSE_UNANSWERED,
    COURSE_REFUSED, /* it was answered, and the answer refused; */
    COURSE_LET_IN,  /* or not */
} course_answered_t;

/* A request, by what it says of its connection and body. */
typedef struct course_request_t {
    const char *method;      /* NULL: nothing is known of the request */
    bool http10;             /* it is of HTTP/1.0, */
    bool keep_alive, closes; /* Connection: keep-alive; Connection: close */
    bool has_length;         /* it says Content-Length or Transfer-Encoding */
    bool body_ended_early;   /* less came than was announced */
    bool knows_body;         /* all of it was read, or none was announced */
    uint64_t body_len;       /* so many bytes came of it */
} course_request_t;

/* The challenge that a Type 3 answers, found among all that were sent, on whichever connection. */
typedef struct course_challenge_t {
    bool known;
    bool latest;                /* no other challenge was sent on its connection since */
    bool same_connection;       /* it was sent on the connection that the answer came on, */
    bool same_place;            /* to the address that the answer came to, */
    bool same_scheme;           /* and under its word: NTLM, Negotiate */
    course_answered_t answered; /* before this answer; */
    bool same_answer;           /* with exactly this Type 3 */
    uint64_t connection;        /* where it was sent, by number */
    course_end_t end;           /* of that connection, before the answer came */
    uint64_t age_ms;            /* when the answer came */
    course_request_t request;   /* what asked for it: the Type 1's */
    unsigned between;           /* so many requests came on its connection since, */
    const char *between_method; /* and the first of them; NULL: there was none */
} course_challenge_t;

typedef struct course_t {
    uint64_t connection; /* this request's */
    uint32_t message;    /* the type of its message: 1, 3; 0: it has none */
    ntlm_status_t status;
    course_request_t request;
    course_challenge_t challenge; /* of a Type 3 */
    const char *broken; /* what is wrong with the challenge it got, or answers; NULL: nothing */
    bool challenged;    /* a challenge was sent on the connection before */
    bool unanswered;    /* of a Type 1: a Type 1 stands before it, and no answer between */
    bool other_side;    /* of a proxy, asked before: the credentials are for an origin */
    course_end_t end;   /* of the connection, with this as its last request */
    uint64_t idle_ms;   /* between the answer to it and that end */
} course_t;

#endif
