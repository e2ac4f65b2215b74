/* request_causes.h - mistakes around the messages: of methods and bodies.
 */
#ifndef NTLM_REQUEST_CAUSES_H
#define NTLM_REQUEST_CAUSES_H

#include "../diagnosis.h"
#include "../subject.h"

extern const remark_row_t request_remarks[];
void request_causes(diagnosis_t *diagnosis, const subject_t *subject);

#endif
