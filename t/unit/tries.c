/* How often a controller may be asked about an account, by several processes. */
#include "folder.h"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "../../lib/creds/verify/tries.h"
#include "../../lib/system/clock.h"
#include "../../lib/system/retained.h"

/* The clock of this program. */
static time_t ahead;

int clock_gettime(clockid_t clock, struct timespec *now)
{
    const int error = (int)syscall(SYS_clock_gettime, clock, now);
    now->tv_sec += ahead;
    return error;
}

static tries_t *opened(unsigned wrong, int seconds)
{
    static int count;
    tries_t *tries = NULL;
    const tries_limit_t limit = {wrong, apr_time_from_sec(seconds)};
    assert_null(tries_open(pool, apr_psprintf(pool, "source %d", count++), limit, &tries));
    return tries;
}

static tries_who_t who(const char *account, const char *address)
{
    tries_who_t made = {{0}, {0}};
    apr_cpystrn((char *)made.account, account, TRIES_KEY_LEN);
    apr_cpystrn((char *)made.address, address, TRIES_KEY_LEN);
    return made;
}

static int looks, looks_most; /* 0: any number */

static bool until_then(void *unused)
{
    (void)unused;
    return ++looks != looks_most;
}

static tries_answer_t begin_at(tries_t *tries, const tries_who_t *asker, apr_time_t deadline,
                               tries_turn_t *turn)
{
    looks = 0;
    int retry_after = 0;
    const tries_wait_t wait = {.until = deadline, .may_go_on = until_then};
    const tries_answer_t answer = tries_begin(tries, asker, &wait, turn, &retry_after);
    assert_int_equal(answer == TRIES_SPENT, retry_after > 0);
    return answer;
}

static tries_answer_t begin(tries_t *tries, const char *account, tries_turn_t *turn)
{
    const tries_who_t asker = who(account, "here");
    return begin_at(tries, &asker, clock_ticks(), turn);
}

static void assert_one(tries_t *tries, const char *account, tries_outcome_t outcome)
{
    tries_turn_t turn;
    assert_int_equal(begin(tries, account, &turn), TRIES_ASK);
    tries_end(tries, &turn, outcome);
}

static void after_some_wrong_ones_it_is_spared(void **state)
{
    (void)state;
    tries_t *tries = opened(3, 1800);
    tries_turn_t turn;
    for (int i = 0; i < 3; i++) assert_one(tries, "alice", TRIES_WRONG);
    assert_int_equal(begin(tries, "alice", &turn), TRIES_SPENT);
    assert_one(tries, "bob", TRIES_WRONG);
}

static void a_right_one_begins_anew_and_an_undecided_one_gives_back(void **state)
{
    (void)state;
    tries_t *tries = opened(2, 1800);
    tries_turn_t turn;
    for (int i = 0; i < 5; i++) assert_one(tries, "alice", TRIES_UNDECIDED);
    for (int i = 0; i < 5; i++) {
        assert_one(tries, "alice", TRIES_WRONG);
        assert_one(tries, "alice", TRIES_RIGHT);
    }
    assert_one(tries, "alice", TRIES_WRONG);
    assert_one(tries, "alice", TRIES_UNDECIDED);
    assert_one(tries, "alice", TRIES_WRONG);
    assert_int_equal(begin(tries, "alice", &turn), TRIES_SPENT);
}

static void one_at_a_time_is_asked_about_an_account(void **state)
{
    (void)state;
    tries_t *tries = opened(9, 1800);
    tries_turn_t first, second, other;
    assert_int_equal(begin(tries, "alice", &first), TRIES_ASK);
    assert_int_equal(begin(tries, "alice", &second), TRIES_TOO_LONG);
    assert_int_equal(begin(tries, "bob", &other), TRIES_ASK);
    tries_end(tries, &first, TRIES_WRONG);
    assert_int_equal(begin(tries, "alice", &second), TRIES_ASK);
    tries_end(tries, &first, TRIES_RIGHT); /* it is over: another's turn is left alone */
    assert_int_equal(begin(tries, "alice", &first), TRIES_TOO_LONG);
}

static tries_answer_t begin_and_wait(tries_t *tries, tries_turn_t *turn)
{
    const tries_who_t asker = who("alice", "here");
    return begin_at(tries, &asker, clock_ticks() + apr_time_from_sec(3600), turn);
}

static void nobody_waits_for_one_that_is_late(void **state)
{
    (void)state;
    tries_t *tries = opened(9, 1800);
    tries_turn_t first, second;
    assert_int_equal(begin(tries, "alice", &first), TRIES_ASK);
    tries_late(tries, &first);
    assert_int_equal(begin_and_wait(tries, &second), TRIES_ASK);
    assert_int_equal(looks, 0);
    tries_late(tries, &first); /* it is over: another's turn is left alone */
    tries_end(tries, &first, TRIES_WRONG);
    looks_most = 3;
    assert_int_equal(begin_and_wait(tries, &first), TRIES_TOO_LONG);
    assert_int_equal(looks, 3);
    looks_most = 0;
}

static void what_is_late_counts_until_it_is_answered(void **state)
{
    (void)state;
    tries_t *tries = opened(3, 1800);
    tries_turn_t late[3], turn;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(begin(tries, "alice", &late[i]), TRIES_ASK);
        tries_late(tries, &late[i]);
    }
    assert_int_equal(begin_and_wait(tries, &turn), TRIES_TOO_LONG); /* none of them was wrong yet */
    assert_int_equal(looks, 0);
    tries_end(tries, &late[1], TRIES_UNDECIDED);
    assert_one(tries, "alice", TRIES_WRONG);
    assert_int_equal(begin(tries, "alice", &turn), TRIES_TOO_LONG);
    tries_end(tries, &late[2], TRIES_RIGHT); /* others were asked since then: it is given back */
    assert_one(tries, "alice", TRIES_WRONG);
    tries_end(tries, &late[0], TRIES_WRONG);
    assert_int_equal(begin(tries, "alice", &turn), TRIES_SPENT);
}

static void what_is_late_and_wrong_counts_after_a_right_one_too(void **state)
{
    (void)state;
    tries_t *tries = opened(2, 1800);
    tries_turn_t wrong, undecided, turn;
    assert_int_equal(begin(tries, "alice", &wrong), TRIES_ASK);
    tries_late(tries, &wrong);
    assert_one(tries, "alice", TRIES_RIGHT);
    assert_int_equal(begin(tries, "alice", &undecided), TRIES_ASK);
    tries_late(tries, &undecided);
    assert_one(tries, "alice", TRIES_RIGHT);
    assert_one(tries, "alice", TRIES_WRONG);
    tries_end(tries, &undecided, TRIES_UNDECIDED); /* it was not in that count */
    tries_end(tries, &wrong, TRIES_WRONG);
    assert_int_equal(begin(tries, "alice", &turn), TRIES_SPENT);
}

static void without_a_limit_none_is_spared(void **state)
{
    (void)state;
    tries_t *tries = opened(0, 0);
    for (int i = 0; i < 50; i++) assert_one(tries, "alice", TRIES_WRONG);
}

static void the_time_ends_it(void **state)
{
    (void)state;
    tries_t *tries = NULL;
    tries_turn_t turn;
    assert_null(tries_open(pool, "short", (tries_limit_t){1, 1}, &tries)); /* a microsecond */
    assert_one(tries, "alice", TRIES_WRONG);
    const apr_time_t until = clock_ticks() + 2;
    while (clock_ticks() < until) {
    }
    assert_int_equal(begin(tries, "alice", &turn), TRIES_ASK);
}

/* A controller counts those that lie closer to the one before than some time, however long ago the
 * first was. */
static void the_time_is_since_the_last_one(void **state)
{
    (void)state;
    tries_t *tries = opened(3, 60);
    tries_turn_t turn;
    assert_one(tries, "alice", TRIES_WRONG);
    ahead += 59;
    assert_one(tries, "alice", TRIES_WRONG);
    ahead += 59;
    assert_one(tries, "alice", TRIES_WRONG);
    ahead += 59;
    assert_int_equal(begin(tries, "alice", &turn), TRIES_SPENT);
    ahead += 1;
    for (int i = 0; i < 3; i++) assert_one(tries, "alice", TRIES_WRONG);
    assert_int_equal(begin(tries, "alice", &turn), TRIES_SPENT);
}

/* Runs it in a child that ends without any cleanup. */
static pid_t in_child(tries_t *tries, void (*run)(tries_t *tries))
{
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        run(tries);
        _exit(0);
    }
    return child;
}

static void begin_and_die(tries_t *tries)
{
    tries_turn_t turn;
    (void)begin(tries, "alice", &turn);
}

static void who_dies_while_asking_has_asked_a_wrong_one(void **state)
{
    (void)state;
    tries_t *tries = opened(1, 1800);
    tries_turn_t turn;
    waitpid(in_child(tries, begin_and_die), NULL, 0);
    assert_int_equal(begin(tries, "alice", &turn), TRIES_SPENT);
}

static void begin_and_stay(tries_t *tries)
{
    begin_and_die(tries);
    file_with("begun", "", 0600);
    while (access(path_of("seen"), F_OK) != 0) apr_sleep(1000);
}

/* Another process may have got the number of one that has died. */
static void who_asks_for_longer_than_anybody_waits_is_taken_for_dead(void **state)
{
    (void)state;
    tries_t *tries = opened(2, 1800);
    tries_turn_t turn;
    const pid_t child = in_child(tries, begin_and_stay);
    while (access(path_of("begun"), F_OK) != 0) apr_sleep(1000);
    assert_int_equal(begin(tries, "alice", &turn), TRIES_TOO_LONG);
    ahead += 600;
    assert_one(tries, "alice", TRIES_WRONG);
    assert_int_equal(begin(tries, "alice", &turn), TRIES_SPENT);
    file_with("seen", "", 0600);
    waitpid(child, NULL, 0);
}

static void guess(tries_t *tries)
{
    const tries_who_t asker = who("alice", "child");
    tries_turn_t turn;
    if (begin_at(tries, &asker, clock_ticks() + apr_time_from_sec(60), &turn) != TRIES_ASK) return;
    apr_sleep(2000);
    tries_end(tries, &turn, TRIES_WRONG);
}

static void a_burst_of_many_processes_never_asks_more(void **state)
{
    (void)state;
    tries_t *tries = opened(3, 1800);
    tries_turn_t turn;
    pid_t children[20];
    for (int i = 0; i < 20; i++) children[i] = in_child(tries, guess);
    for (int i = 0; i < 20; i++) waitpid(children[i], NULL, 0);
    for (int i = 0; i < 3 && begin(tries, "alice", &turn) == TRIES_ASK; i++)
        tries_end(tries, &turn, TRIES_WRONG);
    assert_int_equal(begin(tries, "alice", &turn), TRIES_SPENT);
}

/* Of the same address as one that waits, or of another. */
static const char *wrong_one;

static void be_wrong(tries_t *tries)
{
    const tries_who_t asker = who("alice", wrong_one);
    tries_turn_t turn;
    if (begin_at(tries, &asker, clock_ticks(), &turn) != TRIES_ASK) _exit(1);
    file_with("begun", "", 0600);
    while (access(path_of("waiting"), F_OK) != 0) apr_sleep(1000);
    apr_sleep(50000);
    tries_end(tries, &turn, TRIES_WRONG);
}

static tries_answer_t behind(const char *address)
{
    tries_t *tries = opened(9, 1800);
    tries_turn_t turn;
    const tries_who_t asker = who("alice", "here");
    unlink(path_of("begun"));
    unlink(path_of("waiting"));
    wrong_one = address;
    const pid_t child = in_child(tries, be_wrong);
    while (access(path_of("begun"), F_OK) != 0) apr_sleep(1000);
    file_with("waiting", "", 0600);
    const tries_answer_t answer =
        begin_at(tries, &asker, clock_ticks() + apr_time_from_sec(60), &turn);
    waitpid(child, NULL, 0);
    return answer;
}

static void behind_a_wrong_one_from_its_address_it_is_not_asked(void **state)
{
    (void)state;
    assert_int_equal(behind("here"), TRIES_WRONG_BEFORE);
    assert_int_equal(behind("there"), TRIES_ASK);
}

/* As one configuration after the other, which end with their pools. */
static tries_t *reopened(apr_pool_t *configuration, tries_limit_t limit)
{
    tries_t *tries = NULL;
    assert_null(tries_open(configuration, "kept", limit, &tries));
    return tries;
}

static void a_restart_keeps_the_count(void **state)
{
    (void)state;
    const tries_limit_t limit = {1, apr_time_from_sec(1800)};
    apr_pool_t *configuration;
    tries_turn_t turn;
    apr_pool_create(&configuration, pool);
    assert_one(reopened(configuration, limit), "alice", TRIES_WRONG);
    retained_sweep(configuration);
    apr_pool_clear(configuration);
    assert_int_equal(begin(reopened(configuration, limit), "alice", &turn), TRIES_SPENT);
    apr_pool_destroy(configuration);
    retained_sweep(pool);
}

static void all_of_one_controller_count_together(void **state)
{
    (void)state;
    const tries_limit_t limits[] = {{2, apr_time_from_sec(1800)}, {3, apr_time_from_sec(60)}, {0}};
    tries_t *tries[3];
    tries_turn_t turn;
    for (int i = 0; i < 3; i++) tries[i] = reopened(pool, limits[i]);
    for (int i = 0; i < 2; i++) assert_one(tries[i], "bob", TRIES_WRONG);
    assert_int_equal(begin(tries[0], "bob", &turn), TRIES_SPENT);
    assert_one(tries[2], "bob", TRIES_WRONG);
    assert_int_equal(begin(tries[1], "bob", &turn), TRIES_SPENT);
    assert_int_equal(begin(tries[0], "bob", &turn), TRIES_SPENT);
    retained_sweep(pool);
}

static void those_that_failed_most_are_forgotten_last(void **state)
{
    (void)state;
    tries_t *tries = opened(2, 1800);
    tries_turn_t turn;
    for (int i = 0; i < 2; i++) assert_one(tries, "alice", TRIES_WRONG);
    for (int i = 0; i < 40000; i++) assert_one(tries, apr_psprintf(pool, "n%d", i), TRIES_WRONG);
    assert_int_equal(begin(tries, "alice", &turn), TRIES_SPENT);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_some_wrong_ones_it_is_spared),
        cmocka_unit_test(a_right_one_begins_anew_and_an_undecided_one_gives_back),
        cmocka_unit_test(one_at_a_time_is_asked_about_an_account),
        cmocka_unit_test(nobody_waits_for_one_that_is_late),
        cmocka_unit_test(what_is_late_counts_until_it_is_answered),
        cmocka_unit_test(what_is_late_and_wrong_counts_after_a_right_one_too),
        cmocka_unit_test(without_a_limit_none_is_spared),
        cmocka_unit_test(the_time_ends_it),
        cmocka_unit_test(the_time_is_since_the_last_one),
        cmocka_unit_test(who_asks_for_longer_than_anybody_waits_is_taken_for_dead),
        cmocka_unit_test(who_dies_while_asking_has_asked_a_wrong_one),
        cmocka_unit_test(a_burst_of_many_processes_never_asks_more),
        cmocka_unit_test(behind_a_wrong_one_from_its_address_it_is_not_asked),
        cmocka_unit_test(a_restart_keeps_the_count),
        cmocka_unit_test(all_of_one_controller_count_together),
        cmocka_unit_test(those_that_failed_most_are_forgotten_last),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
