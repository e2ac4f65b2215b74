/* passwd_actions.h - what ntlmpasswd can do, one function each.
 *
 * Every function does one request from its start to its end, tells the user on
 * stderr what was done or why not, and gives the exit code.
 */
#ifndef NTLM_PASSWD_ACTIONS_H
#define NTLM_PASSWD_ACTIONS_H

#include "passwd_file.h"

typedef enum action_t {
    ACTION_SET = 0, /* no option */
    ACTION_CREATE = 'c',
    ACTION_PRINT = 'n',
    ACTION_DELETE = 'D',
    ACTION_DISABLE = 'd',
    ACTION_ENABLE = 'e',
    ACTION_VERIFY = 'v',
    ACTION_LIST = 'l',
    ACTION_IMPORT = 0x100, /* the options without a letter */
    ACTION_SYNC,
    ACTION_CHANGE
} action_t;

typedef struct request_t {
    action_t action;
    bool from_stdin;    /* -i */
    bool has_hash;      /* --hash, in place of a password */
    bool create;        /* -c, also beside --import and --sync */
    bool computers;     /* --computers: --import and --sync take these, too */
    bool yes;           /* --yes: --sync may remove whatever it must */
    const char *source; /* --import: FILE2, --sync: INPUT, or "-" */
    const char *file, *user;
    uint8_t nt_hash[NTLM_KEY_LEN]; /* of --hash; a secret */
} request_t;

/* passwd_set.c: what needs a password */
passwd_exit_t set_password(const request_t *request);
passwd_exit_t print_line(const request_t *request);
passwd_exit_t verify_password(const request_t *request);

/* Changes the password for who knows the old one. Neither a wrong one, nor that the
 * account may not log in, can be told from the other. */
passwd_exit_t change_password(const request_t *request);

/* passwd_edit.c: what needs none */
passwd_exit_t delete_user(const request_t *request);
passwd_exit_t disable_user(const request_t *request);
passwd_exit_t enable_user(const request_t *request);
passwd_exit_t list_users(const request_t *request);

/* Tells why the account cannot log in, if so; quietly else. */
void tell_state(const request_t *request, const creds_line_t *line);

/* passwd_file_find() that also tells that there is no such user. */
passwd_exit_t find_user(const request_t *request, const passwd_file_t *file, passwd_entry_t *entry);

/* passwd_import.c: adds or updates every account of another file, or none; --sync also removes
 * those that are not in it */
passwd_exit_t import_accounts(const request_t *request);

#endif
