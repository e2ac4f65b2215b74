/* tries.h - how often a controller may be asked about an account: below what locks the account
 * there.
 *
 * A controller counts wrong passwords, and locks the account after some: whoever can send
 * logins could lock anybody out. So each question is reserved before it is asked, and given back
 * when it was no wrong password. After some wrong ones, from wherever they came, he is not asked
 * about that account any more, until the time since the last of them has passed, as the controller
 * reckons, too: since the first, and those before and behind its end would be twice as many for
 * him. A right one makes the count begin anew, as his does.
 *
 * Questions about one account are put one after the other, in all children together: those who wait
 * behind a wrong one from the same address are told so, unasked. A question that nobody waits for
 * any more keeps nobody waiting, but counts until it is answered.
 *
 * It lives in memory that all children share, and that a restart of httpd leaves as it is. Who
 * an account is, is a digest: accounts are not listed. Of accounts beyond what there is room for
 * (16384) the one with the fewest wrong ones is forgotten first, never one that is being asked
 * about.
 */
#ifndef NTLM_CREDS_TRIES_H
#define NTLM_CREDS_TRIES_H

#include <stdbool.h>
#include <stdint.h>

#include <apr_pools.h>
#include <apr_time.h>

typedef struct tries_t tries_t;

typedef struct tries_limit_t {
    unsigned wrong;             /* after so many it is not asked any more; 0: there is no limit */
    apr_interval_time_t window; /* since the last of them */
} tries_limit_t;

/* At configuration time. source: which controller it is; all that are opened with one text count
 * together, each with its own limit. NULL, or (from pool) what the system refuses. */
const char *tries_open(apr_pool_t *pool, const char *source, tries_limit_t limit, tries_t **tries);

/* Both are digests of TRIES_KEY_LEN bytes. */
enum { TRIES_KEY_LEN = 16 };
typedef struct tries_who_t {
    uint8_t account[TRIES_KEY_LEN];
    uint8_t address[TRIES_KEY_LEN];
} tries_who_t;

/* A question that may be put; bytes that can be copied, also to a thread that outlives its request.
 */
typedef struct tries_turn_t {
    tries_who_t who;
    uint32_t slot, serial;
} tries_turn_t;

typedef enum tries_answer_t {
    TRIES_ASK,          /* ask now; tries_end() must follow */
    TRIES_SPENT,        /* too many were wrong */
    TRIES_WRONG_BEFORE, /* while this one waited, one from its address was wrong */
    TRIES_TOO_LONG      /* its turn did not come while it was worth waiting for */
} tries_answer_t;

/* How long a turn is worth waiting for. */
typedef struct tries_wait_t {
    apr_time_t until;               /* in ticks, system/clock.h */
    bool (*may_go_on)(void *baton); /* asked now and then, in the thread that waits */
    void *baton;
} tries_wait_t;

/* Waits for the account's turn, unless it cannot come before one that is late. retry_after: with
 * TRIES_SPENT the seconds until its time has passed. */
tries_answer_t tries_begin(tries_t *tries, const tries_who_t *who, const tries_wait_t *wait,
                           tries_turn_t *turn, int *retry_after);

/* Who asked has given it up, and tries_end() comes later, if ever: it is another's turn. */
void tries_late(tries_t *tries, const tries_turn_t *turn);

/* What became of it. A process that dies before has put a wrong one. */
typedef enum tries_outcome_t {
    TRIES_RIGHT,    /* the password was right, whatever else was said: the count begins anew */
    TRIES_WRONG,    /* or may have been, or there is no such account: it stays counted */
    TRIES_UNDECIDED /* it was not put, or nobody has looked at the password: given back */
} tries_outcome_t;
void tries_end(tries_t *tries, const tries_turn_t *turn, tries_outcome_t outcome);

#endif
