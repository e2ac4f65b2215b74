/* course_causes.h - mistakes around the messages: which connection, in which order.
 *
 * A challenge and its answer belong to one connection (RFC 4559 6), and nothing stands between.
 */
#ifndef NTLM_COURSE_CAUSES_H
#define NTLM_COURSE_CAUSES_H

#include "../diagnosis.h"
#include "../subject.h"

extern const remark_row_t course_remarks[];
void course_causes(diagnosis_t *diagnosis, const subject_t *subject);

#endif
