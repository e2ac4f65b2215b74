#include "clock.h"

#include <time.h>

#ifndef CLOCK_BOOTTIME /* Linux has it; others' monotonic clocks may stand still in their sleep */
#define CLOCK_BOOTTIME CLOCK_MONOTONIC
#endif

apr_time_t clock_ticks(void)
{
    struct timespec ticks = {0, 0};
    if (clock_gettime(CLOCK_BOOTTIME, &ticks) != 0) clock_gettime(CLOCK_MONOTONIC, &ticks);
    return apr_time_make(ticks.tv_sec, ticks.tv_nsec / 1000);
}

apr_uint32_t clock_msec(void)
{
    return (apr_uint32_t)apr_time_as_msec(clock_ticks());
}

apr_uint32_t clock_msec_between(apr_uint32_t then, apr_uint32_t now)
{
    enum { MOMENT = 60000 };
    return then - now < MOMENT ? 0 : now - then;
}
