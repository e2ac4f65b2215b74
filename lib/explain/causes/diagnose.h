/* diagnose.h - why a login was refused, and what of it is refused elsewhere.
 *
 * Of the mistakes that clients are known to make those are named that explain the bytes exactly;
 * all that do so equally, fewer mistakes before more. It takes a second of CPU at the most.
 */
#ifndef NTLM_DIAGNOSE_H
#define NTLM_DIAGNOSE_H

#include "../diagnosis.h"
#include "../subject.h"

/* Looks for all of them. crypto_open() was called. */
void diagnose(diagnosis_t *diagnosis, const subject_t *subject);

/* Every table of remarks, NULL at the end. */
extern const remark_row_t *const remark_tables[];

/* The row of that id, or NULL. */
const remark_row_t *remark_find(const char *id);

#endif
