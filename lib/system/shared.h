/* shared.h - memory that all children of httpd see, under one lock, or for single numbers.
 *
 * Made in the parent, while it reads its configuration; the children inherit it.
 * It begins with zeros, so zeros must be a valid content. A process that dies
 * while it holds the lock leaves it to the next one, which finds the memory
 * zeroed again: what a dead process had half written is never used.
 */
#ifndef NTLM_CREDS_SHARED_H
#define NTLM_CREDS_SHARED_H

#include <pthread.h>

#include <apr_pools.h>

/* Memory without a lock, for what is read and changed with apr_atomic. It begins with zeros, too,
 * and lives as long as pool. */
apr_status_t shared_memory(apr_pool_t *pool, apr_size_t size, void **memory);

/* A mutex in such memory, which the death of its owner leaves to the next one (EOWNERDEAD). 0, or
 * an error of the system. */
int shared_mutex_make(pthread_mutex_t *mutex);

typedef struct shared_t shared_t;

/* Lives as long as pool, whose end zeroes it if this process made it. Gives NULL, or
 * (from pool) a sentence that says what the system refuses. */
const char *shared_open(apr_pool_t *pool, apr_size_t size, shared_t **shared);

/* Waits for the lock and gives the memory. NULL if the system has no lock to give:
 * then there is nothing to unlock either. */
void *shared_lock(shared_t *shared);
void shared_unlock(shared_t *shared);

#endif
