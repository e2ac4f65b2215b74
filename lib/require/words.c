#include "words.h"

#include <apr_tables.h>

#include <httpd.h>

const char *words_read(apr_pool_t *pool, const char *words, const char *what, words_reader_t *read,
                       const char *const **list)
{
    apr_array_header_t *all = apr_array_make(pool, 4, sizeof(const char *));
    const char *why = NULL;
    while (*words && !why) {
        const char **word = apr_array_push(all);
        *word = ap_getword_conf(pool, &words);
        why = read(pool, word);
    }
    if (all->nelts == 0) why = what;
    APR_ARRAY_PUSH(all, const char *) = NULL;
    *list = (const char *const *)all->elts;
    return why;
}
