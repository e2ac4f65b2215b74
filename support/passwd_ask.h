/* passwd_ask.h - asks for a password and gives its NT hash.
 *
 * A password is UTF-8, has 1 to PASSWORD_UNITS_MAX UTF-16 units and no NUL. It
 * never leaves passwd_ask.c, which wipes it.
 */
#ifndef NTLM_PASSWD_ASK_H
#define NTLM_PASSWD_ASK_H

#include <stdint.h>

#include "../lib/ntlm/flags.h"
#include "passwd_exit.h"

enum { PASSWORD_UNITS_MAX = 256 };

typedef enum password_from_t {
    PASSWORD_FROM_STDIN, /* one line; what follows it is left unread */
    PASSWORD_TYPED,      /* on the terminal, without echo */
    PASSWORD_TYPED_OLD,  /* likewise; the one that is to be changed */
    PASSWORD_TYPED_TWICE /* likewise, a new one, and both must be the same */
} password_from_t;

/* nt_hash is a secret: the caller wipes it. After a failure it is undefined. */
passwd_exit_t password_ask(password_from_t from, uint8_t nt_hash[NTLM_KEY_LEN]);

#endif
