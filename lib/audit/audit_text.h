/* audit_text.h - text of anybody, in printable ASCII, spelled as httpd's error log spells it:
 * \\ for a backslash, \n, \t, ..., and \xNN for every other byte that is not printable. So the same
 * name out of either log is the same text, and a terminal obeys none.
 */
#ifndef NTLM_AUDIT_TEXT_H
#define NTLM_AUDIT_TEXT_H

#include <stdio.h>

#include "audit_line.h"

/* Into room[size], 8 bytes or more, which ends with a NUL; what is longer is cut, and ends in
 * "...". Text of the JSON log is escaped here. That of the error log is already; if it stands in
 * quotes they are left out, and %22 and %25 in it are " and %. */
void audit_text(char *room, size_t size, bytes_t text, audit_source_t source);

/* The width of a column that shows it, and writing it so wide: in quotes, with %22 and %25, if it
 * has blanks or quotes, so that it passes for no other column. */
size_t audit_text_width(const char *text);
void audit_text_write(FILE *out, const char *text, size_t width);

#endif
