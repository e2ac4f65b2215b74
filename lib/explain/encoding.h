/* encoding.h - hex and base64, as people paste them.
 *
 * Both append to out and give NULL, or (static text) what is wrong with the
 * text; out then holds a part. Line breaks and blanks are skipped.
 */
#ifndef NTLM_ENCODING_H
#define NTLM_ENCODING_H

#include "../ntlm/wire.h"

/* Hex digits of either case; colons are skipped, too. */
const char *decode_hex(bytes_t text, writer_t *out);

/* Whether nothing else stands in a text that is not empty. */
bool is_hex_text(bytes_t text);

/* RFC 4648 4, as strict about padding and unused bits as mod_auth_ntlmv2 is. */
const char *decode_base64(bytes_t text, writer_t *out);

bool is_blank(uint8_t c); /* blank, tab, CR, LF */

#endif
