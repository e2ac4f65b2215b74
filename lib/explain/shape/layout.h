/* layout.h - mistakes in the lengths and offsets of a Type 3 (MS-NLMP 2.2.1.3).
 */
#ifndef NTLM_LAYOUT_H
#define NTLM_LAYOUT_H

#include "../diagnosis.h"
#include "../subject.h"

extern const remark_row_t layout_remarks[];
extern const remark_row_t *const layout_cut; /* the row of a message that ends too early */

/* Of a Type 3 that proves nothing. A mistake is named if the message without it is whole: its
 * fields lie side by side up to its end, its response is one of NTLMv2, its names are names. */
void layout_causes(diagnosis_t *diagnosis, const subject_t *subject);

/* Whether a Type 3 is whole in that sense; flags: of the CHALLENGE. */
bool layout_fits(bytes_t type3, uint32_t flags);

/* The longest message that is looked at, in bytes. */
enum { LAYOUT_MAX = 8192 };

#endif
