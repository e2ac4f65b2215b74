/* password_mistakes.h - what is wrong with a password that clients hash.
 */
#ifndef NTLM_PASSWORD_MISTAKES_H
#define NTLM_PASSWORD_MISTAKES_H

#include "../remarks.h"
#include "password_text.h"

/* Rows of hashed_password_remarks[]: those of password_text.h, then other bytes and other hashes.
 */
enum {
    PASSWORD_UTF8 = PASSWORD_TEXTS,
    PASSWORD_UTF16BE,
    PASSWORD_BOM,
    PASSWORD_NUL_BEHIND,
    PASSWORD_LATIN1,
    PASSWORD_UTF32,
    PASSWORD_UTF16BE_BOM,
    PASSWORD_UTF8_NUL,
    PASSWORD_CP1252,
    PASSWORD_HASH_MD5,
    PASSWORD_HASH_MD5_UTF8,
    PASSWORD_HASH_TWICE,
    PASSWORD_HASH_HEX,
    PASSWORD_HASH_HEX_UPPER,
    PASSWORD_MISTAKES
};

extern const remark_row_t hashed_password_remarks[];

#endif
