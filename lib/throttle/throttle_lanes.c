#include "throttle_lanes.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

#include <apr_atomic.h>

#include "../system/clock.h"
#include "../system/shared.h"

/* Milliseconds. */
enum { SLOW = 100, SILENT = 2000, AT_MOST = 30000 };

struct throttle_lanes_t {
    unsigned any, own;     /* how many of each: first those to look */
    apr_uint32_t answered; /* clock_msec() of the last answer to anybody */
    /* clock_msec() of the question that is open in a lane; 0: nobody is in it */
    apr_uint32_t asked[THROTTLE_LANES_MOST];
    pthread_mutex_t mutex[THROTTLE_LANES_MOST];
};

apr_status_t throttle_lanes_make(apr_pool_t *pool, unsigned any, unsigned own,
                                 throttle_lanes_t **lanes)
{
    void *memory;
    apr_status_t status = shared_memory(pool, sizeof **lanes, &memory);
    if (status != APR_SUCCESS) return status;
    *lanes = memory;
    (*lanes)->any = any;
    (*lanes)->own = own;
    int error = 0;
    for (unsigned i = 0; i < any + own && !error; i++)
        error = shared_mutex_make(&(*lanes)->mutex[i]);
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
    for (unsigned i = 0; i < lanes->any + lanes->own; i++) {
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

/* One of count lanes from begin on, wanted first. */
static int take_one_of(throttle_lanes_t *lanes, unsigned begin, unsigned count, unsigned wanted)
{
    for (unsigned i = 0; i < count; i++) {
        const unsigned lane = begin + (wanted + i) % count;
        if (take(lanes, lane, 0)) return (int)lane;
    }
    return -1;
}

/* Who has waited longest in a store that is silent shows by his end that it answers again, or that
 * he has died; or somebody else does, so it is looked again soon. */
static int enter(throttle_lanes_t *lanes, unsigned begin, unsigned count, unsigned wanted)
{
    const apr_uint32_t came = clock_msec();
    do {
        const look_t seen = look(lanes);
        const bool is_silent = seen.is_asked && seen.answered >= SLOW;
        const apr_uint32_t left = patience(&seen), wait = is_silent && left > SLOW ? SLOW : left;
        const int lane = is_silent ? -1 : take_one_of(lanes, begin, count, wanted);
        const unsigned awaited = is_silent ? seen.lane : begin + wanted % count;
        if (lane >= 0) return lane;
        const bool is_taken = take(lanes, awaited, wait);
        if (is_taken && !is_silent) return (int)awaited;
        if (is_taken) throttle_lanes_leave(lanes, (int)awaited);
        if (!is_taken && left == 0) return -1;
    } while (clock_msec_between(came, clock_msec()) < AT_MOST);
    return -1;
}

int throttle_lanes_enter_any(throttle_lanes_t *lanes, unsigned wanted)
{
    return enter(lanes, 0, lanes->any, wanted);
}

int throttle_lanes_enter_own(throttle_lanes_t *lanes, unsigned wanted)
{
    if (lanes->own == 0) return enter(lanes, wanted % lanes->any, 1, 0);
    return enter(lanes, lanes->any + wanted % lanes->own, 1, 0);
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
