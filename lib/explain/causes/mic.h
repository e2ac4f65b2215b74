/* mic.h - why the MIC or the session key of a proven login is refused.
 */
#ifndef NTLM_CAUSES_MIC_H
#define NTLM_CAUSES_MIC_H

#include "../diagnosis.h"
#include "../hashed/hashed_mic.h"
#include "../subject.h"

extern const remark_row_t mic_remarks[];
void mic_causes(diagnosis_t *diagnosis, const subject_t *subject);

#endif
