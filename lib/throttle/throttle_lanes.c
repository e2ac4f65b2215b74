#include "throttle_lanes.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

#include <apr_atomic.h>

#include "../creds/clock.h"
#include "../creds/shared.h"

/* Milliseconds. */
enum { SLOW = 100, SILENT = 2000, AT_MOST = 30000 };

struct throttle_lanes_t {
    unsigned count;
    apr_uint32_t answered; /* clock_msec() of the last answer to anybody */
    /* clock_msec() of the question that is open in a lane; 0: nobody is in it */
    apr_uint32_t asked[THROTTLE_LANES_MOST];
    pthread_mutex_t mutex[THROTTLE_LANES_MOST];
};

apr_status_t throttle_lanes_make(apr_pool_t *pool, unsigned count, throttle_lanes_t **lanes)
{
    void *memory;
    apr_status_t status = shared_memory(pool, sizeof **lanes, &memory);
    if (status != APR_SUCCESS) return status;
    *lanes = memory;
    (*lanes)->count = count;
    int error = 0;
    for (unsigned i = 0; i < count && !error; i++) error = shared_mutex_make(&(*lanes)->mutex[i]);
    return error ? APR_FROM_OS_ERROR(error) : APR_SUCCESS;
}

static void is_asked(throttle_lanes_t *lanes, unsigned lane)
{
    apr_atomic_set32(&lanes->asked[lane], clock_msec() | 1);
}

/* By a clock that nobody sets: a wait of two seconds is one. */
static int wait_for(pthread_mutex_t *mutex, apr_uint32_t msec)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += msec / 1000;
    until.tv_nsec += (long)(msec % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    return pthread_mutex_clocklock(mutex, CLOCK_MONOTONIC, &until);
}

static bool take(throttle_lanes_t *lanes, unsigned lane, apr_uint32_t msec)
{
    pthread_mutex_t *mutex = &lanes->mutex[lane];
    int error = pthread_mutex_trylock(mutex);
    if (error == EBUSY && msec > 0) error = wait_for(mutex, msec);
    if (error == EOWNERDEAD) error = pthread_mutex_consistent(mutex);
    if (error) return false;
    is_asked(lanes, lane);
    return true;
}

/* What can be seen of the store before one asks it. */
typedef struct look_t {
    bool is_asked;         /* somebody waits for it */
    unsigned lane;         /* who has waited longest */
    apr_uint32_t open;     /* how long */
    apr_uint32_t answered; /* how long ago it has answered anybody */
} look_t;

static look_t look(throttle_lanes_t *lanes)
{
    const apr_uint32_t now = clock_msec();
    look_t seen = {.answered = clock_msec_between(apr_atomic_read32(&lanes->answered), now)};
    for (unsigned i = 0; i < lanes->count; i++) {
        const apr_uint32_t asked = apr_atomic_read32(&lanes->asked[i]);
        const apr_uint32_t open = asked ? clock_msec_between(asked, now) : 0;
        if (!asked || (seen.is_asked && open <= seen.open)) continue;
        seen.is_asked = true;
        seen.lane = i;
        seen.open = open;
    }
    return seen;
}

/* How long it is to be waited for still. */
static apr_uint32_t patience(const look_t *seen)
{
    const apr_uint32_t silent = seen->open < seen->answered ? seen->open : seen->answered;
    return silent < SILENT ? SILENT - silent : 0;
}

static int take_one_of(throttle_lanes_t *lanes, unsigned wanted, unsigned choice)
{
    for (unsigned i = 0; i < choice; i++) {
        const unsigned lane = (wanted + i) % lanes->count;
        if (take(lanes, lane, 0)) return (int)lane;
    }
    return -1;
}

/* choice: how many lanes from the wanted one on are as good. If the store hangs, only the death of
 * its owner has freed the lane that is tried then. */
static int enter(throttle_lanes_t *lanes, unsigned wanted, unsigned choice)
{
    const apr_uint32_t begin = clock_msec();
    do {
        const look_t seen = look(lanes);
        const bool is_silent = seen.is_asked && seen.answered >= SLOW;
        const int lane = is_silent ? -1 : take_one_of(lanes, wanted, choice);
        const unsigned awaited = is_silent ? seen.lane : wanted % lanes->count;
        if (lane >= 0) return lane;
        const bool is_taken = take(lanes, awaited, patience(&seen));
        if (is_taken && (choice > 1 || awaited == wanted % lanes->count)) return (int)awaited;
        if (is_taken) throttle_lanes_leave(lanes, (int)awaited);
        if (!is_taken && patience(&seen) == 0) return -1;
    } while (clock_msec_between(begin, clock_msec()) < AT_MOST);
    return -1;
}

int throttle_lanes_enter_any(throttle_lanes_t *lanes, unsigned wanted)
{
    return enter(lanes, wanted, lanes->count);
}

int throttle_lanes_enter(throttle_lanes_t *lanes, unsigned wanted)
{
    return enter(lanes, wanted, 1);
}

void throttle_lanes_answered(throttle_lanes_t *lanes, int lane)
{
    apr_atomic_set32(&lanes->answered, clock_msec());
    is_asked(lanes, (unsigned)lane);
}

void throttle_lanes_leave(throttle_lanes_t *lanes, int lane)
{
    apr_atomic_set32(&lanes->asked[lane], 0);
    pthread_mutex_unlock(&lanes->mutex[lane]);
}
