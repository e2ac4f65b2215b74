/* audit_remedy.h - what to write for each reason why a client came by NTLM (NTLM_WHY): one table.
 *
 * The words are those of http/reason.h, which needs APR; a unit test compares them.
 */
#ifndef NTLM_AUDIT_REMEDY_H
#define NTLM_AUDIT_REMEDY_H

#include "../ntlm/wire.h"

typedef struct audit_remedy_t {
    const char *why;      /* "raw", "alias", ...; "-" of none, the first row */
    const char *meaning;  /* one line for people */
    const char *lines[3]; /* to write, up to a NULL; the host is web.example.com */
} audit_remedy_t;

enum { AUDIT_REMEDY_COUNT = 8 };
const audit_remedy_t *audit_remedy(size_t index);

/* The row of that word; that of "-" for a word that nobody knows. */
size_t audit_remedy_of(bytes_t why);

#endif
