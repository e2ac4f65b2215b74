/* shown.h - text of anybody in a line of the log.
 *
 * httpd itself escapes backslashes and every byte that is not printable ASCII. What is left
 * to do: a value must not pass for the next field, and a line must stay small.
 */
#ifndef NTLM_HTTP_SHOWN_H
#define NTLM_HTTP_SHOWN_H

#include <apr_pools.h>

/* The text; of a longer one at most so many bytes, whole characters of UTF-8, and "...". */
const char *shown_text(apr_pool_t *pool, const char *text, apr_size_t most);

/* The same, and what httpd makes of each byte counts: a line's length can be told. */
const char *shown_escaped(apr_pool_t *pool, const char *text, apr_size_t most);

/* The text as the value of a field: in quotes where it needs them, in which quotes (and the
 * sign that escapes them) are %22 and %25; "-" for NULL and "". */
const char *shown_value(apr_pool_t *pool, const char *value, apr_size_t most);

#endif
