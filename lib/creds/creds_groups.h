/* creds_groups.h - the names of an account's groups as one text, NTLM_GROUPS.
 *
 *   text = [ name *( "," name ) ]
 *
 * A name is as its source spells it, but that a ',', a '%' and each control character (0x00 to
 * 0x1F, 0x7F) stand as %XX, their number in two hex digits, of which the letters are capitals.
 */
#ifndef NTLM_CREDS_GROUPS_H
#define NTLM_CREDS_GROUPS_H

#include "creds_account.h"

enum { CREDS_GROUPS_MAX = 8192 }; /* bytes of a text */

/* The names, NULL at their end, as a text; of no list (NULL) it is "". NULL if it would be longer
 * than CREDS_GROUPS_MAX, or one of them is "", which no text could tell from none: a part of a
 * list is never told. */
const char *creds_groups_text(apr_pool_t *pool, const char *const *names);

/* Whether the text names one of these, which are single names in the same spelling (NULL at the
 * end), in any case. pool is for what it takes meanwhile. */
bool creds_groups_name_one(apr_pool_t *pool, const char *text, const char *const *wanted);

#endif
