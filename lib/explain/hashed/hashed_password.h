/* hashed_password.h - what clients take for the NT hash of a password (MS-NLMP 3.3.1, NTOWFv1).
 */
#ifndef NTLM_HASHED_PASSWORD_H
#define NTLM_HASHED_PASSWORD_H

#include "../../ntlm/flags.h"
#include "../../ntlm/wire.h"
#include "password_mistakes.h"

enum { HASHED_PASSWORDS_MAX = 48, HASHED_KEY_MAX = 2 * NTLM_KEY_LEN };

/* A key, and the mistake by which it comes out. */
typedef struct hashed_password_t {
    const remark_row_t *mistake;
    size_t len; /* NTLM_KEY_LEN, but for a hash that is a text */
    uint8_t key[HASHED_KEY_MAX];
} hashed_password_t;

/* All mistakes that give another key than the right one, which is nt_hash. Gives their number. The
 * caller wipes the list. */
size_t hashed_passwords(hashed_password_t list[HASHED_PASSWORDS_MAX], bytes_t utf8,
                        const uint8_t nt_hash[NTLM_KEY_LEN]);

#endif
