/* header.h - what is wrong with the text of an Authorization header.
 *
 * Never a value: of one that is read as something else it says where it broke, and no more.
 */
#ifndef NTLM_FINDING_HEADER_H
#define NTLM_FINDING_HEADER_H

#include "phrase.h"

/* The value of a digit of base64 (RFC 4648, table 1); -1 for what is none. */
int base64_value(uint8_t digit);

/* Of what stands behind a scheme of ours and is not base64 of most characters at the most: what
 * broke it. secret: it holds a password, of which no character is shown. */
void header_say_token(phrase_t *out, const char *token, size_t most, bool secret);

/* Of a header whose scheme is not taken here: which scheme it is, if it has one. begins: the name
 * of a scheme of ours that it begins with, or NULL. */
void header_say_scheme(phrase_t *out, const char *header, const char *begins);

#endif
