/* creds_line.h - one line of the password file, for the module and its tools.
 *
 *   # comment
 *   user:NTHASH            32 hex digits, upper or lower case
 *   DOMAIN\user:NTHASH
 *   user:NTHASH:[D]        the account is disabled
 *
 * Names are UTF-8. Empty lines and lines that begin with '#' are skipped, blanks
 * at the end of a line (a '\r' too) are not part of it.
 */
#ifndef NTLM_CREDS_LINE_H
#define NTLM_CREDS_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../ntlm/flags.h"

enum { CREDS_NAME_MAX = 1100 }; /* bytes that the longest DOMAIN\user takes, and its NUL */

typedef enum creds_line_kind_t {
    CREDS_LINE_ENTRY,
    CREDS_LINE_SKIP, /* empty, or a comment */
    CREDS_LINE_BAD
} creds_line_kind_t;

typedef struct creds_line_t {
    creds_line_kind_t kind;
    const char *why;           /* CREDS_LINE_BAD: static text, what to write instead; else NULL */
    char name[CREDS_NAME_MAX]; /* "user" or "DOMAIN\user", as spelled */
    uint8_t nt_hash[NTLM_KEY_LEN]; /* a secret: the caller wipes it */
    bool disabled;
} creds_line_t;

/* Parses one line, given without its '\n'; gives its kind. */
creds_line_kind_t creds_line_parse(const char *text, size_t len, creds_line_t *line);

/* NULL if a name may stand in a password file, else (static text) why not. */
const char *creds_name_check(const char *name);

#endif
