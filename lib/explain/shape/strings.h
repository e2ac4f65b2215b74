/* strings.h - names of a Type 3 that are encoded otherwise than the CHALLENGE has chosen.
 */
#ifndef NTLM_STRINGS_H
#define NTLM_STRINGS_H

#include "../diagnosis.h"
#include "../subject.h"

extern const remark_row_t strings_remarks[];

/* Of a Type 3 whose names cannot be read, or are nobody's. */
void strings_causes(diagnosis_t *diagnosis, const subject_t *subject);

#endif
