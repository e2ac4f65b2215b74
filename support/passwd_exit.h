/* passwd_exit.h - how ntlmpasswd ends; the numbers are htpasswd's.
 *
 * A function of the tool that gives anything but PASSWD_OK has told the user
 * why on stderr, unless its header says otherwise.
 */
#ifndef NTLM_PASSWD_EXIT_H
#define NTLM_PASSWD_EXIT_H

typedef enum passwd_exit_t {
    PASSWD_OK = 0,
    PASSWD_NO_FILE = 1,     /* a file cannot be read or written */
    PASSWD_USAGE = 2,       /* wrong options, or a password that cannot be one */
    PASSWD_WRONG = 3,       /* not the password, or the two typed ones differ */
    PASSWD_INTERRUPTED = 4, /* by a signal, at the prompt */
    PASSWD_TOO_LONG = 5,
    PASSWD_NO_USER = 6,  /* no such user, or a name that is not allowed */
    PASSWD_BAD_FILE = 7, /* not a valid password file */
    PASSWD_TOO_FEW = 8   /* --sync would remove more than half of the accounts */
} passwd_exit_t;

#endif
