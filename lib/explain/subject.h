/* subject.h - all that is known of a login that is to be explained.
 *
 * Everything is borrowed. What is not known is empty, false or NULL, and then nothing is said that
 * would need it.
 */
#ifndef NTLM_SUBJECT_H
#define NTLM_SUBJECT_H

#include "course.h"
#include "replay.h"

typedef struct subject_t {
    const replay_t *replay; /* that has run (replay.h); NULL: there is no Type 3, or no Type 2 */
    bool has_password;      /* whether it is known: it may be empty */
    bytes_t password;       /* UTF-8; a secret */
    const bytes_t *certificates; /* DER: the server's own first, then others that it shows or has */
    size_t certificates_count;
    bytes_t tls_unique;     /* RFC 5929 3: the first Finished message of the channel */
    bool tls, proxy;        /* it came over TLS; it was meant for a proxy (407) */
    bytes_t header;         /* the value of (Proxy-)Authorization, as it came; empty: none came */
    const char *misplaced;  /* without one: another header that credentials came in, or NULL */
    bool let_in;            /* the request was let in */
    bool knows_swapped;     /* there is an account whose user is the domain that was sent, and whose
                               domain is the user */
    bool knows_elsewhere;   /* there is an account of that user in another domain than was sent */
    const course_t *course; /* what happened on the connection; NULL: nobody watched it */
} subject_t;

#endif
