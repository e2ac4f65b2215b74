#include "head.h"

#include <apr_strings.h>

static int append_line(void *lines, const char *name, const char *value)
{
    apr_array_header_t *array = lines;
    APR_ARRAY_PUSH(array, const char *) = apr_pstrcat(array->pool, name, ": ", value, "\r\n", NULL);
    return 1;
}

const char *head_text(apr_pool_t *pool, apr_pool_t *work, const char *line,
                      const apr_table_t *first, const apr_table_t *second)
{
    apr_array_header_t *lines = apr_array_make(work, 16, sizeof(const char *));
    APR_ARRAY_PUSH(lines, const char *) = apr_pstrcat(work, line, "\r\n", NULL);
    apr_table_do(append_line, lines, first, NULL);
    if (second) apr_table_do(append_line, lines, second, NULL);
    return apr_array_pstrcat(pool, lines, 0);
}
