#include "throttle.h"

#include <http_log.h>

#include "throttle_store.h"

APLOG_USE_MODULE(auth_ntlmv2);

/* A stranger can make it true, too, but only once. */
static void warn_about_proxy(request_rec *r)
{
    const char *proxy = r->connection->client_ip;
    if (!throttle_store_is_first()) return;
    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r,
                  "mod_auth_ntlmv2: NTLMThrottle: this request came through a proxy and has the "
                  "proxy's address, so all of its clients count as one and shut each other out; if "
                  "it is a front end of yours, load mod_remoteip and write RemoteIPHeader "
                  "X-Forwarded-For and RemoteIPInternalProxy %s",
                  proxy);
}

/* Writes down the first login that is refused, so that the others are known as such. */
static void throttle_ask(request_rec *r, const throttle_subject_t *subject,
                         throttle_verdict_t *verdict)
{
    throttle_count_t counter;
    const throttle_limit_t *limit = subject->limit;
    const apr_time_t now = apr_time_now();
    if (!throttle_store_get(r, subject->name, &counter)) return;
    const throttle_said_t said = throttle_count_says(&counter, limit, now);
    verdict->exhausted |= said.exhausted;
    if (!said.refuses) return;
    verdict->status = NTLM_THROTTLED;
    verdict->retry_after = throttle_count_left(&counter, limit, now);
    verdict->known = said.known;
    if (said.known) return;
    counter = throttle_count_refused(&counter, limit);
    throttle_store_put(r, subject->name, &counter, throttle_count_end(&counter, limit));
}

throttle_verdict_t throttle_check(request_rec *r, const throttle_limits_t *limits,
                                  const throttle_claim_t *claim)
{
    throttle_verdict_t verdict = {.status = NTLM_OK};
    throttle_subjects_t subjects;
    if (!limits || limits->of[THROTTLE_USER].failures == 0) return verdict;
    if (claim->of_proxy) warn_about_proxy(r);
    if (!throttle_subjects(limits, claim->address, claim->user, &subjects)) {
        verdict.status = NTLM_CRYPTO_FAILED;
        return verdict;
    }
    if (!throttle_store_lock(r)) return verdict;
    verdict.counted = subjects;
    for (size_t i = 0; verdict.status == NTLM_OK && i < subjects.count; i++)
        throttle_ask(r, &subjects.all[i], &verdict);
    throttle_store_unlock();
    return verdict;
}

static void add_one(request_rec *r, const throttle_subject_t *subject, ntlm_status_t status,
                    bool guessed)
{
    throttle_count_t counter;
    const throttle_limit_t *limit = subject->limit;
    const apr_time_t now = apr_time_now();
    if (!throttle_store_get(r, subject->name, &counter)) return;
    counter = throttle_count_failure(&counter, limit, now, status, guessed);
    throttle_store_put(r, subject->name, &counter, throttle_count_end(&counter, limit));
}

void throttle_count(request_rec *r, const throttle_verdict_t *verdict, ntlm_status_t status,
                    bool guessed)
{
    const throttle_subjects_t *subjects = &verdict->counted;
    if (subjects->count == 0 || !throttle_count_is_failure(status)) return;
    if (!throttle_store_lock(r)) return;
    for (size_t i = 0; i < subjects->count; i++) add_one(r, &subjects->all[i], status, guessed);
    throttle_store_unlock();
}
