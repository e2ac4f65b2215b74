#include "throttle_store.h"

#include <string.h>

#include <ap_provider.h>
#include <ap_socache.h>
#include <apr_atomic.h>
#include <apr_strings.h>

#include <http_config.h>
#include <http_core.h>
#include <http_log.h>

#include "../system/clock.h"
#include "../system/shared.h"
#include "throttle_lanes.h"

APLOG_USE_MODULE(auth_ntlmv2);

static const char store_name[] = "ntlm-throttle";

/* What the children have in common: whether throttle_store_is_first() has been asked, and which
 * counters are there, as far as this host knows; who is wrong asks once more than he had to. */
enum { PLACES = 4096 };
typedef struct throttle_shared_t {
    apr_uint32_t told;
    apr_uint32_t there[PLACES];
} throttle_shared_t;

/* Written while httpd configures itself, read-only afterwards, but for the time. */
static struct {
    bool needed;
    const char *chosen;
    const ap_socache_provider_t *provider;
    ap_socache_instance_t *instance;
    throttle_lanes_t *lanes;
    throttle_tally_t *tallies; /* one for each lane of their own */
    unsigned tally_count;
    throttle_shared_t *shared;
    bool is_near;            /* in the memory of this host */
    apr_uint32_t complained; /* clock_msec() when an outage was logged last; 0: never */
} store;

void throttle_store_choose(const char *provider)
{
    store.chosen = provider;
}

void throttle_store_need(void)
{
    store.needed = true;
}

/* ---- httpd's life ---- */

static int forget_all(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp)
{
    (void)pconf;
    (void)plog;
    (void)ptemp;
    memset(&store, 0, sizeof store);
    return OK;
}

const char *throttle_store_open(apr_pool_t *pconf, apr_pool_t *ptemp)
{
    if (!store.needed) return NULL;
    const char *args = store.chosen ? store.chosen : "shmcb";
    const char *name = ap_getword(pconf, &args, ':');
    if (!*name) return "NTLMThrottleStore: name a store, for example shmcb or redis:127.0.0.1:6379";
    store.provider =
        ap_lookup_provider(AP_SOCACHE_PROVIDER_GROUP, name, AP_SOCACHE_PROVIDER_VERSION);
    if (!store.provider)
        return apr_psprintf(pconf,
                            "NTLMThrottle needs the store '%s', and there is none: load "
                            "mod_socache_%s (Debian: a2enmod socache_%s), or write another "
                            "NTLMThrottleStore",
                            name, name, name);
    const char *why = store.provider->create(&store.instance, *args ? args : NULL, ptemp, pconf);
    return why ? apr_psprintf(pconf, "NTLMThrottleStore %s: %s", store.chosen, why) : NULL;
}

static apr_status_t destroy(void *s)
{
    store.provider->destroy(store.instance, s);
    return APR_SUCCESS;
}

/* Providers in the memory of this host take one caller at a time, and each for a moment. */
static apr_status_t share(apr_pool_t *pconf)
{
    enum { OWN = THROTTLE_LANES_MOST / 2, ANY = THROTTLE_LANES_MOST - OWN };
    void *memory;
    apr_status_t status = shared_memory(pconf, sizeof *store.shared, &memory);
    if (status != APR_SUCCESS) return status;
    store.shared = memory;
    store.is_near = store.provider->flags & AP_SOCACHE_FLAG_NOTMPSAFE;
    store.tally_count = store.is_near ? 1 : OWN;
    status = throttle_tally_make(pconf, store.tally_count, &store.tallies);
    if (status != APR_SUCCESS) return status;
    return store.is_near ? throttle_lanes_make(pconf, 1, 0, &store.lanes)
                         : throttle_lanes_make(pconf, ANY, OWN, &store.lanes);
}

static int start(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s)
{
    (void)plog;
    (void)ptemp;
    /* shmcb keeps as much again in its index: so that neither part fills up before the other */
    static struct ap_socache_hints hints = {.avg_id_len = THROTTLE_NAME_LEN, .avg_obj_size = 50};
    if (!store.instance || ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG)
        return OK;
    apr_status_t status = share(pconf);
    if (status == APR_SUCCESS)
        status = store.provider->init(store.instance, store_name, &hints, s, pconf);
    if (status == APR_SUCCESS) {
        apr_pool_cleanup_register(pconf, s, destroy, apr_pool_cleanup_null);
        return OK;
    }
    ap_log_error(APLOG_MARK, APLOG_CRIT, status, s,
                 "mod_auth_ntlmv2: the store of NTLMThrottle cannot be made");
    return HTTP_INTERNAL_SERVER_ERROR;
}

void throttle_store_register(void)
{
    ap_hook_pre_config(forget_all, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(start, NULL, NULL, APR_HOOK_MIDDLE);
}

bool throttle_store_is_first(void)
{
    return apr_atomic_xchg32(&store.shared->told, 1) == 0;
}

static apr_uint32_t *place_of(const uint8_t name[THROTTLE_NAME_LEN])
{
    return &store.shared->there[(name[1] | name[2] << 8) % PLACES];
}

static void is_there(const uint8_t name[THROTTLE_NAME_LEN], bool there)
{
    if (apr_atomic_read32(place_of(name)) != there) apr_atomic_set32(place_of(name), there);
}

bool throttle_store_may_lack(const uint8_t name[THROTTLE_NAME_LEN])
{
    return !store.is_near && !apr_atomic_read32(place_of(name));
}

/* ---- counters ---- */

/* Logins go on without their counting: once a minute somebody should know. A minute from one line
 * to the next, not one of the clock's: requests that met the outage on both sides of a full minute
 * would take turns. */
static bool complain(request_rec *r, apr_status_t status)
{
    enum { MINUTE = 60000 };
    const apr_uint32_t now = clock_msec() | 1, last = apr_atomic_read32(&store.complained);
    const bool is_due = last == 0 || clock_msec_between(last, now) >= MINUTE;
    if (is_due && apr_atomic_cas32(&store.complained, now, last) == last)
        ap_log_rerror(APLOG_MARK, APLOG_ERR, status, r,
                      "mod_auth_ntlmv2: the store of NTLMThrottle does not answer: failed logins "
                      "are not counted");
    return false;
}

static bool begin(throttle_visit_t *visit, request_rec *r, int lane)
{
    *visit = (throttle_visit_t){.r = r, .lane = lane};
    return lane >= 0 || complain(r, APR_TIMEUP);
}

/* Another lane for each connection, so that one is found at once. */
bool throttle_store_visit(throttle_visit_t *visit, request_rec *r)
{
    return begin(visit, r, throttle_lanes_enter_any(store.lanes, (unsigned)r->connection->id));
}

/* Names are evenly distributed: any byte is as good. */
bool throttle_store_visit_one(throttle_visit_t *visit, request_rec *r,
                              const uint8_t name[THROTTLE_NAME_LEN])
{
    return begin(visit, r, throttle_lanes_enter_own(store.lanes, name[0]));
}

void throttle_store_leave(const throttle_visit_t *visit)
{
    throttle_lanes_leave(store.lanes, visit->lane);
}

throttle_ticket_t throttle_store_announce(const uint8_t name[THROTTLE_NAME_LEN], throttle_way_t way)
{
    return throttle_tally_add(store.tallies, name[0] % store.tally_count, name, way);
}

/* As text, since hosts of several kinds may share the store: the count, the time, and the hidden
 * count if there is one. */
throttle_found_t throttle_store_get(const throttle_visit_t *visit,
                                    const uint8_t name[THROTTLE_NAME_LEN],
                                    throttle_count_t *counter)
{
    request_rec *r = visit->r;
    char text[64] = "", *end = text;
    unsigned len = sizeof text - 1;
    *counter = (throttle_count_t){0};
    apr_status_t status = store.provider->retrieve(
        store.instance, r->server, name, THROTTLE_NAME_LEN, (unsigned char *)text, &len, r->pool);
    const bool is_new = status == APR_NOTFOUND || status == APR_EGENERAL; /* as dbm says it */
    if (status != APR_SUCCESS && !is_new) {
        complain(r, status);
        return THROTTLE_UNKNOWN;
    }
    throttle_lanes_answered(store.lanes, visit->lane);
    is_there(name, !is_new);
    if (is_new) return THROTTLE_NONE;
    text[len] = '\0';
    apr_int64_t count = apr_strtoi64(text, &end, 10);
    if (count < 0 || count > APR_INT32_MAX || *end != ' ') return THROTTLE_FOUND;
    counter->count = (unsigned)count;
    counter->since = apr_strtoi64(end + 1, &end, 10);
    apr_int64_t hidden = apr_strtoi64(end, NULL, 10);
    if (hidden > 0 && hidden <= APR_INT32_MAX) counter->hidden = (unsigned)hidden;
    return THROTTLE_FOUND;
}

/* Some providers refuse what ends within this second: the counter knows its own end. */
void throttle_store_put(const throttle_visit_t *visit, const throttle_subject_t *subject,
                        const throttle_count_t *counter)
{
    enum { LEAST = 2 };
    request_rec *r = visit->r;
    char text[64];
    const apr_time_t window = subject->limit->window, least = apr_time_from_sec(LEAST);
    int len =
        apr_snprintf(text, sizeof text, "%u %" APR_TIME_T_FMT, counter->count, counter->since);
    if (counter->hidden)
        len += apr_snprintf(text + len, sizeof text - (apr_size_t)len, " %u", counter->hidden);
    apr_status_t status =
        store.provider->store(store.instance, r->server, subject->name, THROTTLE_NAME_LEN,
                              apr_time_now() + (window > least ? window : least),
                              (unsigned char *)text, (unsigned)len, r->pool);
    if (status != APR_SUCCESS) {
        complain(r, status);
        return;
    }
    throttle_lanes_answered(store.lanes, visit->lane);
    is_there(subject->name, true);
}
