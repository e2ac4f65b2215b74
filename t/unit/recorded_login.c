/* Which Type 1 and which Type 2 a Type 3 belongs to. */
#include "recorded.h"

#include "../../lib/explain/recording/recorded_login.h"

#define PROXY_SENT "> Proxy-Authorization: NTLM "
#define PROXY_GOT "< Proxy-Authenticate: NTLM "

static size_t place_of(const recorded_t *recorded)
{
    return recorded ? recorded->place : 0;
}

/* 0: there is none. */
static void assert_login(size_t number, size_t type1, size_t type2, size_t type3)
{
    const recorded_login_t login = recorded_login(&recording, number);
    assert_int_equal(login.number, number);
    assert_int_equal(place_of(login.type1), type1);
    assert_int_equal(place_of(login.type2), type2);
    assert_int_equal(place_of(login.type3), type3);
}

static void each_answer_is_a_login(void **state)
{
    (void)state;
    recorded_text(LOGIN LOGIN);
    assert_int_equal(recorded_logins(&recording), 2);
    assert_login(1, 1, 2, 3);
    assert_login(2, 4, 5, 6);
    const recorded_login_t second = recorded_login(&recording, 2);
    assert_int_equal(second.count, 2);
    assert_true(recorded_is_of(&second, &recording.list[4]));
    assert_false(recorded_is_of(&second, &recording.list[1]));
}

static void a_recording_without_an_answer_has_no_login(void **state)
{
    (void)state;
    recorded_text(SENT TYPE1 "\n" GOT TYPE2 "\n");
    assert_int_equal(recorded_logins(&recording), 0);
}

static void the_last_challenge_counts(void **state)
{
    (void)state;
    recorded_text(SENT TYPE1 "\n" GOT TYPE2 "\n" SENT TYPE1 "\n" GOT TYPE2 "\n" SENT TYPE3
                             "\n" SENT TYPE3 "\n");
    assert_login(1, 3, 4, 5);
    assert_login(2, 3, 4, 6);
}

static void a_type_1_of_an_older_challenge_does_not_count(void **state)
{
    (void)state;
    recorded_text(LOGIN GOT TYPE2 "\n" SENT TYPE3 "\n");
    assert_login(2, 0, 4, 5);
    recorded_text(SENT TYPE3 "\n");
    assert_login(1, 0, 0, 1);
}

static void a_proxy_has_its_own_challenges(void **state)
{
    (void)state;
    recorded_text(PROXY_SENT TYPE1 "\n" SENT TYPE1 "\n" PROXY_GOT TYPE2 "\n" GOT TYPE2
                                   "\n" PROXY_SENT TYPE3 "\n");
    assert_login(1, 1, 3, 5);
    recorded_text(GOT TYPE2 "\n" PROXY_SENT TYPE3 "\n");
    assert_login(1, 0, 0, 2);
}

static void add(const char *connection, recorded_kind_t kind)
{
    const recorded_t one = {.kind = kind,
                            .place = recording.count + 1,
                            .connection = bytes_of(connection),
                            .message = bytes_none(),
                            .value = bytes_none()};
    recording_add(&recording, &one);
}

static void a_challenge_of_the_same_connection_comes_first(void **state)
{
    (void)state;
    recording_free(&recording);
    add("a", RECORDED_NEGOTIATE);
    add("b", RECORDED_NEGOTIATE);
    add("a", RECORDED_CHALLENGE);
    add("b", RECORDED_CHALLENGE);
    add("a", RECORDED_ANSWER);
    add("c", RECORDED_ANSWER);
    assert_login(1, 1, 3, 5);
    assert_login(2, 2, 4, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_answer_is_a_login),
        cmocka_unit_test(a_recording_without_an_answer_has_no_login),
        cmocka_unit_test(the_last_challenge_counts),
        cmocka_unit_test(a_type_1_of_an_older_challenge_does_not_count),
        cmocka_unit_test(a_proxy_has_its_own_challenges),
        cmocka_unit_test(a_challenge_of_the_same_connection_comes_first),
    };
    return RUN_GROUP_AND(tests, forget_recording);
}
