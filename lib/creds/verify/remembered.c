#include "remembered.h"

#include <string.h>

#include <apr_strings.h>

#include "../../ntlm/crypto.h"
#include "../../system/shared.h"
#include "../creds_groups.h"

/* All live for the same time: who came first goes first, and a ring is enough. A place in it is how
 * many bytes lie before it since the beginning; it only grows. */
enum { BUCKETS = 4096, ALIGNED = 8 };

typedef struct entry_t {
    uint64_t before;        /* like newest[], of the one before it in its bucket */
    apr_time_t until, ends; /* of what is remembered; of the account's logins, or 0 */
    uint32_t len;           /* with its texts, aligned; 0: what is left behind the last one */
    uint32_t texts;         /* bytes of them */
    ntlm_status_t status;
    bool has_groups, groups_cut;
    uint8_t number[CREDS_REMEMBER_LEN];
} entry_t; /* its texts follow */

/* What no entry takes up is zeros. */
typedef struct ring_t {
    uint64_t begin, end;      /* the oldest one's place; that of the next one */
    uint64_t newest[BUCKETS]; /* one more than its place; what is not above begin is gone */
    _Alignas(ALIGNED) uint8_t bytes[REMEMBERED_BYTES];
} ring_t;

struct remembered_t {
    shared_t *shared; /* a ring_t */
    apr_interval_time_t lifetime;
};

const char *remembered_open(apr_pool_t *pool, apr_interval_time_t lifetime,
                            remembered_t **remembered)
{
    remembered_t *made = apr_pcalloc(pool, sizeof *made);
    made->lifetime = lifetime;
    *remembered = made;
    return shared_open(pool, sizeof(ring_t), &made->shared);
}

/* ---- the ring ---- */

static entry_t *entry_at(ring_t *ring, uint64_t place)
{
    return (entry_t *)(void *)(ring->bytes + place % REMEMBERED_BYTES);
}

static size_t left_behind(uint64_t place)
{
    return REMEMBERED_BYTES - place % REMEMBERED_BYTES;
}

/* NULL: there is none at begin, and none behind it up to the end of the bytes. */
static entry_t *oldest(ring_t *ring)
{
    if (left_behind(ring->begin) < sizeof(entry_t)) return NULL;
    entry_t *entry = entry_at(ring, ring->begin);
    return entry->len > 0 ? entry : NULL;
}

static void drop_oldest(ring_t *ring)
{
    entry_t *entry = oldest(ring);
    const size_t len = entry ? entry->len : left_behind(ring->begin);
    if (entry) secret_wipe(entry, len);
    ring->begin += len;
}

static void drop_old(ring_t *ring, apr_time_t now)
{
    while (ring->begin < ring->end) {
        const entry_t *entry = oldest(ring);
        if (entry && now < entry->until) return;
        drop_oldest(ring);
    }
}

/* Makes room for one of that length. None lies across the end of the bytes. */
static uint64_t take(ring_t *ring, size_t len)
{
    const size_t left = left_behind(ring->end), skipped = len > left ? left : 0;
    while (ring->end + skipped + len - ring->begin > REMEMBERED_BYTES) drop_oldest(ring);
    const uint64_t place = ring->end + skipped;
    ring->end = place + len;
    return place;
}

static uint64_t *bucket_of(ring_t *ring, const uint8_t number[CREDS_REMEMBER_LEN])
{
    return &ring->newest[(number[0] | number[1] << 8) % BUCKETS];
}

static const entry_t *find(ring_t *ring, const uint8_t number[CREDS_REMEMBER_LEN])
{
    uint64_t next = *bucket_of(ring, number);
    while (next > ring->begin) {
        const entry_t *entry = entry_at(ring, next - 1);
        if (secret_equal(entry->number, number, CREDS_REMEMBER_LEN)) return entry;
        next = entry->before;
    }
    return NULL;
}

/* ---- texts ---- */

enum { ABSENT, PRESENT };

/* Those of an account that are NULL or one text each. */
typedef struct texts_t {
    const char *of[4];
} texts_t;
enum { TEXTS = sizeof((texts_t *)0)->of / sizeof(char *) };

static texts_t texts_of(const creds_account_t *account)
{
    return (texts_t){{account->name, account->domain, account->detail, account->sids}};
}

static size_t texts_len(const creds_account_t *account)
{
    const texts_t texts = texts_of(account);
    size_t len = 0;
    for (size_t i = 0; i < TEXTS; i++) len += texts.of[i] ? 1 + strlen(texts.of[i]) + 1 : 1;
    for (const char *const *name = account->groups; name && *name; name++) len += strlen(*name) + 1;
    return len;
}

static void write_texts(writer_t *out, const creds_account_t *account)
{
    static const uint8_t absent = ABSENT, present = PRESENT;
    const texts_t texts = texts_of(account);
    for (size_t i = 0; i < TEXTS; i++) {
        write_bytes(out, (bytes_t){texts.of[i] ? &present : &absent, 1});
        if (texts.of[i])
            write_bytes(out, (bytes_t){(const uint8_t *)texts.of[i], strlen(texts.of[i]) + 1});
    }
    creds_groups_pack(out, account->groups);
}

static const char *read_text(apr_pool_t *pool, bytes_t *texts)
{
    const bool is_there = texts->data[0] == PRESENT;
    *texts = bytes_from(*texts, 1);
    if (!is_there) return NULL;
    const char *text = apr_pstrdup(pool, (const char *)texts->data);
    *texts = bytes_from(*texts, strlen(text) + 1);
    return text;
}

static void read_account(const entry_t *entry, apr_pool_t *pool, creds_account_t *account)
{
    bytes_t texts = {(const uint8_t *)(entry + 1), entry->texts};
    account->name = read_text(pool, &texts);
    account->domain = read_text(pool, &texts);
    account->detail = read_text(pool, &texts);
    account->sids = read_text(pool, &texts);
    account->groups = entry->has_groups ? creds_groups_unpack(pool, texts) : NULL;
    account->groups_cut = entry->groups_cut;
    account->ends = entry->ends;
}

/* ---- verdicts ---- */

static bool is_verdict(ntlm_status_t status)
{
    return status != NTLM_NEED_KEY && status != NTLM_BACKEND_DOWN &&
           status != NTLM_ACCOUNT_SPARED && status != NTLM_CRYPTO_FAILED &&
           status != NTLM_NAMES_REFUSED;
}

ntlm_status_t remembered_find(remembered_t *remembered, const uint8_t number[CREDS_REMEMBER_LEN],
                              apr_time_t now, apr_pool_t *pool, creds_account_t *account)
{
    ntlm_status_t status = NTLM_NEED_KEY;
    ring_t *ring = shared_lock(remembered->shared);
    if (!ring) return status;
    drop_old(ring, now);
    const entry_t *entry = find(ring, number);
    if (entry && now < entry->until && (!entry->ends || now < entry->ends)) {
        status = entry->status;
        read_account(entry, pool, account);
    }
    shared_unlock(remembered->shared);
    return status;
}

void remembered_store(remembered_t *remembered, const uint8_t number[CREDS_REMEMBER_LEN],
                      apr_time_t now, ntlm_status_t status, const creds_account_t *account)
{
    const size_t texts = texts_len(account);
    const size_t len = (sizeof(entry_t) + texts + ALIGNED - 1) / ALIGNED * ALIGNED;
    if (!is_verdict(status) || len > REMEMBERED_MAX) return;
    ring_t *ring = shared_lock(remembered->shared);
    if (!ring) return;
    drop_old(ring, now);
    uint64_t *newest = bucket_of(ring, number);
    const uint64_t place = take(ring, len);
    entry_t *entry = entry_at(ring, place);
    *entry = (entry_t){.before = *newest,
                       .until = now + remembered->lifetime,
                       .ends = account->ends,
                       .len = (uint32_t)len,
                       .texts = (uint32_t)texts,
                       .status = status,
                       .has_groups = account->groups != NULL,
                       .groups_cut = account->groups_cut};
    memcpy(entry->number, number, CREDS_REMEMBER_LEN);
    writer_t out = writer_to((uint8_t *)(entry + 1), texts);
    write_texts(&out, account);
    *newest = place + 1;
    shared_unlock(remembered->shared);
}
