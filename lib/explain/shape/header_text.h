/* header_text.h - mistakes in a header that is to carry an NTLM message.
 */
#ifndef NTLM_HEADER_TEXT_H
#define NTLM_HEADER_TEXT_H

#include "../diagnosis.h"
#include "../subject.h"

extern const remark_row_t header_text_remarks[];

/* Of a request that was not let in. Of a header that may hold a password no character is said. */
void header_text_causes(diagnosis_t *diagnosis, const subject_t *subject);

/* The message of the request: the replay's Type 3, or what its header holds, if that is written as
 * it should be, whether it is a message or cannot be. Empty if there is neither. It lives as long
 * as the replay, or as room, of TOKEN_ROOM bytes (token_text.h). */
bytes_t header_message(const subject_t *subject, writer_t *room);

#endif
