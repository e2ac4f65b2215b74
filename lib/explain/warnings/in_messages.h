/* in_messages.h - what of the layout and the flags of messages is let in here, and refused or
 * frowned on elsewhere.
 */
#ifndef NTLM_IN_MESSAGES_H
#define NTLM_IN_MESSAGES_H

#include "../diagnosis.h"
#include "../subject.h"

extern const remark_row_t in_messages_remarks[];

/* Of the Type 1, and of a Type 3 whose proof is right. */
void in_messages_warnings(diagnosis_t *diagnosis, const subject_t *subject);

#endif
