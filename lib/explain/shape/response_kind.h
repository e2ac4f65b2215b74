/* response_kind.h - a response of another kind than NTLMv2, and one without our target information.
 */
#ifndef NTLM_RESPONSE_KIND_H
#define NTLM_RESPONSE_KIND_H

#include "../diagnosis.h"
#include "../subject.h"

extern const remark_row_t response_kind_remarks[];

/* Of a response that is older than NTLMv2, or does not give back what the CHALLENGE has. */
void response_kind_causes(diagnosis_t *diagnosis, const subject_t *subject);

#endif
