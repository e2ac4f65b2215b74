/* head.h - the lines in front of a body, as text.
 */
#ifndef NTLM_BENCH_HEAD_H
#define NTLM_BENCH_HEAD_H

#include <apr_tables.h>

/* The first line and those of one or two tables of headers (second: or NULL), each with CR LF, in
 * pool; work: of what is needed meanwhile. */
const char *head_text(apr_pool_t *pool, apr_pool_t *work, const char *line,
                      const apr_table_t *first, const apr_table_t *second);

#endif
