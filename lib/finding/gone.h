/* gone.h - why an answer to a challenge finds none on its connection.
 */
#ifndef NTLM_FINDING_GONE_H
#define NTLM_FINDING_GONE_H

#include <stdbool.h>

typedef enum gone_t {
    GONE_NEVER_SENT,
    GONE_BY_REFUSAL,  /* of what came behind it */
    GONE_BY_NO_TOKEN, /* a request without one came behind it */
    GONE_BY_SCOPE,    /* it was for another place */
    GONE_BY_SCHEME,   /* it was asked for by another scheme */
    GONE_BY_UNREAD,   /* credentials came behind it that nothing of ours asked for */
    GONE_COUNT
} gone_t;

/* Static text, or NULL for one that the client has answered before, which is all that there is to
 * say. is_first: of the requests of its connection; answered: a challenge of it was. */
const char *gone_words(gone_t why, bool is_first, bool answered);

#endif
