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

/* Whoever asks has given it up long before, and said so (tries_late()). */
enum { ASKS_SECONDS = 600 };

typedef struct slot_t {
    uint8_t account[TRIES_KEY_LEN], address[TRIES_KEY_LEN]; /* address: of the last wrong one */
    apr_time_t last;       /* when one was asked, or turned out wrong, in ticks */
    apr_time_t last_wrong; /* when one turned out so; 0: none did */
    uint32_t wrong, late;  /* that were; that are asked still, and nobody waits for them */
    uint32_t serial;       /* of the question that was begun last */
    uint32_t begins_at;    /* the count is of those after that one */
    pid_t asking;          /* the process that asks now; 0: none */
    bool used;
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

/* NULL: no memory. One configuration may ask for the same several times. */
static board_t *board_of(apr_pool_t *pool, const char *source)
{
    const char *name = apr_pstrcat(pool, "tries, 1: ", source, NULL);
    void *memory = NULL;
    apr_pool_userdata_get(&memory, name, pool);
    if (memory) return memory;
    if (retained_memory(pool, name, sizeof(board_t), &memory) != APR_SUCCESS) return NULL;
    apr_pool_userdata_set(memory, name, NULL, pool);
    return memory;
}

const char *tries_open(apr_pool_t *pool, const char *source, tries_limit_t limit, tries_t **tries)
{
    tries_t *made = apr_pcalloc(pool, sizeof *made);
    board_t *board = board_of(pool, source);
    if (!board) return "no memory that children share, to count wrong passwords";
    made->board = board;
    made->limit = limit;
    *tries = made;
    if (board->made) return NULL;
    if (shared_mutex_make(&board->lock) != 0 ||
        apr_generate_random_bytes(board->secret, sizeof board->secret) != APR_SUCCESS)
        return "no lock that children share, or no random bytes, to count wrong passwords";
    board->made = true;
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

static uint32_t counted(const slot_t *slot)
{
    return slot->wrong + slot->late;
}

static void begin_anew(slot_t *slot)
{
    slot->wrong = slot->late = 0;
    slot->begins_at = slot->serial;
}

/* What a process that has died has asked stays counted. So does what is asked for longer than
 * anybody waits: another process may go by its number now. */
static void see_who_asks(slot_t *slot, apr_time_t now)
{
    if (!slot->asking) return;
    const bool has_died = kill(slot->asking, 0) != 0 && errno == ESRCH;
    if (!has_died && now - slot->last < apr_time_from_sec(ASKS_SECONDS)) return;
    slot->asking = 0;
    slot->wrong++;
}

/* Where no limit is, others of the same controller may have one. */
static void forget_old(const tries_t *tries, slot_t *slot, apr_time_t now)
{
    if (tries->limit.wrong && counted(slot) > 0 && !slot->asking &&
        now - slot->last >= tries->limit.window)
        begin_anew(slot);
}

/* The fewest wrong ones, then the longest ago; never one that is being asked about. */
static bool is_better_to_forget(const slot_t *slot, const slot_t *than)
{
    if (slot->asking || !slot->used) return !slot->used;
    if (!than || counted(slot) != counted(than)) return !than || counted(slot) < counted(than);
    return slot->last < than->last;
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
        see_who_asks(slot, now);
        forget_old(tries, slot, now);
        if (slot->used && bytes_equal((bytes_t){slot->account, TRIES_KEY_LEN}, key)) return slot;
        if (!(worst && !worst->used) && is_better_to_forget(slot, worst)) worst = slot;
    }
    if (!worst) return NULL;
    const uint32_t serial = worst->serial;
    *worst = (slot_t){.used = true, .serial = serial, .begins_at = serial};
    memcpy(worst->account, account, TRIES_KEY_LEN);
    return worst;
}

/* ---- turns ---- */

static bool was_wrong_since(const slot_t *slot, const tries_who_t *who, apr_time_t came)
{
    return slot->last_wrong && slot->last_wrong >= came &&
           bytes_equal((bytes_t){slot->address, TRIES_KEY_LEN},
                       (bytes_t){who->address, TRIES_KEY_LEN});
}

static void begin(const tries_t *tries, slot_t *slot, const tries_who_t *who, apr_time_t now,
                  tries_turn_t *turn)
{
    slot->last = now;
    slot->asking = getpid();
    slot->serial++;
    *turn = (tries_turn_t){
        .who = *who, .slot = (uint32_t)(slot - tries->board->sets[0]), .serial = slot->serial};
}

static int seconds_left(const slot_t *slot, const tries_limit_t *limit, apr_time_t now)
{
    return (int)apr_time_sec(slot->last + limit->window - now) + 1;
}

typedef enum look_t { LOOK_AGAIN, LOOK_ENDS } look_t;

/* came: when it began to wait; 0: it has not waited yet. */
static look_t look(const tries_t *tries, const tries_who_t *who, apr_time_t came, apr_time_t now,
                   tries_turn_t *turn, int *retry_after, tries_answer_t *answer)
{
    const tries_limit_t *limit = &tries->limit;
    slot_t *slot = find_or_make(tries, who->account, now);
    if (!slot || slot->asking) return LOOK_AGAIN;
    if (came && was_wrong_since(slot, who, came)) {
        *answer = TRIES_WRONG_BEFORE;
    } else if (limit->wrong && slot->wrong >= limit->wrong) {
        *retry_after = seconds_left(slot, limit, now);
        *answer = TRIES_SPENT;
    } else if (!limit->wrong || counted(slot) < limit->wrong) {
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
        const apr_time_t now = clock_ticks();
        const look_t found = look(tries, who, came, now, turn, retry_after, &answer);
        pthread_mutex_unlock(&tries->board->lock);
        if (found == LOOK_ENDS || clock_ticks() >= wait->until || !wait->may_go_on(wait->baton))
            break;
        if (!came) came = now;
        apr_sleep(pause);
        if (pause < LOOK_MOST) pause *= 2;
    }
    return answer;
}

/* NULL: the account is forgotten. */
static slot_t *slot_of(const tries_t *tries, const tries_turn_t *turn)
{
    slot_t *slot = &tries->board->sets[0][0] + turn->slot;
    const bool is_its = slot->used && bytes_equal((bytes_t){slot->account, TRIES_KEY_LEN},
                                                  (bytes_t){turn->who.account, TRIES_KEY_LEN});
    return is_its ? slot : NULL;
}

static bool has_turn(const slot_t *slot, const tries_turn_t *turn)
{
    return slot->asking && slot->serial == turn->serial;
}

void tries_late(tries_t *tries, const tries_turn_t *turn)
{
    if (!lock(tries->board)) return;
    slot_t *slot = slot_of(tries, turn);
    if (slot && has_turn(slot, turn)) {
        slot->asking = 0;
        slot->late++;
    }
    pthread_mutex_unlock(&tries->board->lock);
}

static void count_wrong(slot_t *slot, const tries_turn_t *turn)
{
    slot->wrong++;
    slot->last = slot->last_wrong = clock_ticks();
    memcpy(slot->address, turn->who.address, TRIES_KEY_LEN);
}

/* A right one that comes late, when others were asked, says nothing about those. */
void tries_end(tries_t *tries, const tries_turn_t *turn, tries_outcome_t outcome)
{
    if (!lock(tries->board)) return;
    slot_t *slot = slot_of(tries, turn);
    if (slot) {
        if (has_turn(slot, turn))
            slot->asking = 0;
        else if (slot->late > 0 && turn->serial > slot->begins_at)
            slot->late--;
        if (outcome == TRIES_RIGHT && slot->serial == turn->serial) begin_anew(slot);
        if (outcome == TRIES_WRONG) count_wrong(slot, turn);
    }
    pthread_mutex_unlock(&tries->board->lock);
}
