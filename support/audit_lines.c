#include "audit_lines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void audit_lines_over(audit_lines_t *lines, int fd)
{
    lines->fd = fd;
    lines->begin = lines->end = 0;
    lines->ended = lines->failed = lines->inside = false;
}

static void read_more(audit_lines_t *lines)
{
    ssize_t got;
    memmove(lines->buffer, lines->buffer + lines->begin, lines->end - lines->begin);
    lines->end -= lines->begin;
    lines->begin = 0;
    do got = read(lines->fd, lines->buffer + lines->end, sizeof lines->buffer - lines->end);
    while (got < 0 && errno == EINTR);
    if (got > 0) lines->end += (size_t)got;
    lines->ended = got <= 0;
    lines->failed = got < 0;
}

static bytes_t give(audit_lines_t *lines, size_t len, size_t with_end)
{
    bytes_t line = {lines->buffer + lines->begin, len};
    lines->begin += with_end;
    return line;
}

audit_got_t audit_lines_next(audit_lines_t *lines, bytes_t *line)
{
    for (;;) {
        const uint8_t *begin = lines->buffer + lines->begin;
        size_t len = lines->end - lines->begin;
        const uint8_t *end = memchr(begin, '\n', len);
        bool was_inside = lines->inside;
        if (end) {
            len = (size_t)(end - begin);
            lines->inside = false;
            *line = give(lines, len, len + 1);
            return was_inside || len > AUDIT_LINE_MAX ? AUDIT_GOT_TOO_LONG : AUDIT_GOT_LINE;
        }
        if (len > AUDIT_LINE_MAX) {
            lines->inside = true;
            (void)give(lines, len, len);
        } else if (!lines->ended) {
            read_more(lines);
        } else if (len > 0 || was_inside) {
            lines->inside = false;
            *line = give(lines, len, len);
            return was_inside ? AUDIT_GOT_TOO_LONG : AUDIT_GOT_LINE;
        } else {
            return AUDIT_GOT_END;
        }
    }
}
