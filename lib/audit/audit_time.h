/* audit_time.h - times as logs and people write them.
 *
 *   2026-11-28                       the day's first moment
 *   2026-11-28 16:41[:12[.123456]]   T in place of the blank; Z, +01:00 or +0100 behind it
 *   Sat Nov 28 16:41:12[.123456] 2026
 *
 * Without a zone they are local (TZ), as httpd's are. Fractions are left out.
 */
#ifndef NTLM_AUDIT_TIME_H
#define NTLM_AUDIT_TIME_H

#include <time.h>

#include "../ntlm/wire.h"

/* The time that text begins with; how many bytes it has, 0: there is none. */
size_t audit_time(bytes_t text, time_t *at);

enum { AUDIT_TIME_ROOM = 24 };

/* "2026-11-28 16:41:12" here, and "2026-11-28T15:41:12Z" everywhere (RFC 3339). */
const char *audit_time_here(time_t at, char room[AUDIT_TIME_ROOM]);
const char *audit_time_utc(time_t at, char room[AUDIT_TIME_ROOM]);

#endif
