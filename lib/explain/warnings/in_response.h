/* in_response.h - what of an NTLMv2 response is let in here, and refused or frowned on elsewhere.
 */
#ifndef NTLM_IN_RESPONSE_H
#define NTLM_IN_RESPONSE_H

#include "../diagnosis.h"
#include "../subject.h"

extern const remark_row_t in_response_remarks[];

/* Of a login whose proof is right, unless its AV pairs are not those of the CHALLENGE. */
void in_response_warnings(diagnosis_t *diagnosis, const subject_t *subject);

#endif
