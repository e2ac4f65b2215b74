/* password_text.h - the texts that clients hash in place of a password.
 */
#ifndef NTLM_PASSWORD_TEXT_H
#define NTLM_PASSWORD_TEXT_H

#include "../../ntlm/wire.h"

enum {
    PASSWORD_UPPER,
    PASSWORD_LOWER,
    PASSWORD_NEWLINE,
    PASSWORD_CRLF,
    PASSWORD_BLANK,
    PASSWORD_BLANK_BEFORE,
    PASSWORD_TRIMMED,
    PASSWORD_EMPTY,
    PASSWORD_URL_ENCODED,
    PASSWORD_URL_DECODED,
    PASSWORD_NFD,
    PASSWORD_CUT,
    PASSWORD_QUOTED,
    PASSWORD_SINGLE_QUOTED,
    PASSWORD_CUT_AT_COLON,
    PASSWORD_CUT_AT_BLANK,
    PASSWORD_ESCAPED,
    PASSWORD_UNESCAPED,
    PASSWORD_UTF8_AS_LATIN1,
    PASSWORD_ASCII,
    PASSWORD_ASCII_LEFT_OVER,
    PASSWORD_BASE64,
    PASSWORD_TEXTS
};

/* Appends what the password, UTF-8, becomes; false if that does not apply, or does not fit. */
bool password_text(writer_t *out, int text, bytes_t utf8);

#endif
