#include "throttle_count.h"

/* By the time at which it is counted: requests do not end in the order of their own times.
 * A count from the future, of a host whose clock goes before ours, is not over; only a clock
 * that was set back makes it so. */
static bool is_over(const throttle_count_t *counter, const throttle_limit_t *limit, apr_time_t now)
{
    return now - counter->since >= limit->window || counter->since - now >= limit->window;
}

throttle_said_t throttle_count_says(const throttle_count_t *counter, const throttle_limit_t *limit,
                                    apr_time_t now)
{
    if (is_over(counter, limit, now)) return (throttle_said_t){0};
    return (throttle_said_t){
        .refuses = counter->count >= limit->failures,
        .known = counter->count > limit->failures,
        .exhausted = counter->hidden >= limit->failures,
    };
}

throttle_count_t throttle_count_refused(const throttle_count_t *counter,
                                        const throttle_limit_t *limit)
{
    throttle_count_t marked = *counter;
    marked.count = limit->failures + 1;
    return marked;
}

apr_time_t throttle_count_end(const throttle_count_t *counter, const throttle_limit_t *limit)
{
    return counter->since + limit->window;
}

int throttle_count_left(const throttle_count_t *counter, const throttle_limit_t *limit,
                        apr_time_t now)
{
    return (int)apr_time_sec(throttle_count_end(counter, limit) - now) + 1;
}

/* Where a controller has not looked at the password, or was not asked, nobody has guessed. */
bool throttle_count_is_failure(ntlm_status_t status)
{
    switch (status) {
    case NTLM_OK:
    case NTLM_CRYPTO_FAILED:
    case NTLM_NAMES_REFUSED:
    case NTLM_CONTROLLER_REFUSED:
    case NTLM_FIREWALLED:
    case NTLM_BLOCKED:
    case NTLM_LOGON_TYPE_REFUSED:
    case NTLM_ACCOUNT_SPARED: return false;
    default: return true;
    }
}

/* What was answered as an outage is counted apart: if 429 could come of it, it would tell whose
 * password there was to be guessed at. Nobody's is written down as well, without counting. */
throttle_count_t throttle_count_failure(const throttle_count_t *counter,
                                        const throttle_limit_t *limit, apr_time_t now,
                                        ntlm_status_t status, bool guessed)
{
    throttle_count_t next = *counter;
    const bool is_outage = status == NTLM_BACKEND_DOWN;
    unsigned *count = is_outage ? &next.hidden : &next.count;
    if (is_over(counter, limit, now)) next = (throttle_count_t){.since = now};
    if ((!is_outage || guessed) && *count < limit->failures) ++*count;
    return next;
}
