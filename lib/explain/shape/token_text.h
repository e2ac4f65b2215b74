/* token_text.h - mistakes in how an NTLM message was written as text.
 */
#ifndef NTLM_TOKEN_TEXT_H
#define NTLM_TOKEN_TEXT_H

#include "../remarks.h"
#include "../../ntlm/wire.h"

extern const remark_row_t token_text_remarks[];

/* The longest message that is looked at, in bytes. */
enum { TOKEN_ROOM = 8192 };

/* The NTLM message in a text that is strictly base64, without what a Negotiate token has around
 * it; empty if there is none. It lives in room, of TOKEN_ROOM bytes. */
bytes_t token_message(bytes_t text, writer_t *room);

/* Whether there is one. */
bool token_holds(bytes_t text);

/* The mistake by which a text that holds none comes from one that did; NULL: it is not known. */
const remark_row_t *token_mistake(bytes_t text);

#endif
