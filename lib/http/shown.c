#include "shown.h"

#include <stdbool.h>
#include <string.h>

#include <apr_strings.h>

static bool continues_a_character(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

const char *shown_text(apr_pool_t *pool, const char *text, apr_size_t most)
{
    apr_size_t len = most;
    if (strlen(text) <= most) return text;
    while (len > 0 && continues_a_character(text[len])) len--;
    return apr_pstrcat(pool, apr_pstrndup(pool, text, len), "...", NULL);
}

const char *shown_value(apr_pool_t *pool, const char *value, apr_size_t most)
{
    if (!value || !*value) return "-";
    const char *shown = shown_text(pool, value, most);
    if (strpbrk(shown, " =\"%()") == NULL) return shown;
    const char *text = "\"";
    for (const char *special; (special = strpbrk(shown, "\"%")) != NULL; shown = special + 1)
        text = apr_pstrcat(pool, text, apr_pstrndup(pool, shown, (apr_size_t)(special - shown)),
                           *special == '"' ? "%22" : "%25", NULL);
    return apr_pstrcat(pool, text, shown, "\"", NULL);
}
