/* token_mends.h - a token with one mistake less.
 *
 * Each writes the text without its mistake to out, which is empty, and gives false if it is not
 * that one. Whether the result is any better is for the caller to see.
 */
#ifndef NTLM_TOKEN_MENDS_H
#define NTLM_TOKEN_MENDS_H

#include "../../ntlm/wire.h"

bool not_url_safe(bytes_t text, writer_t *out);        /* - and _ */
bool not_wrapped(bytes_t text, writer_t *out);         /* blanks */
bool not_plus_lost(bytes_t text, writer_t *out);       /* blanks for + */
bool not_percent(bytes_t text, writer_t *out);         /* %2B */
bool not_quoted(bytes_t text, writer_t *out);          /* "..." */
bool not_python(bytes_t text, writer_t *out);          /* b'...' */
bool not_comma(bytes_t text, writer_t *out);           /* a sign behind it */
bool not_parameter(bytes_t text, writer_t *out);       /* token= */
bool not_more(bytes_t text, writer_t *out);            /* too many = */
bool not_unpadded(bytes_t text, writer_t *out);        /* too few */
bool not_twice(bytes_t text, writer_t *out);           /* base64 of it */
bool not_a_second(bytes_t text, writer_t *out);        /* a second one behind "," */
bool not_a_second_scheme(bytes_t text, writer_t *out); /* a scheme in front */
bool not_escaped(bytes_t text, writer_t *out);         /* backslashes */

#endif
