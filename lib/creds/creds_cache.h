/* creds_cache.h - what a remote source said about a login, remembered for a short time.
 *
 * One cache a source, in memory that all children share: what one of them was told
 * the others need not ask. It has a fixed size; what was not used for longest goes
 * first, and what goes is wiped. Every answer is remembered for the same time, whatever it says:
 * else the number of searches would tell who is known.
 *
 * A login is known here by a digest of its names (16 bytes that cannot be guessed), so
 * the names themselves are not compared, and any length will do.
 */
#ifndef NTLM_CREDS_CACHE_H
#define NTLM_CREDS_CACHE_H

#include <apr_time.h>

#include "creds.h"

enum {
    CREDS_CACHE_SLOTS = 1024,
    CREDS_CACHE_FORCED = 5,        /* searches that one name may force ... */
    CREDS_CACHE_FORCED_SECONDS = 5 /* ... in so many seconds */
};

typedef struct creds_cache_t creds_cache_t;

/* Which login a question is about, and when it is asked, in ticks (clock.h). */
typedef struct creds_cache_at_t {
    uint8_t login[16];
    apr_time_t now;
} creds_cache_at_t;

/* Opens it in the parent. groups: accounts may come with their groups, which take 8 KiB a slot.
 * Gives NULL, or (from pool) a sentence. */
const char *creds_cache_open(apr_pool_t *pool, apr_interval_time_t lifetime, bool groups,
                             creds_cache_t **cache);

/* What was stored, with its account, its strings from pool, its source left alone.
 * NTLM_NEED_KEY: nothing is remembered. */
ntlm_status_t creds_cache_find(creds_cache_t *cache, const creds_cache_at_t *at, apr_pool_t *pool,
                               creds_account_t *account);

/* Remembers an answer (NTLM_OK, NTLM_NO_SUCH_USER with the first of its account's others, or why
 * there is no key); forgets the login on any other status, and when its names are longer than a
 * slot. Groups that have no room come back as groups_cut. What is remembered of the same account
 * under other logins becomes what this one says. */
void creds_cache_store(creds_cache_t *cache, const creds_cache_at_t *at, ntlm_status_t status,
                       const creds_account_t *account);

/* Whether the login may force a search now, past what is remembered; counts it if so. */
bool creds_cache_may_force(creds_cache_t *cache, const creds_cache_at_t *at);

/* Takes that count back: nobody answered the search. */
void creds_cache_unforce(creds_cache_t *cache, const creds_cache_at_t *at);

#endif
