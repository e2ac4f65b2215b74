/* A HAR has its messages in headers, the JSON of a bench in base64; other JSON has none. */
#include "recorded.h"

#include "../../lib/explain/recording/recorded_json.h"

/* With ' for ". */
static bool read_json(const char *text)
{
    char json[1024];
    assert_true(strlen(text) < sizeof json);
    strcpy(json, text);
    for (char *c = json; *c; c++)
        if (*c == '\'') *c = '"';
    recording_free(&recording);
    return recorded_json(&recording, bytes_of(json));
}

static void the_headers_of_a_har_are_read_in_their_order(void **state)
{
    (void)state;
    static const char har[] =
        "{'log': {'version': '1.2', 'entries': ["
        "{'connection': '7', "
        "'request': {'url': 'https://a/', "
        "'headers': [{'name': 'authorization', 'value': 'NTLM " TYPE1 "'}]}, "
        "'response': {'headers': [{'name': 'WWW-Authenticate', 'value': 'Negotiate\\nNTLM " TYPE2
        "'}]}}, "
        "{'request': {'headers': [{'name': 'Proxy-Authorization', 'value': 'NTLM " TYPE3 "'}]}}]}}";
    assert_true(read_json(har));
    assert_string_equal(kinds(), "NCA");
    assert_where(1, "entry 1, WWW-Authenticate");
    assert_where(2, "entry 2, Proxy-Authorization");
    assert_bytes(recording.list[0].connection, "37");
    assert_true(recording.list[0].tls);
    assert_false(recording.list[2].tls);
    assert_true(recording.list[2].proxy);
    assert_int_equal(recording.list[2].connection.len, 0);
}

static void every_answer_of_a_har_counts(void **state)
{
    (void)state;
    static const char har[] = "{'log': {'entries': [{'request': {'headers': [{'name': "
                              "'Authorization', 'value': 'NTLM TlRM\\u0000+'}]}}]}}";
    assert_true(read_json(har));
    assert_string_equal(kinds(), "A");
    assert_int_equal(recording.list[0].value.len, strlen("NTLM TlRM") + 2);
}

static void the_json_of_a_bench_names_its_messages(void **state)
{
    (void)state;
    assert_true(read_json("{'messages': {'type3': '" TYPE3 "', 'type1': '" TYPE1
                          "', 'type2': '" TYPE2 "'}}"));
    assert_string_equal(kinds(), "NCA");
    assert_where(2, "messages.type3");
    assert_string_equal(recording.format, "bench");
    assert_true(read_json("{'messages': {'type1': null, 'type3': 'AAAA'}}"));
    assert_string_equal(kinds(), "A");
    assert_bytes(recording.list[0].message, "000000");
    assert_true(read_json("{'messages': {'type1': 'AAA', 'type2': '', 'type3': 'AAA'}}"));
    assert_string_equal(kinds(), "--A");
    for (size_t i = 0; i < recording.count; i++) assert_non_null(recording.list[i].why);
}

static void what_a_bench_knows_of_a_login_is_taken(void **state)
{
    (void)state;
    static const char json[] =
        "{'scheme': 'https', 'proxy': false, 'cut': false, 'messages': {'type1': '" TYPE1
        "', 'type2': '" TYPE2 "', 'type3': '" TYPE3 "'}, 'legs': [{'request': {}}, {'request': "
        "{'headers': [{'name': 'Host', 'value': 'a'}, {'name': 'authorization', 'value': 'ntlm x'}]"
        "}}]}";
    assert_true(read_json(json));
    assert_string_equal(kinds(), "NCA");
    assert_true(recording.list[2].tls);
    assert_int_equal(recording.list[0].value.len, 0);
    assert_int_equal(recording.list[2].value.len, strlen("ntlm x"));
}

static void a_header_that_is_no_message_is_the_answer(void **state)
{
    (void)state;
    static const char json[] =
        "{'proxy': true, 'messages': {'type1': '" TYPE1 "', 'type2': '" TYPE2
        "', 'type3': null}, 'legs': [{}, {'request': {'headers': [{'name': 'Proxy-Authorization', "
        "'value': 'NTLM +'}]}}]}";
    assert_true(read_json(json));
    assert_string_equal(kinds(), "NCA");
    assert_where(2, "leg 2, Proxy-Authorization");
    assert_true(recording.list[1].proxy);
}

static void a_challenge_that_nobody_answered_has_no_answer(void **state)
{
    (void)state;
    static const char json[] =
        "{'messages': {'type1': '" TYPE1 "', 'type2': '" TYPE2 "', 'type3': null}, 'legs': "
        "[{'request': {'headers': [{'name': 'Authorization', 'value': 'NTLM " TYPE1 "'}]}}]}";
    assert_true(read_json(json));
    recording_end(&recording);
    assert_string_equal(kinds(), "NC");
}

static void what_a_bench_has_cut_is_no_answer(void **state)
{
    (void)state;
    static const char json[] =
        "{'cut': true, 'messages': {'type2': '" TYPE2 "', 'type3': '" TYPE3 "'}, 'legs': "
        "[{'request': {'headers': [{'name': 'Authorization', 'value': 'NTLM " TYPE3 "'}]}}]}";
    assert_true(read_json(json));
    recording_end(&recording);
    assert_string_equal(kinds(), "C-");
    assert_non_null(strstr(recording.list[1].why, "cut"));
    assert_true(read_json("{'cut': true, 'messages': {'type3': null}}"));
    assert_string_equal(kinds(), "-");
    assert_true(read_json("{'log': {'entries': [{'_ntlm': {'cut': true}, 'request': {'headers': [{"
                          "'name': 'Authorization', 'value': 'NTLM " TYPE3 "'}]}}]}}"));
    assert_string_equal(kinds(), "-");
    assert_where(0, "entry 1");
}

static void other_json_is_not_read(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "{",
                                        "[]",
                                        "1",
                                        "{}",
                                        "{'log': []}",
                                        "{'log': {'entries': {}}}",
                                        "{'messages': '" TYPE1 "'}",
                                        "{'log': {'entries': []}} x"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (read_json(texts[i])) fail_msg("read: %s", texts[i]);
}

static void members_of_another_kind_hold_nothing(void **state)
{
    (void)state;
    static const char *const entries[] = {
        "null", "{}", "{'request': []}", "{'request': {'headers': {}}}",
        "{'request': {'headers': [null, {}, {'name': 1}, {'name': 'Authorization'}]}}"};
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        char text[160];
        snprintf(text, sizeof text, "{'log': {'entries': [%s]}}", entries[i]);
        assert_true(read_json(text));
        assert_string_equal(kinds(), "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_headers_of_a_har_are_read_in_their_order),
        cmocka_unit_test(every_answer_of_a_har_counts),
        cmocka_unit_test(the_json_of_a_bench_names_its_messages),
        cmocka_unit_test(what_a_bench_knows_of_a_login_is_taken),
        cmocka_unit_test(a_header_that_is_no_message_is_the_answer),
        cmocka_unit_test(a_challenge_that_nobody_answered_has_no_answer),
        cmocka_unit_test(what_a_bench_has_cut_is_no_answer),
        cmocka_unit_test(other_json_is_not_read),
        cmocka_unit_test(members_of_another_kind_hold_nothing),
    };
    return RUN_GROUP_AND(tests, forget_recording);
}
