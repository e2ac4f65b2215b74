#include "shared.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <apr_shm.h>
#include <apr_strings.h>

#include "../ntlm/crypto.h"

/* APR's own mutex between processes is destroyed for all of them when the first
 * child ends; this one ends with its memory. */
struct shared_t {
    pthread_mutex_t *mutex;
    void *memory;
    apr_size_t size;
    pid_t maker;
};

int shared_mutex_make(pthread_mutex_t *mutex)
{
    pthread_mutexattr_t how;
    int error = pthread_mutexattr_init(&how);
    if (error) return error;
    error = pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED);
    if (!error) error = pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST);
    if (!error) error = pthread_mutex_init(mutex, &how);
    pthread_mutexattr_destroy(&how);
    return error;
}

/* Children run this too, when they end. A restart never waits for one of them. */
static apr_status_t wipe(void *data)
{
    shared_t *shared = data;
    if (shared->maker != getpid()) return APR_SUCCESS;
    int busy = pthread_mutex_trylock(shared->mutex);
    if (busy && busy != EOWNERDEAD) return APR_SUCCESS;
    secret_wipe(shared->memory, shared->size);
    if (busy == EOWNERDEAD) pthread_mutex_consistent(shared->mutex);
    pthread_mutex_unlock(shared->mutex);
    return APR_SUCCESS;
}

apr_status_t shared_memory(apr_pool_t *pool, apr_size_t size, void **memory)
{
    apr_shm_t *made;
    apr_status_t rv = apr_shm_create(&made, size, NULL, pool);
    if (rv != APR_SUCCESS) return rv;
    *memory = apr_shm_baseaddr_get(made);
    memset(*memory, 0, size);
    return APR_SUCCESS;
}

static const char *refused(apr_pool_t *pool, apr_status_t rv)
{
    char text[128];
    return apr_psprintf(pool, "the system gives no shared memory: %s",
                        apr_strerror(rv, text, sizeof text));
}

const char *shared_open(apr_pool_t *pool, apr_size_t size, shared_t **shared)
{
    enum { ALIGNED = 64 };
    const apr_size_t head = (sizeof(pthread_mutex_t) + ALIGNED - 1) / ALIGNED * ALIGNED;
    shared_t *made = apr_pcalloc(pool, sizeof *made);
    void *memory;
    apr_status_t rv = shared_memory(pool, head + size, &memory);
    if (rv != APR_SUCCESS) return refused(pool, rv);
    made->mutex = memory;
    made->memory = (char *)memory + head;
    made->size = size;
    made->maker = getpid();
    int error = shared_mutex_make(made->mutex);
    if (error) return refused(pool, APR_FROM_OS_ERROR(error));
    apr_pool_cleanup_register(pool, made, wipe, apr_pool_cleanup_null);
    *shared = made;
    return NULL;
}

void *shared_lock(shared_t *shared)
{
    int error = pthread_mutex_lock(shared->mutex);
    if (error == EOWNERDEAD) {
        secret_wipe(shared->memory, shared->size);
        error = pthread_mutex_consistent(shared->mutex);
    }
    return error ? NULL : shared->memory;
}

void shared_unlock(shared_t *shared)
{
    pthread_mutex_unlock(shared->mutex);
}
