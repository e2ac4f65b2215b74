/* blob.h - an NTLMv2 response that is laid out otherwise than it should be, and its AV pairs.
 */
#ifndef NTLM_BLOB_H
#define NTLM_BLOB_H

#include "../diagnosis.h"
#include "../subject.h"

extern const remark_row_t blob_remarks[];

/* Of a response that breaks the rules (MS-NLMP 2.2.2.1, 2.2.2.7, 2.2.2.8). */
void blob_causes(diagnosis_t *diagnosis, const subject_t *subject);

#endif
