/* binding.h - why a channel binding is not that of the channel.
 */
#ifndef NTLM_CAUSES_BINDING_H
#define NTLM_CAUSES_BINDING_H

#include "../diagnosis.h"
#include "../hashed/hashed_binding.h"
#include "../subject.h"

extern const remark_row_t binding_remarks[];
void binding_causes(diagnosis_t *diagnosis, const subject_t *subject);

#endif
