/* The value of an Authorization header. */
#include "unit.h"
#include "pool.h"

#include "../../lib/http/authorization.h"

static http_credentials_t reading(const char *header)
{
    bytes_t token;
    scheme_t scheme;
    http_credentials_t said = authorization_read(pool, header, &scheme, &token);
    assert_int_equal(said == HTTP_TOKEN, token.len > 0);
    assert_int_equal(scheme, authorization_scheme(header));
    if (header) assert_int_equal(scheme == SCHEME_NONE, said == HTTP_OTHER_SCHEME);
    return said;
}

static void the_scheme_blanks_and_base64_are_a_token(void **state)
{
    (void)state;
    bytes_t token;
    scheme_t scheme;
    static const struct {
        const char *header;
        scheme_t scheme;
    } rows[] = {{"NTLM YWxpY2U=", SCHEME_NTLM},
                {"ntlm YWxpY2U=", SCHEME_NTLM},
                {"nTlM    YWxpY2U=", SCHEME_NTLM},
                {"Negotiate YWxpY2U=", SCHEME_NEGOTIATE},
                {"negotiate   YWxpY2U=", SCHEME_NEGOTIATE},
                {"Basic YWxpY2U=", SCHEME_BASIC},
                {"BASIC YWxpY2U=", SCHEME_BASIC}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(authorization_read(pool, rows[i].header, &scheme, &token), HTTP_TOKEN);
        assert_int_equal(scheme, rows[i].scheme);
        assert_int_equal(token.len, 5);
        assert_memory_equal(token.data, "alice", 5);
    }
}

static void no_header_is_no_credentials(void **state)
{
    (void)state;
    assert_int_equal(reading(NULL), HTTP_NO_CREDENTIALS);
}

static void another_scheme_is_another_scheme(void **state)
{
    (void)state;
    static const char *const headers[] = {"",
                                          "Bearer YTpi",
                                          "NTLMX YWxpY2U=",
                                          " NTLM YWxpY2U=",
                                          "NTL",
                                          "Negotiate2 YWxpY2U=",
                                          "Negotia YWxpY2U=",
                                          "Bas YWxpY2U=",
                                          "NTLM\tYWxpY2U=",
                                          "NTLM=",
                                          "NTLM,YWxpY2U="};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        assert_int_equal(reading(headers[i]), HTTP_OTHER_SCHEME);
}

static void anything_but_the_one_base64_of_its_bytes_is_a_bad_token(void **state)
{
    (void)state;
    static const char *const headers[] = {"NTLM",
                                          "NTLM ",
                                          "NTLM YWxpY2U",
                                          "NTLM YWxpY2V=",
                                          "NTLM YWxpY2U==",
                                          "NTLM YWxpY2U= ",
                                          "NTLM YWxp Y2U=",
                                          "NTLM YWxpY2U=,",
                                          "NTLM =",
                                          "NTLM ====",
                                          "NTLM YWxpY2-_",
                                          "NTLM YW\nxp",
                                          "NTLM \xc3\xa4YWx",
                                          "NTLM YQ==YQ==",
                                          "NTLM YWxpY2U=, NTLM YWxp"};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        assert_int_equal(reading(headers[i]), HTTP_BAD_TOKEN);
}

static void a_token_has_a_longest_length(void **state)
{
    (void)state;
    static char header[sizeof "NTLM " + HTTP_TOKEN_MAX + 4] = "NTLM ";
    memset(header + 5, 'A', HTTP_TOKEN_MAX);
    assert_int_equal(reading(header), HTTP_TOKEN);
    memset(header + 5, 'A', HTTP_TOKEN_MAX + 4);
    assert_int_equal(reading(header), HTTP_BAD_TOKEN);
}

static void only_our_schemes_are_ours(void **state)
{
    (void)state;
    static const char *const ours[] = {"NTLM", "ntlm ", "NtLm   x", "NTLM \xc3"};
    static const char *const others[] = {"", "Bearer YTpi", "NTLMX x", " NTLM x", "NTLM\tx"};
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        assert_int_equal(authorization_scheme(ours[i]), SCHEME_NTLM);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(authorization_scheme(others[i]), SCHEME_NONE);
    assert_int_equal(authorization_scheme(NULL), SCHEME_NONE);
}

static void a_text_holds_a_token_in_whatever_stands_around_it(void **state)
{
    (void)state;
    static const char header[] = "nTlM   TlRMTVNTUAADAAAA";
    assert_true(authorization_is_in("TlRMTVNTUAADAAAA", header));
    assert_true(authorization_is_in("NTLM TlRMTVNTUAADAAAA", header));
    assert_true(authorization_is_in("x=\"ntlm,TlRMTVNTUAADAAAA\";", header));
    assert_false(authorization_is_in("", header));
    assert_false(authorization_is_in("NTLM TlRMTVNTUAADAAAB", header));
    assert_false(authorization_is_in("NTLM TlRMTVNTUAADAAA", header));
    assert_false(authorization_is_in("NTLM tlrmtvntuaadaaaa", header));
    assert_true(authorization_is_in("NTLM TlRMTVNTUAADAAAA, x", "NTLM TlRMTVNTUAADAAAA, x"));
}

static void a_short_token_is_held_by_itself_alone(void **state)
{
    (void)state;
    assert_true(authorization_is_in("YTpi", "Basic YTpi"));
    assert_true(authorization_is_in("Basic YTpi", "Basic YTpi"));
    assert_false(authorization_is_in("xYTpi", "Basic YTpi"));
    assert_false(authorization_is_in("YTpi, YTpi", "Basic YTpi"));
}

static void nothing_holds_what_is_no_token_of_ours(void **state)
{
    (void)state;
    static const char *const headers[] = {
        NULL, "", "NTLM", "NTLM ", "Bearer YTpi", "Bearer TlRMTVNTUAADAAAA"};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        assert_false(authorization_is_in(headers[i] ? headers[i] : "", headers[i]));
}

static void what_is_broken_is_said(void **state)
{
    (void)state;
    assert_string_equal(authorization_say_token(pool, "NTLM"), "nothing stands behind the scheme");
    assert_string_equal(authorization_say_token(pool, "NTLM  TlR-"),
                        "\"-\", character 4 behind the scheme, is no base64 (base64url is another "
                        "alphabet)");
    assert_string_equal(authorization_say_token(pool, "Basic alice:Secret"),
                        "it holds a character that is no base64");
}

static void the_scheme_is_said_and_never_a_value(void **state)
{
    (void)state;
    assert_string_equal(authorization_say_scheme(pool, "Bearer abc"), "the scheme is \"Bearer\"");
    assert_string_equal(authorization_say_scheme(pool, "Negotiate YII="),
                        "the scheme is \"Negotiate\"");
    assert_string_equal(authorization_say_scheme(pool, "basic:YWxp"),
                        "no blank stands behind Basic");
    assert_string_equal(authorization_say_scheme(pool, "NTLM\tTlRM"),
                        "no blank stands behind NTLM");
    assert_string_equal(authorization_say_scheme(pool, "MySecretKey"),
                        "no scheme and blank stand in front");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_POOL(the_scheme_blanks_and_base64_are_a_token),
        TEST_WITH_POOL(no_header_is_no_credentials),
        TEST_WITH_POOL(another_scheme_is_another_scheme),
        TEST_WITH_POOL(anything_but_the_one_base64_of_its_bytes_is_a_bad_token),
        TEST_WITH_POOL(a_token_has_a_longest_length),
        TEST_WITH_POOL(only_our_schemes_are_ours),
        TEST_WITH_POOL(a_text_holds_a_token_in_whatever_stands_around_it),
        TEST_WITH_POOL(a_short_token_is_held_by_itself_alone),
        TEST_WITH_POOL(nothing_holds_what_is_no_token_of_ours),
        TEST_WITH_POOL(what_is_broken_is_said),
        TEST_WITH_POOL(the_scheme_is_said_and_never_a_value),
    };
    apr_initialize();
    int failed = RUN_GROUP(tests);
    apr_terminate();
    return failed;
}
