/* clock.h - how much time has passed.
 *
 * The wall clock (apr_time_now()) says what time it is, and may be set: back a second by NTP, on
 * an hour when a virtual machine wakes up. It is right for what others date (files, entries of
 * a directory, the throttle's counters, which hosts share). The age of what we keep ourselves
 * is measured by this one.
 */
#ifndef NTLM_CREDS_CLOCK_H
#define NTLM_CREDS_CLOCK_H

#include <apr_time.h>

/* Microseconds of a clock that is never set, and goes on while the machine sleeps. It is one for
 * all processes of a host; where it began says nothing. */
apr_time_t clock_ticks(void);

#endif
