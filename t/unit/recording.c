/* What stands in a recording is a message of one side, an answer, or neither. */
#include "recorded.h"

static void a_message_is_of_the_side_that_has_sent_it(void **state)
{
    (void)state;
    assert_kinds(GOT TYPE3 "\n", "C");
    assert_kinds(SENT TYPE2 "\n", "A");
    assert_kinds(SENT TYPE1 "\n", "N");
}

static void what_cannot_be_decoded_is_an_answer_where_one_is_due(void **state)
{
    (void)state;
    assert_kinds(SENT "TlRM!\n", "A");
    assert_string_equal(recording.list[0].why, "it has a character that is not base64");
    assert_int_equal(recording.list[0].message.len, 0);
    assert_int_equal(recording.list[0].value.len, strlen("NTLM TlRM!"));
    assert_string_equal(recording.list[0].scheme, "NTLM");
    assert_kinds(GOT TYPE2 "\n> Authorization: " TYPE3 "\n", "CA");
    assert_null(recording.list[1].scheme);
    assert_kinds(GOT TYPE2 "\n> Proxy-Authorization: " TYPE3 "\n" SENT TYPE3 "\n", "C-A");
    assert_kinds("> Authorization: Negotiate YAsGCSqGSIb3EgECAg==\n", "-");
    assert_kinds(GOT "TlRM!\n", "-");
}

static void a_client_s_header_is_read_as_a_server_reads_it(void **state)
{
    (void)state;
    assert_kinds(GOT TYPE2 "\n> Authorization: NTLM\t" TYPE3 "\n", "CA");
    assert_string_equal(recording.list[1].why, "the header is not a scheme, a blank and base64");
    assert_kinds(GOT TYPE2 "\n" SENT TYPE3 " x\n", "CA");
    assert_non_null(recording.list[1].why);
    assert_kinds(GOT TYPE2 "\n" SENT " " TYPE3 "\n", "CA");
    assert_null(recording.list[1].why);
    assert_kinds(GOT TYPE2 "\n" SENT TYPE3 ", NTLM " TYPE3 "\n", "CA-");
    assert_non_null(recording.list[1].why);
    assert_kinds("> WWW-Authenticate: Negotiate, NTLM " TYPE2 ", Basic realm=\"a\"\n", "C");
}

static void a_server_takes_bytes_under_ntlm_as_they_are(void **state)
{
    (void)state;
    assert_kinds(GOT TYPE2 "\n" SENT "AAAA\n", "CA");
    assert_bytes(recording.list[1].message, "000000");
    assert_non_null(recording.list[1].why);
    assert_kinds(GOT TYPE2 "\n" SENT "YAsGCSqGSIb3EgECAg==\n", "CA");
    assert_refusal(recording.list[1].why, "it is SPNEGO, under the name of NTLM");
    assert_int_equal(recording.list[1].message.len, 0);
    assert_kinds(GOT TYPE2 "\n> Authorization: Negotiate AAAA\n", "CA");
    assert_int_equal(recording.list[1].message.len, 0);
    assert_kinds(GOT "AAAA\n", "-");
}

static void a_type_1_behind_a_challenge_may_be_meant_to_answer(void **state)
{
    (void)state;
    assert_kinds(SENT TYPE1 "\n" GOT TYPE2 "\n" SENT TYPE1 "\n", "NCA");
    assert_kinds(SENT TYPE1 "\n" GOT TYPE2 "\n", "NC");
    assert_kinds(SENT TYPE1 "\n" GOT TYPE2 "\n" SENT TYPE1 "\n" GOT TYPE2 "\n" SENT TYPE3 "\n",
                 "NCNCA");
}

static void where_nothing_answers_a_header_without_our_schemes_may_be_meant(void **state)
{
    (void)state;
    assert_kinds("> Authorization: " TYPE1 "\n> Authorization: NTLM:" TYPE1 "\n", "-A");
    assert_kinds("> Authorization: Basic YTpi\n" LOGIN, "-NCA");
    assert_kinds("> Authorization: Basic YTpi\n" SENT TYPE1 "\n", "AN");
    assert_kinds("> Authorization: Negotiate YAsGCSqGSIb3EgECAg==\n> Authorization:\n", "--");
}

static void what_answers_nothing_does_not_answer_twice(void **state)
{
    (void)state;
    assert_kinds(LOGIN "> Authorization: Basic YTpi\n", "NCA-");
    assert_kinds(GOT TYPE2 "\n" GOT "TlRM!\n> Authorization: Basic YTpi\n", "C-A");
}

static void a_proxy_is_another_server(void **state)
{
    (void)state;
    recorded_text("> Proxy-Authorization: NTLM " TYPE1 "\n" SENT TYPE1 "\n" SENT TYPE1 "\n");
    const recorded_t *list = recording.list;
    assert_true(list[0].proxy);
    assert_false(list[1].proxy);
    assert_false(recorded_together(&list[0], &list[1]));
    assert_true(recorded_together(&list[1], &list[2]));
}

static void more_than_there_is_room_for_is_said(void **state)
{
    (void)state;
    const recorded_t one = {
        .message = bytes_of("abc"), .value = bytes_of("de"), .connection = bytes_none()};
    recording_free(&recording);
    for (size_t i = 0; i < RECORDED_MAX; i++) recording_add(&recording, &one);
    assert_false(recording.more);
    recording_add(&recording, &one);
    assert_true(recording.more);
    assert_int_equal(recording.count, RECORDED_MAX);
    assert_bytes(recording.list[RECORDED_MAX - 1].value, "6465");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_of_the_side_that_has_sent_it),
        cmocka_unit_test(what_cannot_be_decoded_is_an_answer_where_one_is_due),
        cmocka_unit_test(a_client_s_header_is_read_as_a_server_reads_it),
        cmocka_unit_test(a_server_takes_bytes_under_ntlm_as_they_are),
        cmocka_unit_test(a_type_1_behind_a_challenge_may_be_meant_to_answer),
        cmocka_unit_test(where_nothing_answers_a_header_without_our_schemes_may_be_meant),
        cmocka_unit_test(what_answers_nothing_does_not_answer_twice),
        cmocka_unit_test(a_proxy_is_another_server),
        cmocka_unit_test(more_than_there_is_room_for_is_said),
    };
    return RUN_GROUP_AND(tests, forget_recording);
}
