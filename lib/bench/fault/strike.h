/* strike.h - whether a fault's time has come.
 */
#ifndef NTLM_BENCH_STRIKE_H
#define NTLM_BENCH_STRIKE_H

#include "../place/place.h"

/* The number of "?nth=2"; NULL, since it is not there, means 0: each time. False: it is none. */
bool strike_read_nth(const char *text, unsigned *nth);

/* What goes wrong with such a request (FAULT_AT_...; 0: with none) at this path of this run. Each
 * that a fault is made for counts, and the nth one has it, or each. */
fault_kind_t strike(apr_pool_t *pool, const fault_t *fault, unsigned with, const char *run,
                    const char *path, unsigned nth);

#endif
