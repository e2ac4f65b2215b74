#include "outage.h"

#include "../../system/shared.h"

enum { AGAIN_SECONDS = 60 };

struct outage_t {
    bool is_down;
    apr_time_t told; /* of what he cannot decide, in ticks; 0: never */
};

outage_t *outage_open(apr_pool_t *pool)
{
    void *memory;
    return shared_memory(pool, sizeof(outage_t), &memory) == APR_SUCCESS ? memory : NULL;
}

bool outage_begins(outage_t *outage)
{
    return !__atomic_exchange_n(&outage->is_down, true, __ATOMIC_ACQ_REL);
}

/* Mostly nothing is to be written, and all children read the same. */
bool outage_ends(outage_t *outage)
{
    return __atomic_load_n(&outage->is_down, __ATOMIC_ACQUIRE) &&
           __atomic_exchange_n(&outage->is_down, false, __ATOMIC_ACQ_REL);
}

bool outage_grumbles(outage_t *outage, apr_time_t now)
{
    apr_time_t told = __atomic_load_n(&outage->told, __ATOMIC_ACQUIRE);
    if (told && now - told < apr_time_from_sec(AGAIN_SECONDS)) return false;
    return __atomic_compare_exchange_n(&outage->told, &told, now, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_ACQUIRE);
}
