/* phrase.h - sentences of bounded length, with text of anybody in them.
 *
 * What does not fit ends in "...". Text of others stands in quotes, and there is neither a quote
 * nor a control character inside: they are %22, %0A and so on, and a '%' is %25.
 */
#ifndef NTLM_FINDING_PHRASE_H
#define NTLM_FINDING_PHRASE_H

#include "../ntlm/wire.h"

/* A string in the caller's memory, of 8 bytes or more. */
typedef struct phrase_t {
    char *text; /* ends in NUL at any time */
    size_t cap, len;
    bool cut; /* it is full, and ends in "..." */
} phrase_t;

phrase_t phrase_to(char *text, size_t cap);

/* Appends what printf would write, in words of our own: 512 bytes at the most. */
void phrase_say(phrase_t *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends text in quotes: of a longer one PHRASE_NAME_MAX bytes, whole characters of UTF-8, and
 * "...". */
enum { PHRASE_NAME_MAX = 64 };
void phrase_quote(phrase_t *out, const char *text);

/* The same for UTF-16LE; what no name may hold is U+FFFD. */
void phrase_quote_utf16(phrase_t *out, bytes_t utf16);

/* Appends "a, b", or what is said for NULL. */
void phrase_list(phrase_t *out, const char *const *items, const char *none);

/* The name of an AvId (MS-NLMP 2.2.2.1); never NULL. */
const char *phrase_av_name(uint16_t av_id);

/* A FILETIME, as UTC: "2026-11-21T04:00:00.1234567Z". */
enum { PHRASE_TIME_ROOM = 64 };
const char *phrase_time(uint64_t filetime, char room[PHRASE_TIME_ROOM]);

#endif
