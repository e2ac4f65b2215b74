/* Every sequence of up to six events (of more kinds up to five) goes through the acceptor: a login
 * is proven only by the last challenge that is not spent, and a challenge is answered once at the
 * most. */
#include "connection.h"

/* What a client may do, and what the server may do with a right answer meanwhile. */
typedef enum event_t {
    NO_TOKEN,
    TYPE1,
    GARBAGE,
    RIGHT,
    WRONG,   /* by another password */
    FOREIGN, /* right for somebody else's challenge */
    LATE,    /* right, but the challenge has expired */
    AGAIN,   /* right; a key from memory does not fit, the one behind it does */
    MAIN_EVENTS,
    IN_VAIN = MAIN_EVENTS, /* likewise, but that one does not fit either */
    LET_DOWN,              /* right; a key is tried, and then the accounts cannot be asked */
    TRIED,                 /* right, and the first key that is tried fits */
    OLDER,                 /* right for the challenge before the last one */
    EVENTS
} event_t;

enum { DEPTH = 6 };

/* What must hold whatever comes, kept beside the acceptor. */
typedef struct model_t {
    bool outstanding, proven, spent;
} model_t;

/* The answers of a client to one challenge: by its password, and by another. */
typedef struct answers_t {
    uint8_t right_bytes[CLIENT_MESSAGE_MAX], wrong_bytes[CLIENT_MESSAGE_MAX];
    bytes_t right, wrong;
    int64_t issued; /* when the challenge was */
} answers_t;

/* All of a conversation; what is tried next begins with a copy of it. */
typedef struct play_t {
    connection_t connection;
    model_t model;
    const answers_t *last, *older;
} play_t;

static play_t now; /* in one place: the acceptor points into it */
static answers_t foreign, answers[DEPTH];
static long steps, proofs;

static void make_answers(const connection_t *c, answers_t *made)
{
    const bytes_t type1 = {c->type1, c->type1_len}, type2 = {c->type2, c->type2_len};
    client_t wrong = alice;
    wrong.nt_hash[5] ^= 0x80;
    made->right = client_type3(&alice, type1, type2, made->right_bytes);
    made->wrong = client_type3(&wrong, type1, type2, made->wrong_bytes);
}

static bytes_t token_of(event_t event)
{
    if (event == GARBAGE) return (bytes_t){(const uint8_t *)"", 1};
    if (event == WRONG) return now.last->wrong;
    if (event == FOREIGN) return foreign.right;
    return event == OLDER ? now.older->right : now.last->right;
}

/* A key that does not fit leaves the claim open; what was decided cannot be tried again. */
static ntlm_status_t try_then(ntlm_status_t (*decide)(connection_t *, const ntlm_key_t *),
                              const ntlm_key_t *next)
{
    connection_t *c = &now.connection;
    const ntlm_key_t old = {.nt_hash = {9}, .state = NTLM_OK};
    assert_int_equal(ntlm_try(&c->acceptor, &policy, &c->claim, &old), NTLM_NEED_KEY);
    assert_int_equal(c->acceptor.state, NTLM_CLAIMED);
    assert_int_equal(ntlm_reply(&c->acceptor).len, 0);
    ntlm_status_t status = decide(c, next);
    assert_int_equal(ntlm_prove(&c->acceptor, &policy, &c->claim, &key), NTLM_NOT_EXPECTED);
    assert_int_equal(ntlm_try(&c->acceptor, &policy, &c->claim, &key), NTLM_NOT_EXPECTED);
    return status;
}

static ntlm_status_t by_proof(connection_t *c, const ntlm_key_t *next)
{
    return ntlm_prove(&c->acceptor, &policy, &c->claim, next);
}

static ntlm_status_t by_end_of_request(connection_t *c, const ntlm_key_t *next)
{
    (void)next;
    ntlm_forget(&c->acceptor);
    return NTLM_BACKEND_DOWN;
}

static ntlm_status_t decide(event_t event)
{
    connection_t *c = &now.connection;
    const ntlm_key_t other = {.nt_hash = {8}, .state = NTLM_OK};
    switch (event) {
    case TRIED: return ntlm_try(&c->acceptor, &policy, &c->claim, &key);
    case AGAIN: return try_then(by_proof, &key);
    case IN_VAIN: return try_then(by_proof, &other);
    case LET_DOWN: return try_then(by_end_of_request, NULL);
    default: return ntlm_prove(&c->acceptor, &policy, &c->claim, &key);
    }
}

static ntlm_status_t play(event_t event, int depth)
{
    connection_t *c = &now.connection;
    if (event == NO_TOKEN) {
        assert_int_equal(ntlm_no_token(&c->acceptor), now.model.proven);
        return NTLM_NO_CREDENTIALS;
    }
    if (event == TYPE1) {
        answers[depth].issued = c->now;
        ntlm_status_t status = send_type1(c, CLIENT_FLAGS);
        make_answers(c, &answers[depth]);
        now.older = now.last;
        now.last = &answers[depth];
        return status;
    }
    if (event == LATE) {
        c->now += LIFETIME + 1;
        c->ticks += LIFETIME + 1;
    }
    ntlm_status_t status = send_token(c, token_of(event));
    return status == NTLM_NEED_KEY ? decide(event) : status;
}

/* An answer to another challenge is told by its time; if that is the same, by its proof. */
static ntlm_status_t out_of_place(const answers_t *answer)
{
    return answer->issued == now.last->issued ? NTLM_WRONG_PASSWORD : NTLM_STALE_CHALLENGE;
}

/* Which outcome this event must have. */
static ntlm_status_t expected(const model_t *model, event_t event)
{
    static const ntlm_status_t when_outstanding[EVENTS] = {
        [RIGHT] = NTLM_OK,
        [WRONG] = NTLM_WRONG_PASSWORD,
        [LATE] = NTLM_CHALLENGE_EXPIRED,
        [TRIED] = NTLM_OK,
        [AGAIN] = NTLM_OK,
        [IN_VAIN] = NTLM_WRONG_PASSWORD,
        [LET_DOWN] = NTLM_BACKEND_DOWN,
    };
    if (event == NO_TOKEN) return NTLM_NO_CREDENTIALS;
    if (event == TYPE1) return NTLM_CHALLENGE_SENT;
    if (event == GARBAGE) return NTLM_MALFORMED;
    if (!model->outstanding) return model->spent ? NTLM_REPLAYED : NTLM_NOT_EXPECTED;
    if (event == FOREIGN) return out_of_place(&foreign);
    return event == OLDER ? out_of_place(now.older) : when_outstanding[event];
}

static bool is_zero(const void *memory, size_t size)
{
    return bytes_are_zero((bytes_t){memory, size});
}

/* Nothing of a challenge that is over is left, nor of the keys that were tried. */
static void expect_wiped(const connection_t *c, bool outstanding)
{
    const ntlm_handshake_t *current = outstanding ? c->acceptor.handshake : NULL;
    for (int i = 0; i < 2; i++)
        if (&c->room[i] != current) assert_true(is_zero(c->messages[i], sizeof c->messages[i]));
    assert_true(is_zero(c->claim.ntowfv2, NTLM_KEY_LEN));
    assert_true(is_zero(c->claim.session_base_key, NTLM_KEY_LEN));
}

static void step(event_t event, int depth)
{
    model_t *model = &now.model;
    const connection_t *c = &now.connection;
    const ntlm_status_t wanted = expected(model, event);
    assert_int_equal(play(event, depth), wanted);
    if (model->outstanding && event >= RIGHT) model->spent = true;
    model->proven = wanted == NTLM_OK || (event == NO_TOKEN && model->proven);
    model->outstanding = event == TYPE1;
    assert_int_equal(c->acceptor.state == NTLM_PROVEN, model->proven);
    assert_int_equal(c->acceptor.state == NTLM_CHALLENGED, model->outstanding);
    assert_int_equal(c->acceptor.state == NTLM_FRESH, !model->proven && !model->outstanding);
    assert_int_equal(c->acceptor.handshake != NULL, model->outstanding);
    assert_int_equal(ntlm_reply(&c->acceptor).len > 0, model->outstanding);
    expect_wiped(c, model->outstanding);
    steps++;
    proofs += wanted == NTLM_OK;
}

static void walk(event_t events, int depth, int most)
{
    const play_t before = now;
    for (event_t event = NO_TOKEN; event < events; event++) {
        step(event, depth);
        if (depth + 1 < most) walk(events, depth + 1, most);
        now = before;
    }
}

/* NTLM_UNIT_SHORT says how many events are enough: valgrind is slow, and so is every day. */
static int within_patience(int most)
{
    const char *enough = getenv("NTLM_UNIT_SHORT");
    const int events = enough ? atoi(enough) : most;
    return events > 0 && events < most ? events : most;
}

static void walk_all(event_t events, int most)
{
    connection_t *other = connect_client();
    assert_int_equal(send_type1(other, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    make_answers(other, &foreign);
    foreign.issued = NOW; /* the very moment of the first challenge here */
    now = (play_t){.connection = {.now = NOW, .ticks = TICKS}, .last = &foreign, .older = &foreign};
    steps = proofs = 0;
    walk(events, 0, within_patience(most));
    print_message("# %ld events, of them %ld logins\n", steps, proofs);
    assert_true(proofs > 0);
}

static void of_six_events_only_the_last_unspent_challenge_proves_and_once(void **state)
{
    (void)state;
    walk_all(MAIN_EVENTS, DEPTH);
}

static void of_five_events_with_keys_that_are_tried_likewise(void **state)
{
    (void)state;
    walk_all(EVENTS, DEPTH - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(of_six_events_only_the_last_unspent_challenge_proves_and_once),
        TEST(of_five_events_with_keys_that_are_tried_likewise),
    };
    return RUN_GROUP(tests);
}
