/* token_text.h - mistakes in how an NTLM message was written as text.
 */
#ifndef NTLM_TOKEN_TEXT_H
#define NTLM_TOKEN_TEXT_H

#include "../remarks.h"
#include "../../ntlm/wire.h"

extern const remark_row_t token_text_remarks[];

/* The longest message that is looked at, in bytes. */
enum { TOKEN_ROOM = 8192 };

/* The bytes of a text that is strictly base64; empty if it is not. They live in room, of TOKEN_ROOM
 * bytes. */
bytes_t token_bytes(bytes_t text, writer_t *room);

/* The NTLM message in them, without what a Negotiate token has around it; empty if there is none.
 */
bytes_t token_message(bytes_t text, writer_t *room);

/* Whether there is one. */
bool token_holds(bytes_t text);

/* The mistake by which a text that holds none comes from one that did; NULL: it is not known. */
const remark_row_t *token_mistake(bytes_t text);

#endif
