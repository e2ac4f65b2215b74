#include "tries.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <apr_general.h>
#include <apr_strings.h>

#include "../../ntlm/crypto.h"
#include "../../system/clock.h"
#include "../../system/retained.h"
#include "../../system/shared.h"

enum { WAYS = 8, SETS = 2048, LOOK_FIRST = 1000, LOOK_MOST = 16000 }; /* looks: microseconds */

typedef struct slot_t {
    uint8_t account[TRIES_KEY_LEN], address[TRIES_KEY_LEN]; /* address: of the last wrong one */
    apr_time_t since; /* of the first that is counted, in ticks */
    apr_time_t wrong; /* when the last one turned out so, in ticks; 0: none did */
    uint32_t count;   /* wrong ones, and the one that is being asked */
    uint32_t serial;  /* of the question */
    pid_t asking;     /* the process that asks now; 0: none */
    bool used;
    bool late; /* who asks has given it up */
} slot_t;

typedef struct board_t {
    pthread_mutex_t lock;
    bool made;
    uint8_t secret[NTLM_KEY_LEN]; /* so that nobody can tell which accounts share a set */
    slot_t sets[SETS][WAYS];
} board_t;

struct tries_t {
    board_t *board;
    tries_limit_t limit;
};

const char *tries_open(apr_pool_t *pool, const char *source, tries_limit_t limit, tries_t **tries)
{
    tries_t *made = apr_pcalloc(pool, sizeof *made);
    void *memory;
    const char *name = apr_pstrcat(pool, "tries, 1: ", source, NULL);
    apr_status_t status = retained_memory(pool, name, sizeof *made->board, &memory);
    if (status != APR_SUCCESS) return "no memory that children share, to count wrong passwords";
    made->board = memory;
    made->limit = limit;
    *tries = made;
    if (made->board->made) return NULL;
    if (shared_mutex_make(&made->board->lock) != 0 ||
        apr_generate_random_bytes(made->board->secret, sizeof made->board->secret) != APR_SUCCESS)
        return "no lock that children share, or no random bytes, to count wrong passwords";
    made->board->made = true;
    return NULL;
}

/* ---- slots ---- */

/* What a process that died has left is a count, right or one too high. */
static bool lock(board_t *board)
{
    int error = pthread_mutex_lock(&board->lock);
    if (error == EOWNERDEAD) error = pthread_mutex_consistent(&board->lock);
    return error == 0;
}

/* A process that has died asks nothing; what it has asked stays counted. */
static void see_who_asks(slot_t *slot)
{
    if (slot->asking && kill(slot->asking, 0) != 0 && errno == ESRCH) slot->asking = 0;
}

static void forget_old(const tries_t *tries, slot_t *slot, apr_time_t now)
{
    if (slot->count > 0 && !slot->asking && now - slot->since >= tries->limit.window)
        slot->count = 0;
}

/* The fewest wrong ones, then the longest ago; never one that is being asked about. */
static bool is_better_to_forget(const slot_t *slot, const slot_t *than)
{
    if (slot->asking || !slot->used) return !slot->used;
    if (!than || slot->count != than->count) return !than || slot->count < than->count;
    return slot->wrong < than->wrong;
}

/* NULL: all that could be forgotten for it are being asked about. */
static slot_t *find_or_make(const tries_t *tries, const uint8_t account[TRIES_KEY_LEN],
                            apr_time_t now)
{
    board_t *board = tries->board;
    uint8_t digest[NTLM_KEY_LEN];
    const bytes_t key = {account, TRIES_KEY_LEN};
    if (!hmac_md5(board->secret, &key, 1, digest)) return NULL;
    slot_t *set = board->sets[(digest[0] | digest[1] << 8) % SETS], *worst = NULL;
    for (int i = 0; i < WAYS; i++) {
        slot_t *slot = &set[i];
        see_who_asks(slot);
        forget_old(tries, slot, now);
        if (slot->used && bytes_equal((bytes_t){slot->account, TRIES_KEY_LEN}, key)) return slot;
        if (!(worst && !worst->used) && is_better_to_forget(slot, worst)) worst = slot;
    }
    if (!worst) return NULL;
    const uint32_t serial = worst->serial;
    *worst = (slot_t){.used = true, .serial = serial};
    memcpy(worst->account, account, TRIES_KEY_LEN);
    return worst;
}

/* ---- turns ---- */

static bool was_wrong_since(const slot_t *slot, const tries_who_t *who, apr_time_t came)
{
    return slot->wrong && slot->wrong >= came &&
           bytes_equal((bytes_t){slot->address, TRIES_KEY_LEN},
                       (bytes_t){who->address, TRIES_KEY_LEN});
}

static void begin(const tries_t *tries, slot_t *slot, const tries_who_t *who, apr_time_t now,
                  tries_turn_t *turn)
{
    if (slot->count++ == 0) slot->since = now;
    slot->asking = getpid();
    slot->late = false;
    slot->serial++;
    *turn = (tries_turn_t){
        .who = *who, .slot = (uint32_t)(slot - tries->board->sets[0]), .serial = slot->serial};
}

typedef enum look_t { LOOK_AGAIN, LOOK_ENDS } look_t;

/* came: when it began to wait; 0: it has not waited yet. */
static look_t look(const tries_t *tries, const tries_who_t *who, apr_time_t came,
                   tries_turn_t *turn, int *retry_after, tries_answer_t *answer)
{
    const apr_time_t now = clock_ticks();
    const tries_limit_t *limit = &tries->limit;
    slot_t *slot = find_or_make(tries, who->account, now);
    if (!slot || slot->asking) return slot && slot->late ? LOOK_ENDS : LOOK_AGAIN;
    if (came && was_wrong_since(slot, who, came)) {
        *answer = TRIES_WRONG_BEFORE;
    } else if (limit->wrong && slot->count >= limit->wrong) {
        *retry_after = (int)apr_time_sec(slot->since + limit->window - now) + 1;
        *answer = TRIES_SPENT;
    } else {
        begin(tries, slot, who, now, turn);
        *answer = TRIES_ASK;
    }
    return LOOK_ENDS;
}

/* There is no signal that reaches threads of other processes and outlives the death of any: a
 * look now and then is enough, questions take milliseconds. */
tries_answer_t tries_begin(tries_t *tries, const tries_who_t *who, const tries_wait_t *wait,
                           tries_turn_t *turn, int *retry_after)
{
    apr_time_t came = 0;
    tries_answer_t answer = TRIES_TOO_LONG;
    apr_interval_time_t pause = LOOK_FIRST;
    while (lock(tries->board)) {
        const look_t found = look(tries, who, came, turn, retry_after, &answer);
        pthread_mutex_unlock(&tries->board->lock);
        if (found == LOOK_ENDS || clock_ticks() >= wait->until || !wait->may_go_on(wait->baton))
            break;
        if (!came) came = clock_ticks();
        apr_sleep(pause);
        if (pause < LOOK_MOST) pause *= 2;
    }
    return answer;
}

/* NULL: another one has it now. */
static slot_t *slot_of(const tries_t *tries, const tries_turn_t *turn)
{
    slot_t *slot = &tries->board->sets[0][0] + turn->slot;
    const bool is_its = slot->serial == turn->serial && slot->asking &&
                        bytes_equal((bytes_t){slot->account, TRIES_KEY_LEN},
                                    (bytes_t){turn->who.account, TRIES_KEY_LEN});
    return is_its ? slot : NULL;
}

void tries_late(tries_t *tries, const tries_turn_t *turn)
{
    if (!lock(tries->board)) return;
    slot_t *slot = slot_of(tries, turn);
    if (slot) slot->late = true;
    pthread_mutex_unlock(&tries->board->lock);
}

void tries_end(tries_t *tries, const tries_turn_t *turn, tries_outcome_t outcome)
{
    if (!lock(tries->board)) return;
    slot_t *slot = slot_of(tries, turn);
    if (slot) {
        slot->asking = 0;
        if (outcome == TRIES_RIGHT) slot->count = 0;
        if (outcome == TRIES_UNDECIDED && slot->count > 0) slot->count--;
        if (outcome == TRIES_WRONG) {
            slot->wrong = clock_ticks();
            memcpy(slot->address, turn->who.address, TRIES_KEY_LEN);
        }
    }
    pthread_mutex_unlock(&tries->board->lock);
}
