/* outline.h - one description, written as text for people or as JSON for programs.
 *
 * An outline is a tree of named items. Text has one line an item, "name  words",
 * and shows depth by indenting; JSON has an object for each item that is opened.
 * What the words of a line say, the detail_*() functions say again as members of
 * the JSON; they write nothing into text. Names are the same in both.
 */
#ifndef NTLM_OUTLINE_H
#define NTLM_OUTLINE_H

#include "json.h"

typedef struct outline_t {
    bool as_json;
    json_t json;    /* .out is where text goes, too */
    unsigned depth; /* of the text */
} outline_t;

outline_t outline_to(FILE *out, bool as_json);

/* An item with items in it; words as for printf. */
void outline_open(outline_t *outline, const char *name, const char *words, ...)
    __attribute__((format(printf, 3, 4)));
void outline_close(outline_t *outline);

/* A list; in text its items stand among those of the item that has the list. */
void outline_open_list(outline_t *outline, const char *name);
void outline_close_list(outline_t *outline);

/* An item that is one text, number, ...: both in text and in JSON. */
void outline_text(outline_t *outline, const char *name, const char *text); /* NULL: "-", null */
void outline_hex(outline_t *outline, const char *name, bytes_t bytes);

/* A line of text that JSON does not have. */
void outline_words(outline_t *outline, const char *name, const char *words, ...)
    __attribute__((format(printf, 3, 4)));

/* Members that JSON has and text does not. */
void detail_text(outline_t *outline, const char *name, const char *text);
void detail_hex(outline_t *outline, const char *name, bytes_t bytes);
void detail_number(outline_t *outline, const char *name, uint64_t number);
void detail_bool(outline_t *outline, const char *name, bool value);
void detail_open(outline_t *outline, const char *name);
void detail_close(outline_t *outline);

/* For the words: bytes as hex digits, cut with "..." where room[size] ends. */
const char *hex_words(bytes_t bytes, char *room, size_t size);

#endif
