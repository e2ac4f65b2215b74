/* creds_groups.h - the names of an account's groups as one text, NTLM_GROUPS.
 *
 *   text = [ name *( "," name ) ]
 *
 * A name is as its source spells it, but that a ',', a '%' and each control character (0x00 to
 * 0x1F, 0x7F) stand as %XX, their number in two hex digits, of which the letters are capitals.
 */
#ifndef NTLM_CREDS_GROUPS_H
#define NTLM_CREDS_GROUPS_H

#include <apr_tables.h>

#include "creds_account.h"

enum { CREDS_GROUPS_MAX = 8192 }; /* bytes of a text */

/* What a source comes to know of them. */
typedef struct creds_groups_t {
    apr_array_header_t *names; /* const char * */
    size_t len;                /* of all of them, in bytes */
    bool cut;                  /* there are others, that cannot be told */
} creds_groups_t;

creds_groups_t creds_groups_none(apr_pool_t *pool);

/* One more, copied. What is no text (UTF-8 without a NUL, not empty), or too long to be told, cuts
 * the list; of a list that is cut no more is kept. */
void creds_groups_add(creds_groups_t *groups, bytes_t name);

/* Gives them to the account, each once and in the order of their bytes; or none, and groups_cut,
 * if they cannot all be told. */
void creds_groups_give(const creds_groups_t *groups, creds_account_t *account);

/* The names, NULL at their end, as a text; of no list (NULL) it is "". NULL if it would be longer
 * than CREDS_GROUPS_MAX, or one of them is "", which no text could tell from none: a part of a
 * list is never told. */
const char *creds_groups_text(apr_pool_t *pool, const char *const *names);

/* The names one after the other, a NUL behind each: how they lie in memory that processes share. Of
 * no list it is nothing; and back, copied. */
void creds_groups_pack(writer_t *out, const char *const *names);
const char *const *creds_groups_unpack(apr_pool_t *pool, bytes_t packed);

/* Whether the text names one of these, which are single names in the same spelling (NULL at the
 * end), in any case. pool is for what it takes meanwhile. */
bool creds_groups_name_one(apr_pool_t *pool, const char *text, const char *const *wanted);

#endif
