/* json.h - writes JSON (RFC 8259), one member a line.
 *
 * Whatever the strings hold, the output is valid: ASCII control characters, DEL
 * and C1 are escaped, and bytes that are not UTF-8 become U+FFFD. The caller
 * pairs json_open() with json_close(), and asks the stream for write errors.
 */
#ifndef NTLM_JSON_H
#define NTLM_JSON_H

#include <stdio.h>

#include "../ntlm/wire.h"

/* {.out = stream} is a writer that has written nothing yet. */
typedef struct json_t {
    FILE *out;
    unsigned depth; /* of open objects and arrays */
    bool comma;     /* the open one has a member already */
} json_t;

/* key: the name of the member, or NULL inside an array and at the top. */
void json_open(json_t *json, const char *key, char bracket);      /* '{' or '[' */
void json_close(json_t *json, char bracket);                      /* '}' or ']' */
void json_text(json_t *json, const char *key, const char *text);  /* NULL: null */
void json_hex(json_t *json, const char *key, bytes_t bytes);      /* a string of hex digits */
void json_number(json_t *json, const char *key, uint64_t number); /* below 2^53, for readers */
void json_bool(json_t *json, const char *key, bool value);

#endif
