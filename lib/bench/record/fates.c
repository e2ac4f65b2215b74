#include "fates.h"

#include <string.h>

#include <apr_thread_mutex.h>

enum {
    FATES_MAX = 4096
}; /* connections are numbered: each has its place, until a later one takes it */

static struct {
    apr_thread_mutex_t *mutex;
    fate_t list[FATES_MAX];
} all;

apr_status_t fates_open(apr_pool_t *pool)
{
    memset(all.list, 0, sizeof all.list);
    return apr_thread_mutex_create(&all.mutex, APR_THREAD_MUTEX_DEFAULT, pool);
}

/* Behind the lock. */
static fate_t *place_of_fate(uint64_t connection)
{
    fate_t *fate = &all.list[connection % FATES_MAX];
    if (fate->connection < connection) *fate = (fate_t){.connection = connection};
    return fate->connection == connection ? fate : NULL;
}

void fates_note_request(uint64_t connection, unsigned request, const course_request_t *said)
{
    apr_thread_mutex_lock(all.mutex);
    fate_t *fate = place_of_fate(connection);
    if (fate) {
        fate->request = request;
        fate->body_ended_early = said->body_ended_early;
        fate->knows_body = said->knows_body;
        fate->body_len = said->body_len;
    }
    apr_thread_mutex_unlock(all.mutex);
}

void fates_note_end(uint64_t connection, course_end_t end, int64_t ticks)
{
    apr_thread_mutex_lock(all.mutex);
    fate_t *fate = place_of_fate(connection);
    if (fate) {
        fate->end = end;
        fate->ended = ticks;
    }
    apr_thread_mutex_unlock(all.mutex);
}

fate_t fates_find(uint64_t connection)
{
    apr_thread_mutex_lock(all.mutex);
    const fate_t fate = all.list[connection % FATES_MAX];
    apr_thread_mutex_unlock(all.mutex);
    return fate.connection == connection ? fate : (fate_t){.connection = 0};
}
