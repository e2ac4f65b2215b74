/* wide_text.h - text that should be UTF-16LE, and in which encoding it really is.
 *
 * Of text that is short, or in scripts without Latin letters, nothing is sure: it is then none of
 * these.
 */
#ifndef NTLM_WIDE_TEXT_H
#define NTLM_WIDE_TEXT_H

#include "../../ntlm/wire.h"

/* One byte a character: letters, digits and signs of names, most of them ASCII. */
bool wide_is_bytes(bytes_t text);

/* Such a text, with characters of UTF-8 (RFC 3629) that are not ASCII. */
bool wide_is_utf8(bytes_t text);

/* UTF-16BE: a name, if its bytes are changed about. */
bool wide_is_big_endian(bytes_t text);

/* UTF-16LE that ends in a NUL: a name, if that is taken away. */
bool wide_ends_in_nul(bytes_t text);

/* The unit at that place; 0 behind the end. */
uint16_t wide_unit(bytes_t text, size_t index);

#endif
