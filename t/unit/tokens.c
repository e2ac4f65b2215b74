/* Messages are found wherever people have them, and nothing else is. */
#include "unit.h"

#include "../../lib/explain/tokens.h"

#define TYPE1 "TlRMTVNTUAABAAAAB4IIAA=="
#define TYPE1_HEX "4e544c4d535350000100000007820800"
#define LONG_HEX TYPE1_HEX "00000000000000000000000000000000"

static tokens_t tokens;
static token_t token;

static void look_into(const char *text)
{
    tokens_over(&tokens, bytes_of(text));
}

static void assert_only_type1(const char *text)
{
    look_into(text);
    assert_true(tokens_next(&tokens, &token));
    assert_null(token.contents.why);
    assert_bytes(token.contents.message, TYPE1_HEX);
    assert_false(tokens_next(&tokens, &token));
}

static void a_token_by_itself_is_found(void **state)
{
    (void)state;
    assert_only_type1(TYPE1);
    assert_only_type1("\n  " TYPE1 "\r\n\n");
    assert_only_type1(TYPE1_HEX);
    assert_only_type1("4E 54 4C 4D 53 53 50 00 01 00 00 00 07 82 08 00");
    assert_only_type1("4e:54:4c:4d:53:53:50:00:01:00:00:00:07:82:08:00\n");
    assert_only_type1("NTLM " TYPE1);
    assert_only_type1("negotiate  " TYPE1);
}

static void header_lines_are_found(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "Authorization: NTLM " TYPE1,
        "authorization:ntlm " TYPE1 "\r\n",
        "> Proxy-Authorization: NTLM " TYPE1,
        "< WWW-Authenticate: Negotiate, NTLM " TYPE1 ", Basic realm=\"NTLM\"",
        "2026-11-21 04:00:00 [1] Proxy-Authenticate: Negotiate " TYPE1,
        "curl -H \"Authorization: NTLM " TYPE1 "\" http://localhost/",
        "{\"Authorization\": \"NTLM " TYPE1 "\"}",
        "send: b'GET / HTTP/1.1\\r\\nHost: a\\r\\nAuthorization: NTLM " TYPE1 "\\r\\n\\r\\n'\n",
        "FINE: 9 pairs: {GET / HTTP/1.1: null}{Authorization: NTLM " TYPE1 "}{Host: a}",
        "http-outgoing-0 >> \"Authorization: NTLM " TYPE1 "[\\r][\\n]\"",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) assert_only_type1(lines[i]);
}

static void the_header_the_scheme_and_the_line_are_told(void **state)
{
    (void)state;
    look_into("GET / HTTP/1.1\n> Proxy-Authorization: ntlm " TYPE1 "\n");
    assert_true(tokens_next(&tokens, &token));
    assert_int_equal(token.line, 2);
    assert_string_equal(token.header, "Proxy-Authorization");
    assert_string_equal(token.scheme, "NTLM");
}

static void lines_that_end_in_words_are_lines(void **state)
{
    (void)state;
    look_into("send: b'GET / HTTP/1.1\\r\\nProxy-Authorization: NTLM " TYPE1
              "\\r\\nAuthorization: NTLM " TYPE1 "\\r\\n\\r\\n'\n" TYPE1 "\n");
    assert_true(tokens_next(&tokens, &token));
    assert_string_equal(token.header, "Proxy-Authorization");
    assert_true(tokens_next(&tokens, &token));
    assert_string_equal(token.header, "Authorization");
    assert_int_equal(token.line, 1);
    assert_true(tokens_next(&tokens, &token));
    assert_null(token.header);
    assert_int_equal(token.line, 2);
    assert_false(tokens_next(&tokens, &token));
}

static void assert_value(const char *line, const char *value)
{
    look_into(line);
    tokens.every_answer = true;
    assert_true(tokens_next(&tokens, &token));
    if (token.value.len != strlen(value) || memcmp(token.value.data, value, token.value.len) != 0)
        fail_msg("%s: the value is \"%.*s\"", line, (int)token.value.len,
                 (const char *)token.value.data);
}

static void the_whole_value_of_a_header_is_told(void **state)
{
    (void)state;
    assert_value("> Authorization:  ntlm  " TYPE1 " x\r\n", "ntlm  " TYPE1 " x");
    assert_value("send: b'\\r\\nAuthorization: NTLM " TYPE1 "\\r\\nHost: a\\r\\n'", "NTLM " TYPE1);
    assert_value("curl -H 'Authorization: NTLM " TYPE1 "' http://a/", "NTLM " TYPE1);
    assert_value("{'Authorization': 'NTLM " TYPE1 "', 'Host': 'a'}", "NTLM " TYPE1);
    assert_value("Authorization: NTLM \"" TYPE1 "\"", "NTLM \"" TYPE1 "\"");
    assert_value("{Host: a}{Authorization: NTLM " TYPE1 "}{Accept: b}", "NTLM " TYPE1);
    assert_value("NTLM " TYPE1 "\n", "NTLM " TYPE1);
    assert_value(TYPE1, "");
}

static void a_header_by_itself_is_read(void **state)
{
    (void)state;
    const char *value = "Negotiate, NTLM " TYPE1 ", Basic realm=\"a\"";
    assert_true(tokens_over_header(&tokens, bytes_of("www-authenticate"), bytes_of(value)));
    assert_true(tokens_next(&tokens, &token));
    assert_string_equal(token.header, "WWW-Authenticate");
    assert_int_equal(token.value.len, strlen(value));
    assert_false(token.again);
    assert_false(tokens_next(&tokens, &token));
    assert_false(tokens_over_header(&tokens, bytes_of("X-Authorization"), bytes_of(value)));
    assert_false(tokens_over_header(&tokens, bytes_of("Authorizatio"), bytes_of(value)));
}

static void a_second_token_of_a_header_is_told(void **state)
{
    (void)state;
    look_into("Authorization: NTLM " TYPE1 ", NTLM " TYPE1 "\nAuthorization: NTLM " TYPE1 "\n");
    for (size_t i = 0; i < 3; i++) {
        assert_true(tokens_next(&tokens, &token));
        assert_int_equal(token.again, i == 1);
    }
    assert_false(tokens_next(&tokens, &token));
}

static void every_answer_is_told_to_those_who_want_it(void **state)
{
    (void)state;
    const char *text = "< WWW-Authenticate: NTLM\n> Authorization: TlRMTVNTUAAB\n"
                       "> Authorization: NTLM " TYPE1 "\n> Authorization:\n";
    look_into(text);
    tokens.every_answer = true;
    assert_true(tokens_next(&tokens, &token));
    assert_int_equal(token.line, 2);
    assert_null(token.scheme);
    assert_int_equal(token.value.len, 12);
    assert_refusal(token.contents.why, "it has no token of NTLM");
    assert_true(tokens_next(&tokens, &token));
    assert_int_equal(token.line, 3);
    assert_true(tokens_next(&tokens, &token));
    assert_int_equal(token.line, 4);
    assert_false(tokens_next(&tokens, &token));
}

static void other_text_is_skipped(void **state)
{
    (void)state;
    look_into("* NTLM auth restarted\n< WWW-Authenticate: NTLM\nAuthorization: Basic YWxpY2U6eA==\n"
              "X-Authorization: NTLM " TYPE1 "\nYou\nabcdef\n60\nNTLM picked\nAuthorization:\n");
    assert_false(tokens_next(&tokens, &token));
    look_into("");
    assert_false(tokens_next(&tokens, &token));
}

static void wrapped_tokens_are_joined(void **state)
{
    (void)state;
    look_into("4e544c4d535350000100000007820800\n00000000000000000000000000000000\n" TYPE1 "\n");
    assert_true(tokens_next(&tokens, &token));
    assert_bytes(token.contents.message, LONG_HEX);
    assert_true(tokens_next(&tokens, &token));
    assert_bytes(token.contents.message, TYPE1_HEX);
    assert_int_equal(token.line, 3);
}

static void messages_one_a_line_are_not_joined(void **state)
{
    (void)state;
    size_t count = 0;
    look_into(LONG_HEX "\n" LONG_HEX "\n" LONG_HEX);
    while (tokens_next(&tokens, &token)) {
        assert_bytes(token.contents.message, LONG_HEX);
        count++;
    }
    assert_int_equal(count, 3);
}

static void what_stands_in_the_place_of_a_message_is_told(void **state)
{
    (void)state;
    static const char *const lines[][2] = {
        {"Authorization: NTLM TlRMTVNTUAABAA",
         "the base64 is not padded with '=' to a multiple of 4"},
        {"Authorization: NTLM a-b", "it has a character that is not base64"},
        {"Authorization: Negotiate YAsGCSqGSIb3EgECAg==", "it is a Kerberos token"},
        {"TlRMTVNTUAABAA", "the base64 is not padded with '=' to a multiple of 4"},
        {"4e544c4d535350000", "it has an odd number of hex digits"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        look_into(lines[i][0]);
        assert_true(tokens_next(&tokens, &token));
        assert_int_equal(token.is_decoded, strstr(lines[i][1], "Kerberos") != NULL);
        assert_refusal(token.contents.why, lines[i][1]);
    }
}

static void a_token_of_more_than_64_kib_is_refused(void **state)
{
    (void)state;
    static char text[2 * TOKEN_MAX + 32] = TYPE1_HEX;
    memset(text + 32, '0', 2 * TOKEN_MAX - 32);
    look_into(text);
    assert_true(tokens_next(&tokens, &token));
    assert_int_equal(token.contents.message.len, TOKEN_MAX);
    memcpy(text + 2 * TOKEN_MAX, "00", 2);
    look_into(text);
    assert_true(tokens_next(&tokens, &token));
    assert_refusal(token.contents.why, "the message is larger than 64 KiB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_by_itself_is_found),
        cmocka_unit_test(header_lines_are_found),
        cmocka_unit_test(the_header_the_scheme_and_the_line_are_told),
        cmocka_unit_test(lines_that_end_in_words_are_lines),
        cmocka_unit_test(the_whole_value_of_a_header_is_told),
        cmocka_unit_test(a_header_by_itself_is_read),
        cmocka_unit_test(a_second_token_of_a_header_is_told),
        cmocka_unit_test(every_answer_is_told_to_those_who_want_it),
        cmocka_unit_test(other_text_is_skipped),
        cmocka_unit_test(wrapped_tokens_are_joined),
        cmocka_unit_test(messages_one_a_line_are_not_joined),
        cmocka_unit_test(what_stands_in_the_place_of_a_message_is_told),
        cmocka_unit_test(a_token_of_more_than_64_kib_is_refused),
    };
    return RUN_GROUP(tests);
}
