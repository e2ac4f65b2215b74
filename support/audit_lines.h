/* audit_lines.h - the lines of a file, however many and however long: one piece of memory.
 */
#ifndef NTLM_AUDIT_LINES_H
#define NTLM_AUDIT_LINES_H

#include "../lib/ntlm/wire.h"

/* More than httpd writes: a request's line and a header have 8190 bytes, and JSON may write six for
 * one. */
enum { AUDIT_LINE_MAX = 128 << 10 };

typedef struct audit_lines_t {
    int fd;
    size_t begin, end;  /* of what was read and not given */
    bool ended, failed; /* failed: errno says why */
    bool inside;        /* of a line that is too long */
    uint8_t buffer[2 * AUDIT_LINE_MAX];
} audit_lines_t;

void audit_lines_over(audit_lines_t *lines, int fd);

typedef enum audit_got_t { AUDIT_GOT_LINE, AUDIT_GOT_TOO_LONG, AUDIT_GOT_END } audit_got_t;

/* The next line, without its end; it stays until the next call. Of one that is too long nothing
 * is given. The last may have no end. */
audit_got_t audit_lines_next(audit_lines_t *lines, bytes_t *line);

#endif
