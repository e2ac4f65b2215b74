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

/* Writes down the first login that is refused, so that the others are known as such. True: it is
 * another one. */
static bool is_known(request_rec *r, const throttle_subject_t *subject)
{
    throttle_visit_t visit;
    throttle_count_t counter;
    throttle_said_t said = {0};
    const throttle_limit_t *limit = subject->limit;
    if (!throttle_store_visit_one(&visit, r, subject->name)) return false;
    if (throttle_store_get(&visit, subject->name, &counter) == THROTTLE_FOUND)
        said = throttle_count_says(&counter, limit, apr_time_now());
    if (said.refuses && !said.known) {
        counter = throttle_count_refused(&counter, limit);
        throttle_store_put(&visit, subject, &counter);
    }
    throttle_store_leave(&visit);
    return said.known;
}

static void ask(const throttle_visit_t *visit, const throttle_subject_t *subject,
                throttle_verdict_t *verdict)
{
    throttle_count_t counter;
    const throttle_limit_t *limit = subject->limit;
    const apr_time_t now = apr_time_now();
    if (throttle_store_get(visit, subject->name, &counter) != THROTTLE_FOUND) return;
    const throttle_said_t said = throttle_count_says(&counter, limit, now);
    verdict->exhausted |= said.exhausted;
    if (!said.refuses) return;
    verdict->status = NTLM_THROTTLED;
    verdict->retry_after = throttle_count_left(&counter, limit, now);
    verdict->known = said.known;
}

/* As a rule nobody has failed lately, and one counter says so for all of them. A store that has
 * lost this one alone gives away one guess, whose failure writes it again. */
static bool nobody_has_failed(const throttle_visit_t *visit, const throttle_subjects_t *subjects)
{
    throttle_count_t counter;
    const throttle_subject_t *last = &subjects->all[subjects->count - 1];
    if (!subjects->last_has_all || !throttle_store_may_lack(last->name)) return false;
    return throttle_store_get(visit, last->name, &counter) == THROTTLE_NONE;
}

throttle_verdict_t throttle_check(request_rec *r, const throttle_limits_t *limits,
                                  const throttle_claim_t *claim)
{
    throttle_verdict_t verdict = {.status = NTLM_OK};
    throttle_subjects_t subjects;
    throttle_visit_t visit;
    size_t asked = 0;
    if (!limits || limits->of[THROTTLE_USER].failures == 0) return verdict;
    if (claim->of_proxy) warn_about_proxy(r);
    if (!throttle_subjects(limits, claim->address, claim->user, &subjects)) {
        verdict.status = NTLM_CRYPTO_FAILED;
        return verdict;
    }
    if (!throttle_store_visit(&visit, r)) return verdict;
    verdict.counted = subjects;
    if (nobody_has_failed(&visit, &subjects)) asked = subjects.count;
    while (verdict.status == NTLM_OK && asked < subjects.count)
        ask(&visit, &subjects.all[asked++], &verdict);
    throttle_store_leave(&visit);
    if (verdict.status == NTLM_THROTTLED && !verdict.known)
        verdict.known = is_known(r, &subjects.all[asked - 1]);
    return verdict;
}

static void write_down(const throttle_visit_t *visit, const throttle_subject_t *subject,
                       const throttle_failures_t *failures)
{
    throttle_count_t counter;
    const apr_time_t now = apr_time_now();
    if (throttle_store_get(visit, subject->name, &counter) == THROTTLE_UNKNOWN) return;
    for (int way = 0; way < THROTTLE_WAYS; way++)
        for (unsigned i = 0; i < failures->of[way]; i++)
            counter = throttle_count_failure(&counter, subject->limit, now,
                                             way == THROTTLE_REFUSED ? NTLM_WRONG_PASSWORD
                                                                     : NTLM_BACKEND_DOWN,
                                             way == THROTTLE_HIDDEN);
    throttle_store_put(visit, subject, &counter);
}

/* False: the store does not answer. */
static bool add_one(request_rec *r, const throttle_subject_t *subject, throttle_way_t way)
{
    throttle_visit_t visit;
    throttle_failures_t failures;
    throttle_ticket_t ticket = throttle_store_announce(subject->name, way);
    if (!throttle_store_visit_one(&visit, r, subject->name)) {
        throttle_tally_withdraw(&ticket);
        return false;
    }
    if (throttle_tally_take(&ticket, &failures)) {
        write_down(&visit, subject, &failures);
        throttle_tally_counted(&ticket);
    }
    throttle_store_leave(&visit);
    return true;
}

void throttle_count(request_rec *r, const throttle_verdict_t *verdict, ntlm_status_t status,
                    bool guessed)
{
    const throttle_subjects_t *subjects = &verdict->counted;
    const throttle_way_t way = status != NTLM_BACKEND_DOWN ? THROTTLE_REFUSED
                               : guessed                   ? THROTTLE_HIDDEN
                                                           : THROTTLE_OUTAGE;
    bool answers = throttle_count_is_failure(status);
    for (size_t i = 0; answers && i < subjects->count; i++)
        answers = add_one(r, &subjects->all[i], way);
}
