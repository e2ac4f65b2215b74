#include "plain_text.h"

#include <string.h>

#include "../encoding.h"

bytes_t text_part(bytes_t text, size_t from, size_t end)
{
    if (end > text.len) end = text.len;
    return (bytes_t){bytes_from(text, from).data, end > from ? end - from : 0};
}

bool text_is_one_of(uint8_t c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

size_t text_span(bytes_t text, size_t from, const char *set)
{
    size_t at = from;
    while (at < text.len && text_is_one_of(text.data[at], set)) at++;
    return at - from;
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c;
}

bool text_begins(bytes_t text, const char *word)
{
    size_t at = 0;
    while (word[at] && at < text.len && lower(text.data[at]) == (uint8_t)word[at]) at++;
    return word[at] == '\0';
}

bool text_is(bytes_t text, const char *word)
{
    return text.len == strlen(word) && text_begins(text, word);
}

bytes_t text_trimmed(bytes_t text)
{
    while (text.len > 0 && is_blank(text.data[0])) text = bytes_from(text, 1);
    while (text.len > 0 && is_blank(text.data[text.len - 1])) text.len--;
    return text;
}
