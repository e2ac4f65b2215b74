#include "shown.h"

#include <stdbool.h>
#include <string.h>

#include <apr_strings.h>

static bool continues_a_character(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

static const char *cut(apr_pool_t *pool, const char *text, apr_size_t len)
{
    while (len > 0 && continues_a_character(text[len])) len--;
    return apr_pstrcat(pool, apr_pstrndup(pool, text, len), "...", NULL);
}

const char *shown_text(apr_pool_t *pool, const char *text, apr_size_t most)
{
    return strlen(text) <= most ? text : cut(pool, text, most);
}

/* \\ or \xNN of what is no printable ASCII. */
static apr_size_t width_of(char byte)
{
    enum { BACKSLASH = 2, HEX = 4 };
    if (byte == '\\') return BACKSLASH;
    return byte >= 0x20 && byte < 0x7F ? 1 : HEX;
}

const char *shown_escaped(apr_pool_t *pool, const char *text, apr_size_t most)
{
    apr_size_t width = 0;
    for (apr_size_t len = 0; text[len]; len++) {
        width += width_of(text[len]);
        if (width > most) return cut(pool, text, len);
    }
    return text;
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
