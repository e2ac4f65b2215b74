#include "throttle_tally.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "../system/shared.h"
#include "../ntlm/wire.h"

/* Numbers are given in turn: each is waiting, then taken, then counted. */
struct throttle_tally_t {
    pthread_mutex_t mutex; /* for a moment, never while the store is asked */
    uint8_t name[THROTTLE_NAME_LEN];
    throttle_failures_t waiting; /* for that counter */
    apr_uint32_t next;
    apr_uint32_t taken;                /* the first one that is not */
    apr_uint32_t counted;              /* likewise */
    apr_uint32_t lost_from, lost_till; /* were taken, but not counted: who did so has died */
};

apr_status_t throttle_tally_make(apr_pool_t *pool, unsigned count, throttle_tally_t **tallies)
{
    void *memory;
    apr_status_t status = shared_memory(pool, count * sizeof **tallies, &memory);
    if (status != APR_SUCCESS) return status;
    *tallies = memory;
    int error = 0;
    for (unsigned i = 0; i < count && !error; i++) error = shared_mutex_make(&(*tallies)[i].mutex);
    return error ? APR_FROM_OS_ERROR(error) : APR_SUCCESS;
}

/* Who died here may have left half of a change behind: nothing is waiting then. */
static bool lock(throttle_tally_t *tally)
{
    int error = pthread_mutex_lock(&tally->mutex);
    if (error == EOWNERDEAD) {
        tally->waiting = (throttle_failures_t){{0}};
        tally->taken = tally->next;
        error = pthread_mutex_consistent(&tally->mutex);
    }
    return error == 0;
}

/* Numbers begin anew after four billions. */
static bool is_before(apr_uint32_t number, apr_uint32_t other)
{
    return (apr_int32_t)(number - other) < 0;
}

static bool is_waited_for(const throttle_tally_t *tally)
{
    static const throttle_failures_t none = {{0}};
    const bytes_t waiting = {(const uint8_t *)&tally->waiting, sizeof none};
    return !bytes_equal(waiting, (bytes_t){(const uint8_t *)&none, sizeof none});
}

throttle_ticket_t throttle_tally_add(throttle_tally_t *tallies, unsigned which,
                                     const uint8_t name[THROTTLE_NAME_LEN], throttle_way_t way)
{
    throttle_tally_t *tally = &tallies[which];
    throttle_ticket_t ticket = {.tally = tally, .way = way, .alone = true};
    const bytes_t its_name = {name, THROTTLE_NAME_LEN};
    if (!lock(tally)) return ticket;
    if (!is_waited_for(tally)) memcpy(tally->name, name, sizeof tally->name);
    if (bytes_equal(its_name, (bytes_t){tally->name, sizeof tally->name})) {
        ticket.alone = false;
        ticket.number = tally->next++;
        tally->waiting.of[way]++;
    }
    pthread_mutex_unlock(&tally->mutex);
    return ticket;
}

static bool is_counted(const throttle_tally_t *tally, apr_uint32_t number)
{
    const bool is_lost =
        !is_before(number, tally->lost_from) && is_before(number, tally->lost_till);
    return is_before(number, tally->counted) && !is_lost;
}

/* Who is in the lane is the only one there who takes: what an earlier one has taken and not counted
 * is lost with him. */
static void take(throttle_tally_t *tally, throttle_ticket_t *ticket, throttle_failures_t *failures)
{
    if (tally->counted != tally->taken) {
        tally->lost_from = tally->counted;
        tally->lost_till = tally->counted = tally->taken;
    }
    ticket->alone = is_before(ticket->number, tally->taken);
    if (ticket->alone) return;
    *failures = tally->waiting;
    tally->waiting = (throttle_failures_t){{0}};
    ticket->end = tally->taken = tally->next;
}

bool throttle_tally_take(throttle_ticket_t *ticket, throttle_failures_t *failures)
{
    throttle_tally_t *tally = ticket->tally;
    *failures = (throttle_failures_t){{0}};
    failures->of[ticket->way] = 1;
    if (ticket->alone || !lock(tally)) return true;
    const bool is_done = is_counted(tally, ticket->number);
    if (!is_done) take(tally, ticket, failures);
    pthread_mutex_unlock(&tally->mutex);
    return !is_done;
}

void throttle_tally_counted(const throttle_ticket_t *ticket)
{
    if (ticket->alone || !lock(ticket->tally)) return;
    ticket->tally->counted = ticket->end;
    pthread_mutex_unlock(&ticket->tally->mutex);
}

void throttle_tally_withdraw(const throttle_ticket_t *ticket)
{
    throttle_tally_t *tally = ticket->tally;
    if (ticket->alone || !lock(tally)) return;
    if (!is_before(ticket->number, tally->taken)) tally->waiting.of[ticket->way]--;
    pthread_mutex_unlock(&tally->mutex);
}
