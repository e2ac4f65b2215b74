/* remarks.h - what can be said of a client's mistake: every id and its words.
 *
 * A cause says why a login was refused; a warning says what was let in here and is refused or
 * frowned on elsewhere. Each family of them has its table, beside the code that finds them.
 */
#ifndef NTLM_REMARKS_H
#define NTLM_REMARKS_H

#include <stddef.h>

typedef enum remark_kind_t { REMARK_CAUSE, REMARK_WARNING } remark_kind_t;

typedef struct remark_row_t {
    const char *id; /* lower case, dashes; never changes its meaning */
    remark_kind_t kind;
    const char *sentence; /* what the client did; for people, without a full stop */
    const char *source;   /* the section that rules it, or the product that refuses it; NULL: none
                             is known */
} remark_row_t;

/* Tables end with a row without id. */

#endif
