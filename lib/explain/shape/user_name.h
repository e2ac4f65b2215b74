/* user_name.h - user and domain in a form that no account is called by.
 */
#ifndef NTLM_USER_NAME_H
#define NTLM_USER_NAME_H

#include "../diagnosis.h"
#include "../subject.h"

extern const remark_row_t user_name_remarks[];

/* Of a login of a name that is none, or that nobody knows; also of one without a name. */
void user_name_causes(diagnosis_t *diagnosis, const subject_t *subject);

#endif
