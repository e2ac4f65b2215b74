#include "ldap_servers.h"

#include "ldap_address.h"
#include "../../system/shared.h"

enum { WAIT_FIRST = APR_USEC_PER_SEC, WAIT_MAX_SECONDS = 30 };

typedef struct health_t {
    int failures;       /* in a row; 0: it is well */
    apr_time_t fell;    /* when the first one was */
    apr_time_t failed;  /* when it did last */
    apr_time_t claimed; /* until when somebody tries it; 0: nobody */
} health_t;

typedef struct all_health_t {
    health_t of[LDAP_ADDRESS_SERVERS_MAX];
} all_health_t;

struct ldap_servers_t {
    shared_t *shared; /* an all_health_t */
    int count;
    apr_interval_time_t patience; /* a claim that is older is of a process that died */
};

const char *ldap_servers_open(apr_pool_t *pool, int count, apr_interval_time_t timeout,
                              ldap_servers_t **servers)
{
    ldap_servers_t *made = apr_pcalloc(pool, sizeof *made);
    made->count = count;
    made->patience = 2 * timeout;
    *servers = made;
    return shared_open(pool, sizeof(all_health_t), &made->shared);
}

static apr_interval_time_t wait_after(int failures)
{
    apr_interval_time_t wait = WAIT_FIRST;
    for (int i = 1; i < failures && wait < apr_time_from_sec(WAIT_MAX_SECONDS); i++) wait *= 2;
    return wait < apr_time_from_sec(WAIT_MAX_SECONDS) ? wait : apr_time_from_sec(WAIT_MAX_SECONDS);
}

/* Takes a server that is down, if its time has come and nobody else tries it. join: even if
 * somebody does. */
static bool claim(const ldap_servers_t *servers, health_t *health, apr_time_t now,
                  apr_interval_time_t wait, bool join)
{
    bool due = now - health->failed >= wait || now < health->failed;
    bool taken = !join && now < health->claimed && health->claimed <= now + servers->patience;
    if (!due || taken) return false;
    health->claimed = now + servers->patience;
    return true;
}

static bool any_is_well(const ldap_servers_t *servers, const all_health_t *all)
{
    for (int i = 0; i < servers->count; i++)
        if (all->of[i].failures == 0) return true;
    return false;
}

/* When the last server that was well has just failed, others may be back long since: all
 * may look, not only the one that does so first. */
static bool fell_lately(const ldap_servers_t *servers, const all_health_t *all, apr_time_t now)
{
    for (int i = 0; i < servers->count; i++)
        if (all->of[i].fell <= now && now < all->of[i].fell + WAIT_FIRST) return true;
    return false;
}

/* In an outage nobody waits longer than at first, and who has just seen a server fail
 * tries the others at once: one of them may be back. */
static apr_interval_time_t wait_for(const health_t *health, bool outage, unsigned tried)
{
    if (!outage) return wait_after(health->failures);
    return tried ? 0 : WAIT_FIRST;
}

static int pick(const ldap_servers_t *servers, all_health_t *all, unsigned tried, apr_time_t now)
{
    bool outage = !any_is_well(servers, all);
    bool join = outage && (tried || fell_lately(servers, all, now));
    for (int i = 0; i < servers->count; i++) {
        health_t *health = &all->of[i];
        if (tried & 1U << i) continue;
        apr_interval_time_t wait = wait_for(health, outage, tried);
        if (health->failures == 0 || claim(servers, health, now, wait, join)) return i;
    }
    return -1;
}

int ldap_servers_pick(ldap_servers_t *servers, unsigned tried, apr_time_t now)
{
    all_health_t *all = shared_lock(servers->shared);
    if (!all) return -1;
    int server = pick(servers, all, tried, now);
    shared_unlock(servers->shared);
    return server;
}

/* Many may fail at once: only one that was claimed waits longer the next time. */
bool ldap_servers_failed(ldap_servers_t *servers, int server, apr_time_t now)
{
    all_health_t *all = shared_lock(servers->shared);
    if (!all) return false;
    health_t *health = &all->of[server];
    bool news = health->failures == 0;
    if ((news || health->claimed) && health->failures < WAIT_MAX_SECONDS) health->failures++;
    if (news) health->fell = now;
    health->failed = now;
    health->claimed = 0;
    shared_unlock(servers->shared);
    return news;
}

bool ldap_servers_answered(ldap_servers_t *servers, int server)
{
    all_health_t *all = shared_lock(servers->shared);
    if (!all) return false;
    bool news = all->of[server].failures != 0;
    all->of[server] = (health_t){0};
    shared_unlock(servers->shared);
    return news;
}
