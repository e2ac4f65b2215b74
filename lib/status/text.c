#include "text.h"

#include <apr_strings.h>

text_t text_begin(apr_pool_t *pool)
{
    enum { PIECES = 256 };
    return (text_t){apr_array_make(pool, PIECES, sizeof(const char *))};
}

void text_add(text_t text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    APR_ARRAY_PUSH(text.pieces, const char *) = apr_pvsprintf(text.pieces->pool, format, args);
    va_end(args);
}

const char *text_all(text_t text)
{
    return apr_array_pstrcat(text.pieces->pool, text.pieces, '\0');
}
