/* domain_case.h - which form of its domain a client has hashed, where it was let in.
 */
#ifndef NTLM_DOMAIN_CASE_H
#define NTLM_DOMAIN_CASE_H

#include "../diagnosis.h"
#include "../subject.h"

extern const remark_row_t domain_case_remarks[];
void domain_case_causes(diagnosis_t *diagnosis, const subject_t *subject);

#endif
