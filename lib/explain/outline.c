#include "outline.h"

#include <stdarg.h>

enum { NAME_COLUMN = 26, TEXT_HEX_BYTES = 64 };

outline_t outline_to(FILE *out, bool as_json)
{
    return (outline_t){.as_json = as_json, .json = {.out = out}};
}

/* ---- text ---- */

static void put_name(const outline_t *outline, const char *name)
{
    int indent = 2 * (int)outline->depth;
    int column = NAME_COLUMN > indent ? NAME_COLUMN - indent : 0;
    fprintf(outline->json.out, "%*s%-*s ", indent, "", column, name);
}

static void put_line(const outline_t *outline, const char *name, const char *words, va_list list)
{
    put_name(outline, name);
    /* both callers have begun the list */
    vfprintf(outline->json.out, words, list); /* NOLINT(clang-analyzer-valist.Uninitialized) */
    fputc('\n', outline->json.out);
}

void outline_words(outline_t *outline, const char *name, const char *words, ...)
{
    va_list list;
    if (outline->as_json) return;
    va_start(list, words);
    put_line(outline, name, words, list);
    va_end(list);
}

const char *hex_words(bytes_t bytes, char *room, size_t size)
{
    static const char cut[] = "...";
    bool too_long = 2 * bytes.len + 1 > size;
    if (too_long) bytes.len = (size - sizeof cut) / 2;
    char *end = hex_write(room, bytes);
    for (const char *c = cut; too_long && *c; c++) *end++ = *c;
    *end = '\0';
    return room;
}

/* ---- both ---- */

void outline_open(outline_t *outline, const char *name, const char *words, ...)
{
    va_list list;
    if (outline->as_json) {
        json_open(&outline->json, name, '{');
        return;
    }
    va_start(list, words);
    put_line(outline, name, words, list);
    va_end(list);
    outline->depth++;
}

void outline_close(outline_t *outline)
{
    if (outline->as_json)
        json_close(&outline->json, '}');
    else
        outline->depth--;
}

void outline_open_list(outline_t *outline, const char *name)
{
    if (outline->as_json) json_open(&outline->json, name, '[');
}

void outline_close_list(outline_t *outline)
{
    if (outline->as_json) json_close(&outline->json, ']');
}

void outline_text(outline_t *outline, const char *name, const char *text)
{
    detail_text(outline, name, text);
    outline_words(outline, name, "%s", text ? text : "-");
}

void outline_hex(outline_t *outline, const char *name, bytes_t bytes)
{
    char room[2 * TEXT_HEX_BYTES + 1];
    detail_hex(outline, name, bytes);
    outline_words(outline, name, "%s", bytes.len ? hex_words(bytes, room, sizeof room) : "-");
}

/* ---- JSON ---- */

void detail_text(outline_t *outline, const char *name, const char *text)
{
    if (outline->as_json) json_text(&outline->json, name, text);
}

void detail_hex(outline_t *outline, const char *name, bytes_t bytes)
{
    if (outline->as_json) json_hex(&outline->json, name, bytes);
}

void detail_number(outline_t *outline, const char *name, uint64_t number)
{
    if (outline->as_json) json_number(&outline->json, name, number);
}

void detail_bool(outline_t *outline, const char *name, bool value)
{
    if (outline->as_json) json_bool(&outline->json, name, value);
}

void detail_open(outline_t *outline, const char *name)
{
    if (outline->as_json) json_open(&outline->json, name, '{');
}

void detail_close(outline_t *outline)
{
    if (outline->as_json) json_close(&outline->json, '}');
}
