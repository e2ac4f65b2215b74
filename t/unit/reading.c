/* Recordings of every kind are read by what they hold, whatever they are called. */
#include "recorded.h"

static void a_trace_is_read_line_by_line(void **state)
{
    (void)state;
    assert_kinds("* Trying\n" LOGIN "< HTTP/1.1 200 OK\n", "NCA");
    assert_string_equal(recording.format, "trace");
    assert_where(0, "line 2, Authorization");
    assert_where(1, "line 3, WWW-Authenticate");
}

static void messages_by_themselves_are_read(void **state)
{
    (void)state;
    assert_kinds(TYPE1 "\n" TYPE2 "\n" TYPE3 "\n", "NCA");
    assert_where(2, "line 3");
}

static void a_har_is_told_by_what_is_in_it(void **state)
{
    (void)state;
    assert_kinds("\n {\"log\": {\"entries\": [{\"request\": {\"headers\": [{\"name\": "
                 "\"Authorization\", \"value\": \"NTLM " TYPE1 "\"}]}}]}}",
                 "N");
    assert_string_equal(recording.format, "HAR");
}

static void json_of_others_is_a_trace(void **state)
{
    (void)state;
    assert_kinds("{\"Authorization\": \"NTLM " TYPE1 "\"}", "N");
    assert_string_equal(recording.format, "trace");
    assert_kinds("{'Authorization': 'NTLM " TYPE1 "'}\n" GOT TYPE2, "NC");
}

static void a_text_without_a_message_has_a_hint(void **state)
{
    (void)state;
    assert_kinds("", "");
    assert_null(recording.hint);
    assert_kinds("NTLM TlRM\n", "");
    assert_non_null(recording.hint);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trace_is_read_line_by_line),
        cmocka_unit_test(messages_by_themselves_are_read),
        cmocka_unit_test(a_har_is_told_by_what_is_in_it),
        cmocka_unit_test(json_of_others_is_a_trace),
        cmocka_unit_test(a_text_without_a_message_has_a_hint),
    };
    return RUN_GROUP_AND(tests, forget_recording);
}
