/* escaped.h - text of anybody as a value in a line that programs read.
 *
 * Whatever the bytes are, the line stays one line and the value stays its own. What is not UTF-8
 * becomes U+FFFD; of a long text its beginning is there, and "...".
 */
#ifndef NTLM_ACCESSLOG_ESCAPED_H
#define NTLM_ACCESSLOG_ESCAPED_H

#include <apr_pools.h>

/* Of JSON, bytes of the text. Of W3C's format, bytes of the value, so that a line with several long
 * ones stays below the 4,096 bytes that a pipe keeps together. */
enum { ESCAPED_MOST = 1024, ESCAPED_W3C_MOST = 768 };

/* A string of JSON (RFC 8259), quotes around it; null for NULL. Control characters are escaped, C1
 * and what Unicode takes for the end of a line, too. */
const char *escaped_json(apr_pool_t *pool, const char *text);

/* A value of W3C's extended log file format, as IIS writes them: "+" for each blank and each
 * control character, %22 for a quote; "-" for NULL and "". */
const char *escaped_w3c(apr_pool_t *pool, const char *text);

#endif
