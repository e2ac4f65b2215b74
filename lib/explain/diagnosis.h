/* diagnosis.h - why a login was refused, and what of it is refused elsewhere: the remarks.
 *
 * Who looks for them: causes/diagnose.h.
 */
#ifndef NTLM_DIAGNOSIS_H
#define NTLM_DIAGNOSIS_H

#include <stdbool.h>

#include "remarks.h"

enum { REMARKS_MAX = 16, REMARK_ID_MAX = 96, REMARK_TEXT_MAX = 512 };

typedef struct remark_t {
    char id[REMARK_ID_MAX];     /* of one row; of two mistakes at once "ID+ID" */
    char text[REMARK_TEXT_MAX]; /* the rows' sentences, and what is known of this case */
    const char *source;         /* the first row's */
} remark_t;

typedef struct remarks_t {
    size_t count;
    bool more; /* there was no room for all */
    remark_t list[REMARKS_MAX];
} remarks_t;

typedef struct diagnosis_t {
    remarks_t causes, warnings;
} diagnosis_t;

/* For those who find them: appends one to the list of its kind, unless it is there. words: NULL, or
 * what is known of this case, as for printf; they stand behind the sentence. */
void diagnosis_add(diagnosis_t *diagnosis, const remark_row_t *row, const char *words, ...)
    __attribute__((format(printf, 3, 4)));

/* The same of two mistakes at once; their ids stand in the order of the alphabet. */
void diagnosis_add_two(diagnosis_t *diagnosis, const remark_row_t *row, const remark_row_t *other);

#endif
