#include "throttle.h"

#include <http_log.h>

#include "../throttle/throttle_store.h"

APLOG_USE_MODULE(auth_ntlmv2);

/* ---- counting ---- */

/* By the time at which it is counted: requests do not end in the order of their own times.
 * A count from the future, of a host whose clock goes before ours, is not over; only a clock
 * that was set back makes it so. */
static bool is_over(const throttle_count_t *counter, const throttle_limit_t *limit, apr_time_t now)
{
    return now - counter->since >= limit->window || counter->since - now >= limit->window;
}

/* Whether this subject may not log in now. Writes down the first login that is refused, so
 * that the others are known as such. */
static bool refuses(request_rec *r, const throttle_subject_t *subject, attempt_t *attempt)
{
    throttle_count_t counter;
    apr_time_t now = apr_time_now();
    unsigned most = subject->limit->failures;
    if (!throttle_store_get(r, subject->name, &counter)) return false;
    if (is_over(&counter, subject->limit, now)) return false;
    if (counter.hidden >= most) attempt->exhausted = true;
    if (counter.count < most) return false;
    apr_time_t end = counter.since + subject->limit->window;
    attempt->retry_after = (int)apr_time_sec(end - now) + 1;
    attempt->known_throttled = counter.count > most;
    counter.count = most + 1;
    if (!attempt->known_throttled) throttle_store_put(r, subject->name, &counter, end);
    return true;
}

/* A stranger can make it true, too, but only once. */
static void warn_about_proxy(request_rec *r)
{
    const char *proxy = r->connection->client_ip;
    if (!attempt_has_proxys_address(r) || !throttle_store_is_first()) return;
    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r,
                  "mod_auth_ntlmv2: NTLMThrottle: this request came through a proxy and has the "
                  "proxy's address, so all of its clients count as one and shut each other out; if "
                  "it is a front end of yours, load mod_remoteip and write RemoteIPHeader "
                  "X-Forwarded-For and RemoteIPInternalProxy %s",
                  proxy);
}

static bool refuses_any(request_rec *r, const throttle_subjects_t *subjects, attempt_t *attempt)
{
    bool refused = false;
    for (size_t i = 0; !refused && i < subjects->count; i++)
        refused = refuses(r, &subjects->all[i], attempt);
    return refused;
}

ntlm_status_t throttle_check(request_rec *r, attempt_t *attempt, const dir_config_t *config)
{
    const throttle_limits_t *throttle = config->throttle;
    const apr_sockaddr_t *from = r->useragent_addr;
    const bytes_t address = {from->ipaddr_ptr, (size_t)from->ipaddr_len};
    if (!throttle || throttle->of[THROTTLE_USER].failures == 0) return NTLM_OK;
    warn_about_proxy(r);
    throttle_subjects_t *subjects = apr_palloc(attempt_pool(r), sizeof *subjects);
    if (!throttle_subjects(throttle, address, attempt->claim->user, subjects))
        return NTLM_CRYPTO_FAILED;
    if (!throttle_store_lock(r)) return NTLM_OK;
    attempt->counted = subjects;
    bool refused = refuses_any(r, subjects, attempt);
    throttle_store_unlock();
    return refused ? NTLM_THROTTLED : NTLM_OK;
}

/* What was answered as an outage is counted apart: if 429 could come of it, it would tell whose
 * password there was to be guessed at. Nobody's is written down as well, without counting. */
static void add_one(request_rec *r, const throttle_subject_t *subject, const attempt_t *attempt,
                    ntlm_status_t status)
{
    throttle_count_t counter;
    apr_time_t now = apr_time_now();
    unsigned *count = status == NTLM_BACKEND_DOWN ? &counter.hidden : &counter.count;
    bool counts = status != NTLM_BACKEND_DOWN || attempt->guessed;
    if (!throttle_store_get(r, subject->name, &counter)) return;
    if (is_over(&counter, subject->limit, now)) counter = (throttle_count_t){.since = now};
    if (counts && *count < subject->limit->failures) ++*count;
    throttle_store_put(r, subject->name, &counter, counter.since + subject->limit->window);
}

/* All that a client cannot tell from a wrong password counts as one: else the count
 * would tell it. */
static bool has_failed(ntlm_status_t status)
{
    return status != NTLM_OK && status != NTLM_CRYPTO_FAILED;
}

void throttle_count(request_rec *r, const attempt_t *attempt, ntlm_status_t status)
{
    const throttle_subjects_t *subjects = attempt->counted;
    if (!subjects || !has_failed(status) || !throttle_store_lock(r)) return;
    for (size_t i = 0; i < subjects->count; i++) add_one(r, &subjects->all[i], attempt, status);
    throttle_store_unlock();
}
