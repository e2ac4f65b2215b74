#include "throttle.h"

#include <string.h>

#include <apr_strings.h>

#include "../ntlm/crypto.h"
#include "throttle_store.h"

/* ---- whom a failure is counted for ---- */

/* An address is what one customer has: of IPv6 the network, else the whole. */
static bytes_t address_of(const request_rec *r)
{
    enum { IPV6_NETWORK = 8 };
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    const apr_sockaddr_t *from = r->useragent_addr;
    bytes_t address = {from->ipaddr_ptr, (size_t)from->ipaddr_len};
    if (address.len != 16) return address;
    if (bytes_equal((bytes_t){address.data, sizeof mapped}, (bytes_t){mapped, sizeof mapped}))
        return bytes_from(address, sizeof mapped);
    return (bytes_t){address.data, IPV6_NETWORK};
}

/* Another spelling is no new user. The checks have seen that the name is one, so it fits. */
static bytes_t counted_name(const request_rec *r, const ntlm_claim_t *claim)
{
    writer_t out = writer_to(apr_palloc(r->pool, NAME_KEY_MAX), NAME_KEY_MAX);
    (void)name_write_key(&out, claim->user);
    return written(&out);
}

/* What is counted, and how far. */
typedef struct subject_t {
    const config_limit_t *limit;
    uint8_t name[THROTTLE_NAME_LEN];
} subject_t;

/* A digest tells nobody who failed, and spreads evenly over the store. Places with other
 * limits count for themselves: they would end each other's times. user: NULL for all. */
static subject_t subject_of(const request_rec *r, const config_limit_t *limit, const bytes_t *user)
{
    const bytes_t address = address_of(r), name = user ? *user : bytes_none();
    const size_t room = 2 * sizeof(uint16_t) + 2 * sizeof(uint64_t) + address.len + name.len;
    writer_t out = writer_to(apr_palloc(r->pool, room), room);
    subject_t subject = {.limit = limit};
    write_u16(&out, user ? 1 : 0);
    write_u64(&out, limit->failures);
    write_u64(&out, (uint64_t)limit->window);
    write_u16(&out, (uint16_t)address.len);
    write_bytes(&out, address);
    write_bytes(&out, name);
    md5(written(&out), subject.name);
    return subject;
}

enum { USER, ADDRESS, SUBJECTS };

/* False where nothing is counted. */
static bool find_subjects(const request_rec *r, const attempt_t *attempt,
                          const dir_config_t *config, subject_t subjects[SUBJECTS])
{
    const config_throttle_t *throttle = config->throttle;
    if (!throttle || throttle->user.failures == 0) return false;
    const bytes_t user = counted_name(r, attempt->claim);
    subjects[USER] = subject_of(r, &throttle->user, &user);
    subjects[ADDRESS] = subject_of(r, &throttle->address, NULL);
    return true;
}

/* ---- counting ---- */

/* By the time at which it is counted: requests do not end in the order of their own times.
 * A count from the future, of a host whose clock goes before ours, is not over; only a clock
 * that was set back makes it so. */
static bool is_over(const throttle_count_t *counter, const config_limit_t *limit, apr_time_t now)
{
    return now - counter->since >= limit->window || counter->since - now >= limit->window;
}

/* Whether this subject may not log in now. Writes down the first login that is refused, so
 * that the others are known as such. */
static bool refuses(request_rec *r, const subject_t *subject, attempt_t *attempt)
{
    throttle_count_t counter;
    apr_time_t now = apr_time_now();
    unsigned most = subject->limit->failures;
    if (!throttle_store_get(r, subject->name, &counter)) return false;
    if (counter.count < most || is_over(&counter, subject->limit, now)) return false;
    apr_time_t end = counter.since + subject->limit->window;
    attempt->retry_after = (int)apr_time_sec(end - now) + 1;
    attempt->known_throttled = counter.count > most;
    counter.count = most + 1;
    if (!attempt->known_throttled) throttle_store_put(r, subject->name, &counter, end);
    return true;
}

ntlm_status_t throttle_check(request_rec *r, attempt_t *attempt, const dir_config_t *config)
{
    subject_t subjects[SUBJECTS];
    if (!find_subjects(r, attempt, config, subjects)) return NTLM_OK;
    attempt->uncounted = !throttle_store_lock(r);
    if (attempt->uncounted) return NTLM_OK;
    bool refused = refuses(r, &subjects[USER], attempt) || refuses(r, &subjects[ADDRESS], attempt);
    throttle_store_unlock();
    return refused ? NTLM_THROTTLED : NTLM_OK;
}

static void add_one(request_rec *r, const subject_t *subject)
{
    throttle_count_t counter;
    apr_time_t now = apr_time_now();
    if (!throttle_store_get(r, subject->name, &counter)) return;
    if (counter.count == 0 || is_over(&counter, subject->limit, now))
        counter = (throttle_count_t){0, now};
    if (counter.count < subject->limit->failures) counter.count++;
    throttle_store_put(r, subject->name, &counter, counter.since + subject->limit->window);
}

/* All that a client cannot tell from a wrong password counts as one: else the count
 * would tell it. So does a proof that did not fit what is remembered of an account, when its
 * source cannot be asked: 503 then says what 401 says otherwise. */
static bool has_failed(const attempt_t *attempt, ntlm_status_t status)
{
    if (attempt->guessed) return true;
    return status != NTLM_OK && status != NTLM_BACKEND_DOWN && status != NTLM_CRYPTO_FAILED;
}

void throttle_count(request_rec *r, const attempt_t *attempt, ntlm_status_t status,
                    const dir_config_t *config)
{
    subject_t subjects[SUBJECTS];
    if (!has_failed(attempt, status) || attempt->uncounted) return;
    if (!find_subjects(r, attempt, config, subjects) || !throttle_store_lock(r)) return;
    add_one(r, &subjects[USER]);
    add_one(r, &subjects[ADDRESS]);
    throttle_store_unlock();
}
