/* plain_text.h - bytes as text, in pieces.
 */
#ifndef NTLM_PLAIN_TEXT_H
#define NTLM_PLAIN_TEXT_H

#include "../../ntlm/wire.h"

/* The bytes from one place up to another, as far as they are there. */
bytes_t text_part(bytes_t text, size_t from, size_t end);

/* How many bytes from there on are of that set. */
size_t text_span(bytes_t text, size_t from, const char *set);

bool text_is_one_of(uint8_t c, const char *set);

/* Whether the text begins with that word, or is it; in any case. word: in lower case. */
bool text_begins(bytes_t text, const char *word);
bool text_is(bytes_t text, const char *word);

/* Without the blanks around it. */
bytes_t text_trimmed(bytes_t text);

/* Sets: letters and digits; what stands in base64 (RFC 4648 4); what may stand in a name of HTTP,
 * without signs that none has. */
#define TEXT_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define TEXT_BASE64 TEXT_LETTERS "+/="
#define TEXT_NAME TEXT_LETTERS "-_"

#endif
