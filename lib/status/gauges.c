#include "gauges.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>

#include "../system/retained.h"

static const gauge_t rows[GAUGE_COUNT] = {
    [GAUGE_LOGGED_IN] = {.name = "ntlm_connections_logged_in",
                         .key = "NTLMConnectionsLoggedIn",
                         .help = "Connections that are logged in"},
    [GAUGE_CHALLENGED] = {.name = "ntlm_challenges_outstanding",
                          .key = "NTLMChallengesOutstanding",
                          .help = "Connections whose client has a challenge to answer"},
};

const gauge_t *gauge_row(gauge_id_t id)
{
    return &rows[id];
}

/* A child's. A line of the processor's cache each: children do not wait for each other's. */
typedef struct place_t {
    _Alignas(64) _Atomic int64_t of[GAUGE_COUNT];
    _Atomic(pid_t) pid; /* 0: it is free */
} place_t;

static struct {
    place_t *all;
    size_t count;
} places;

static place_t unseen, *own = &unseen;

void gauge_add(gauge_id_t id, int change)
{
    atomic_fetch_add_explicit(&own->of[id], change, memory_order_relaxed);
}

/* A connection is in one place, but not all places are read at one moment. */
uint64_t gauge_value(gauge_id_t id)
{
    int64_t sum = 0;
    for (size_t i = 0; i < places.count; i++)
        sum += atomic_load_explicit(&places.all[i].of[id], memory_order_relaxed);
    return sum > 0 ? (uint64_t)sum : 0;
}

static void clear(place_t *place)
{
    for (size_t id = 0; id < GAUGE_COUNT; id++) atomic_store(&place->of[id], 0);
    atomic_store(&place->pid, 0);
}

/* Nobody has told of children that ended while httpd ran without this module. */
static void clear_those_of_nobody(void)
{
    for (size_t i = 0; i < places.count; i++) {
        const pid_t pid = atomic_load(&places.all[i].pid);
        if (pid != 0 && kill(pid, 0) != 0 && errno == ESRCH) clear(&places.all[i]);
    }
}

apr_status_t gauges_open(apr_pool_t *pconf, size_t children)
{
    void *memory;
    apr_status_t status = retained_memory(pconf, "gauges, 1", children * sizeof(place_t), &memory);
    if (status != APR_SUCCESS) return status;
    places.all = memory;
    places.count = children;
    clear_those_of_nobody();
    return APR_SUCCESS;
}

void gauges_child(pid_t pid)
{
    for (size_t i = 0; i < places.count; i++) {
        pid_t nobody = 0;
        if (!atomic_compare_exchange_strong(&places.all[i].pid, &nobody, pid)) continue;
        own = &places.all[i];
        return;
    }
}

void gauges_child_ended(pid_t pid)
{
    for (size_t i = 0; i < places.count; i++)
        if (atomic_load(&places.all[i].pid) == pid) clear(&places.all[i]);
}
