#include "hang.h"

void hang_begins(hang_t *hang, apr_time_t now)
{
    apr_time_t none = 0;
    __atomic_compare_exchange_n(&hang->since, &none, now, false, __ATOMIC_ACQ_REL,
                                __ATOMIC_ACQUIRE);
}

/* Mostly nothing is to be written, and all processes read the same. */
void hang_ends(hang_t *hang, apr_time_t now)
{
    if (!__atomic_load_n(&hang->since, __ATOMIC_ACQUIRE)) return;
    __atomic_store_n(&hang->ended, now, __ATOMIC_RELEASE);
    __atomic_store_n(&hang->since, 0, __ATOMIC_RELEASE);
}

bool hang_has_ended(const hang_t *hang, apr_time_t since)
{
    return __atomic_load_n(&hang->ended, __ATOMIC_ACQUIRE) > since;
}

bool hang_lasts(const hang_t *hang, apr_time_t answered)
{
    return __atomic_load_n(&hang->since, __ATOMIC_ACQUIRE) > answered;
}

bool hang_probe(hang_t *hang, apr_time_t now, apr_interval_time_t pause)
{
    apr_time_t probed = __atomic_load_n(&hang->probed, __ATOMIC_ACQUIRE);
    if (probed && now - probed < pause) return false;
    return __atomic_compare_exchange_n(&hang->probed, &probed, now, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_ACQUIRE);
}
