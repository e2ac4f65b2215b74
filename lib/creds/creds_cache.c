#include "creds_cache.h"

#include <string.h>

#include <apr_strings.h>

#include "../ntlm/crypto.h"
#include "shared.h"

/* Names of any length that NTLM allows: one that is not remembered would cost more searches. */
enum { WAYS = 8, SETS = CREDS_CACHE_SLOTS / WAYS, TEXT_MAX = 3 * NTLM_USER_MAX + 1 };

typedef struct answer_t {
    apr_time_t ends; /* 0 when there is none */
    ntlm_status_t status;
    apr_uint64_t generation;
    ntlm_key_t key;
    char name[TEXT_MAX], domain[TEXT_MAX];
    bool has_name, has_domain;
} answer_t;

typedef struct slot_t {
    uint8_t login[16];
    apr_time_t used;                       /* 0: the slot is free */
    apr_time_t forced[CREDS_CACHE_FORCED]; /* when searches were forced */
    answer_t answer;
} slot_t;

typedef struct slots_t {
    apr_time_t swept;
    slot_t sets[SETS][WAYS];
} slots_t;

struct creds_cache_t {
    shared_t *shared; /* a slots_t */
    apr_interval_time_t lifetime;
};

const char *creds_cache_open(apr_pool_t *pool, apr_interval_time_t lifetime, creds_cache_t **cache)
{
    creds_cache_t *made = apr_pcalloc(pool, sizeof *made);
    made->lifetime = lifetime;
    *cache = made;
    return shared_open(pool, sizeof(slots_t), &made->shared);
}

/* ---- slots ---- */

static void drop_old(slot_t *slot, apr_time_t now)
{
    if (slot->answer.ends && now >= slot->answer.ends)
        secret_wipe(&slot->answer, sizeof slot->answer);
}

/* Once in a lifetime every slot is looked at, so that no key stays for long because
 * nobody asks for it. */
static slots_t *lock(creds_cache_t *cache, apr_time_t now)
{
    slots_t *slots = shared_lock(cache->shared);
    if (!slots) return NULL;
    if (now < slots->swept + cache->lifetime) return slots;
    slots->swept = now;
    for (int i = 0; i < SETS; i++)
        for (int k = 0; k < WAYS; k++) drop_old(&slots->sets[i][k], now);
    return slots;
}

static slot_t *set_of(slots_t *slots, const uint8_t login[16])
{
    return slots->sets[(login[0] | login[1] << 8) % SETS];
}

static slot_t *cache_find(slots_t *slots, const creds_cache_at_t *at)
{
    slot_t *set = set_of(slots, at->login);
    for (int i = 0; i < WAYS; i++) {
        if (!set[i].used || !secret_equal(set[i].login, at->login, sizeof at->login)) continue;
        set[i].used = at->now;
        drop_old(&set[i], at->now);
        return &set[i];
    }
    return NULL;
}

/* Its slot; else a free one, else the one that was not used for longest, wiped. */
static slot_t *find_or_make(slots_t *slots, const creds_cache_at_t *at)
{
    slot_t *set = set_of(slots, at->login), *slot = cache_find(slots, at);
    if (slot) return slot;
    slot = set;
    for (int i = 1; i < WAYS; i++)
        if (set[i].used < slot->used) slot = &set[i];
    secret_wipe(slot, sizeof *slot);
    memcpy(slot->login, at->login, sizeof slot->login);
    slot->used = at->now;
    return slot;
}

/* ---- answers ---- */

/* An account that the login did not mean is one of its others. */
static void read_answer(const answer_t *answer, apr_pool_t *pool, creds_account_t *account)
{
    if (answer->status == NTLM_NO_SUCH_USER)
        account = account->others = apr_pcalloc(pool, sizeof *account);
    account->generation = answer->generation;
    account->name = apr_pstrdup(pool, answer->name);
    account->domain = answer->has_domain ? apr_pstrdup(pool, answer->domain) : NULL;
    account->key = answer->key;
    account->until = answer->ends;
}

static bool write_account(answer_t *answer, const creds_account_t *account)
{
    if (!account) return true;
    if (strlen(account->name) >= sizeof answer->name) return false;
    if (account->domain && strlen(account->domain) >= sizeof answer->domain) return false;
    apr_cpystrn(answer->name, account->name, sizeof answer->name);
    if (account->domain) apr_cpystrn(answer->domain, account->domain, sizeof answer->domain);
    answer->has_name = true;
    answer->has_domain = account->domain != NULL;
    answer->generation = account->generation;
    answer->key = account->key;
    return true;
}

static bool is_same_account(const answer_t *a, const answer_t *b)
{
    return a->has_name && b->has_name && strcmp(a->name, b->name) == 0 &&
           a->has_domain == b->has_domain && strcmp(a->domain, b->domain) == 0;
}

/* One account may be remembered under several spellings: what the newest answer says is true
 * under all of them. None is forgotten for it, or the next search would tell that there is one. */
static void spread(slots_t *slots, const answer_t *newest)
{
    for (int i = 0; i < SETS; i++) {
        for (int k = 0; k < WAYS; k++) {
            answer_t *other = &slots->sets[i][k].answer;
            if (!is_same_account(other, newest)) continue;
            other->generation = newest->generation;
            other->key = newest->key;
        }
    }
}

/* The account that goes with an answer, or NULL. */
static const creds_account_t *account_of(ntlm_status_t status, const creds_account_t *account)
{
    if (status == NTLM_NO_SUCH_USER) return account->others;
    return status == NTLM_OK ? account : NULL;
}

static bool is_answer(ntlm_status_t status)
{
    return status == NTLM_OK || status == NTLM_NO_SUCH_USER || status == NTLM_HASH_UNREADABLE ||
           status == NTLM_AMBIGUOUS_USER || status == NTLM_BAD_ENTRY;
}

ntlm_status_t creds_cache_find(creds_cache_t *cache, const creds_cache_at_t *at, apr_pool_t *pool,
                               creds_account_t *account)
{
    ntlm_status_t status = NTLM_NEED_KEY;
    slots_t *slots = lock(cache, at->now);
    if (!slots) return status;
    const slot_t *slot = cache_find(slots, at);
    if (slot && slot->answer.ends) {
        status = slot->answer.status;
        if (slot->answer.has_name) read_answer(&slot->answer, pool, account);
    }
    shared_unlock(cache->shared);
    return status;
}

void creds_cache_store(creds_cache_t *cache, const creds_cache_at_t *at, ntlm_status_t status,
                       const creds_account_t *account)
{
    slots_t *slots = lock(cache, at->now);
    if (!slots) return;
    answer_t *answer = &find_or_make(slots, at)->answer;
    secret_wipe(answer, sizeof *answer);
    if (is_answer(status) && write_account(answer, account_of(status, account))) {
        answer->status = status;
        answer->ends = at->now + cache->lifetime;
        spread(slots, answer);
    }
    shared_unlock(cache->shared);
}

/* ---- forced searches ---- */

static bool take_one(apr_time_t forced[CREDS_CACHE_FORCED], apr_time_t now)
{
    apr_time_t *oldest = forced;
    for (int i = 1; i < CREDS_CACHE_FORCED; i++)
        if (forced[i] < *oldest) oldest = &forced[i];
    if (*oldest && now - *oldest < apr_time_from_sec(CREDS_CACHE_FORCED_SECONDS)) return false;
    *oldest = now;
    return true;
}

bool creds_cache_may_force(creds_cache_t *cache, const creds_cache_at_t *at)
{
    slots_t *slots = lock(cache, at->now);
    if (!slots) return true;
    bool may = take_one(find_or_make(slots, at)->forced, at->now);
    shared_unlock(cache->shared);
    return may;
}

void creds_cache_unforce(creds_cache_t *cache, const creds_cache_at_t *at)
{
    slots_t *slots = lock(cache, at->now);
    if (!slots) return;
    slot_t *slot = cache_find(slots, at);
    int i = 0;
    while (slot && i < CREDS_CACHE_FORCED && slot->forced[i] != at->now) i++;
    if (slot && i < CREDS_CACHE_FORCED) slot->forced[i] = 0;
    shared_unlock(cache->shared);
}
