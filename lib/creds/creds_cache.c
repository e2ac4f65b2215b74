#include "creds_cache.h"

#include <string.h>

#include <apr_strings.h>

#include "../ntlm/crypto.h"
#include "creds_groups.h"
#include "../system/shared.h"

/* Names of any length that NTLM allows: one that is not remembered would cost more searches. */
enum { WAYS = 8, SETS = CREDS_CACHE_SLOTS / WAYS, TEXT_MAX = 3 * NTLM_USER_MAX + 1 };

/* What can be told of groups, each with a NUL behind it. */
enum { GROUPS_ROOM = CREDS_GROUPS_MAX + 1 };

typedef struct answer_t {
    apr_time_t ends; /* 0 when there is none */
    ntlm_status_t status;
    apr_uint64_t generation;
    ntlm_key_t key;
    char name[TEXT_MAX], domain[TEXT_MAX];
    bool has_name, has_domain;
    bool groups_cut;
    size_t groups_len; /* bytes of groups_of() that are in use */
} answer_t;

typedef struct slot_t {
    uint8_t login[16];
    apr_time_t used;                       /* 0: the slot is free */
    apr_time_t forced[CREDS_CACHE_FORCED]; /* when searches were forced */
    answer_t answer;
} slot_t;

/* Behind it the groups, a room a slot, if there are any. */
typedef struct slots_t {
    apr_time_t swept;
    slot_t sets[SETS][WAYS];
} slots_t;

struct creds_cache_t {
    shared_t *shared; /* a slots_t */
    apr_interval_time_t lifetime;
    bool groups; /* have room */
};

const char *creds_cache_open(apr_pool_t *pool, apr_interval_time_t lifetime, bool groups,
                             creds_cache_t **cache)
{
    const apr_size_t rooms = groups ? (apr_size_t)CREDS_CACHE_SLOTS * GROUPS_ROOM : 0;
    creds_cache_t *made = apr_pcalloc(pool, sizeof *made);
    made->lifetime = lifetime;
    made->groups = groups;
    *cache = made;
    return shared_open(pool, sizeof(slots_t) + rooms, &made->shared);
}

/* ---- slots ---- */

static char *groups_of(slots_t *slots, const slot_t *slot)
{
    return (char *)(slots + 1) + (slot - slots->sets[0]) * GROUPS_ROOM;
}

static void wipe_answer(slots_t *slots, slot_t *slot)
{
    if (slot->answer.groups_len > 0) secret_wipe(groups_of(slots, slot), slot->answer.groups_len);
    secret_wipe(&slot->answer, sizeof slot->answer);
}

static void drop_old(slots_t *slots, slot_t *slot, apr_time_t now)
{
    if (slot->answer.ends && now >= slot->answer.ends) wipe_answer(slots, slot);
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
        for (int k = 0; k < WAYS; k++) drop_old(slots, &slots->sets[i][k], now);
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
        drop_old(slots, &set[i], at->now);
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
    wipe_answer(slots, slot);
    secret_wipe(slot, sizeof *slot);
    memcpy(slot->login, at->login, sizeof slot->login);
    slot->used = at->now;
    return slot;
}

/* ---- groups ---- */

static void read_groups(slots_t *slots, const slot_t *slot, apr_pool_t *pool,
                        creds_account_t *account)
{
    const answer_t *answer = &slot->answer;
    account->groups_cut = answer->groups_cut;
    if (answer->groups_len == 0) return;
    const bytes_t packed = {(const uint8_t *)groups_of(slots, slot), answer->groups_len};
    account->groups = creds_groups_unpack(pool, packed);
}

static void write_groups(const creds_cache_t *cache, slots_t *slots, slot_t *slot,
                         const creds_account_t *account)
{
    answer_t *answer = &slot->answer;
    writer_t out = writer_to((uint8_t *)groups_of(slots, slot), cache->groups ? GROUPS_ROOM : 0);
    creds_groups_pack(&out, account->groups);
    if (out.overflow) secret_wipe(out.data, out.len);
    answer->groups_cut = account->groups_cut || out.overflow;
    answer->groups_len = out.overflow ? 0 : out.len;
}

/* ---- answers ---- */

/* An account that the login did not mean is one of its others. */
static void read_answer(slots_t *slots, const slot_t *slot, apr_pool_t *pool,
                        creds_account_t *account)
{
    const answer_t *answer = &slot->answer;
    if (answer->status == NTLM_NO_SUCH_USER)
        account = account->others = apr_pcalloc(pool, sizeof *account);
    account->generation = answer->generation;
    account->name = apr_pstrdup(pool, answer->name);
    account->domain = answer->has_domain ? apr_pstrdup(pool, answer->domain) : NULL;
    account->key = answer->key;
    account->until = answer->ends;
    read_groups(slots, slot, pool, account);
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
static void spread(slots_t *slots, const slot_t *from)
{
    const answer_t *newest = &from->answer;
    for (int i = 0; i < CREDS_CACHE_SLOTS; i++) {
        slot_t *slot = &slots->sets[i / WAYS][i % WAYS];
        answer_t *other = &slot->answer;
        if (slot == from || !is_same_account(other, newest)) continue;
        other->generation = newest->generation;
        other->key = newest->key;
        other->groups_cut = newest->groups_cut;
        other->groups_len = newest->groups_len;
        if (newest->groups_len > 0)
            memcpy(groups_of(slots, slot), groups_of(slots, from), newest->groups_len);
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
        if (slot->answer.has_name) read_answer(slots, slot, pool, account);
    }
    shared_unlock(cache->shared);
    return status;
}

void creds_cache_store(creds_cache_t *cache, const creds_cache_at_t *at, ntlm_status_t status,
                       const creds_account_t *account)
{
    slots_t *slots = lock(cache, at->now);
    if (!slots) return;
    slot_t *slot = find_or_make(slots, at);
    answer_t *answer = &slot->answer;
    wipe_answer(slots, slot);
    const creds_account_t *with = account_of(status, account);
    if (is_answer(status) && write_account(answer, with)) {
        if (with) write_groups(cache, slots, slot, with);
        answer->status = status;
        answer->ends = at->now + cache->lifetime;
        spread(slots, slot);
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
