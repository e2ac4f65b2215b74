/* smbpasswd.h - how smbpasswd(5) writes a hash, and the state of an account.
 *
 * Password files, dumps and Samba's attributes in directories (sambaNTPassword,
 * sambaAcctFlags) all write them so. No APR here: the tools read them, too.
 */
#ifndef NTLM_CREDS_SMBPASSWD_H
#define NTLM_CREDS_SMBPASSWD_H

#include "../ntlm/flags.h"
#include "../ntlm/wire.h"

enum { SMBPASSWD_DIGITS = 2 * NTLM_KEY_LEN }; /* characters of a field with a hash */

/* True for what stands in place of a hash that is not there: 32 X or asterisks, or
 * "NO PASSWORD" and 21 of them. */
bool smbpasswd_is_no_hash(bytes_t text);

/* The hash of the empty password, which stands for such an account: the one value that the
 * core refuses whatever the state. */
void smbpasswd_blank(uint8_t nt_hash[NTLM_KEY_LEN]);

typedef struct smbpasswd_flags_t {
    bool disabled;    /* D */
    bool locked;      /* L */
    bool no_password; /* N: none is needed, which for us means that the account never logs in */
    bool is_computer; /* W, S, I: of a workstation, of a server, of another domain */
} smbpasswd_flags_t;

/* Reads what stands between [ and ]: capital letters and blanks, of which the others say
 * nothing. False if anything else stands there. */
bool smbpasswd_flags(bytes_t letters, smbpasswd_flags_t *flags);

#endif
