/* creds_line.h - one line of the password file, for the module and its tools.
 *
 *   # comment
 *   user:NTHASH            32 hex digits, upper or lower case
 *   DOMAIN\user:NTHASH
 *   user:NTHASH:[D]        the account is disabled
 *   user:uid:LM:NT:[FLAGS      ]:LCT-XXXXXXXX:     smbpasswd, `pdbedit -L -w`
 *   user:rid:LM:NT:::                              dumps of secretsdump and the like
 *
 * Each line is recognised by itself: when the second field is a number of 1 to
 * 10 digits and a third one follows, it is one of the last two. Their names may be
 * DOMAIN\user too. Anything may stand behind the LCT field; behind a dump's :::
 * only what secretsdump adds, as in " (pwdLastSet=never) (status=Disabled)".
 *
 * For FLAGS, and for LM and NT that say that there is no hash, see smbpasswd.h. LM is never
 * used, it must only look like a hash. An account without an NT hash loads and never logs in.
 *
 * Names are UTF-8. Empty lines and lines that begin with '#' are skipped, blanks
 * at the end of a line (a '\r' too) are not part of it.
 */
#ifndef NTLM_CREDS_LINE_H
#define NTLM_CREDS_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../ntlm/status.h"
#include "../smbpasswd.h"

enum { CREDS_NAME_MAX = 1100 }; /* bytes that the longest DOMAIN\user takes, and its NUL */

typedef enum creds_line_kind_t {
    CREDS_LINE_ENTRY,
    CREDS_LINE_SKIP, /* empty, or a comment */
    CREDS_LINE_BAD
} creds_line_kind_t;

typedef enum creds_line_form_t {
    CREDS_FORM_PLAIN,
    CREDS_FORM_SMBPASSWD,
    CREDS_FORM_DUMP
} creds_line_form_t;

typedef struct creds_line_t {
    creds_line_kind_t kind;
    creds_line_form_t form;
    const char *why;           /* CREDS_LINE_BAD: static text, what to write instead; else NULL */
    char name[CREDS_NAME_MAX]; /* "user" or "DOMAIN\user", as spelled */
    size_t hash_at;            /* where the NT hash's 32 characters stand in the line */

    /* A secret: the caller wipes it. Where the line has no hash, this is the hash of
     * the empty password: the one value that the core refuses whatever the state. */
    uint8_t nt_hash[NTLM_KEY_LEN];
    bool has_hash;

    bool is_computer; /* "NAME$", or the flag W, S or I: no person's account */

    /* NTLM_OK, NTLM_ACCOUNT_DISABLED (D), NTLM_ACCOUNT_LOCKED (L), or
     * NTLM_BLANK_PASSWORD (N, or no hash); the first of D, L, N decides. */
    ntlm_status_t state;
} creds_line_t;

/* Parses one line, given without its '\n'; gives its kind. */
creds_line_kind_t creds_line_parse(const char *text, size_t len, creds_line_t *line);

/* NULL if a name may stand in a password file, else (static text) why not. */
const char *creds_name_check(const char *name);

#endif
