/* threads.h - threads that addresses of the bench hold on purpose: never all of them.
 */
#ifndef NTLM_BENCH_THREADS_H
#define NTLM_BENCH_THREADS_H

#include <stdbool.h>

#include <apr_pools.h>

/* Counts the caller's thread as held until pool goes. False: half of all are held already, and the
 * caller has to do without waiting. */
bool threads_hold(apr_pool_t *pool);

#endif
