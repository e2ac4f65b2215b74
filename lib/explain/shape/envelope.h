/* envelope.h - mistakes in what every message begins with, and in a Type 1 (MS-NLMP 2.2.1).
 */
#ifndef NTLM_ENVELOPE_H
#define NTLM_ENVELOPE_H

#include "../diagnosis.h"
#include "../subject.h"

extern const remark_row_t envelope_remarks[];

/* Of a request that was not let in: of its signature and its type, whatever else it is. */
void envelope_causes(diagnosis_t *diagnosis, const subject_t *subject);

#endif
