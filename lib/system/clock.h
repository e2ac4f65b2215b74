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

/* The same in milliseconds, which begin anew every 49 days: for apr_atomic, and differences. */
apr_uint32_t clock_msec(void);

/* How many lie between two readings. Who reads the clock and then what another one has written
 * may find a reading that is later than his own: none lie between them. */
apr_uint32_t clock_msec_between(apr_uint32_t then, apr_uint32_t now);

#endif
