/* course.h - what went wrong around the messages: connections, requests, bodies.
 *
 * Who watched the connection fills it in; all zeros: nothing is known.
 */
#ifndef NTLM_COURSE_H
#define NTLM_COURSE_H

#include <stdbool.h>
#include <stdint.h>

/* The challenge that a Type 3 answers, found among all that were sent, on whichever connection. */
typedef struct course_challenge_t {
    bool known;
    bool spent;           /* it was answered before */
    bool latest;          /* no other challenge was sent on its connection since */
    bool same_connection; /* it was sent on the connection that the answer came on */
    uint64_t connection;  /* where it was sent, by number */
    uint64_t age_ms;
} course_challenge_t;

typedef struct course_t {
    uint64_t connection; /* this request's */
    course_challenge_t challenge;
} course_t;

#endif
