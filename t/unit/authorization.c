/* The value of an Authorization header. */
#include "unit.h"
#include "pool.h"

#include "../../lib/http/authorization.h"

static http_credentials_t reading(const char *header)
{
    bytes_t token;
    http_credentials_t said = authorization_read(pool, header, &token);
    assert_int_equal(said == HTTP_TOKEN, token.len > 0);
    if (header) assert_int_equal(authorization_is_ours(header), said != HTTP_OTHER_SCHEME);
    return said;
}

static void the_scheme_blanks_and_base64_are_a_token(void **state)
{
    (void)state;
    bytes_t token;
    static const char *const headers[] = {"NTLM YWxpY2U=", "ntlm YWxpY2U=", "nTlM    YWxpY2U="};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        assert_int_equal(authorization_read(pool, headers[i], &token), HTTP_TOKEN);
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
                                          "Basic YTpi",
                                          "NTLMX YWxpY2U=",
                                          " NTLM YWxpY2U=",
                                          "NTL",
                                          "Negotiate YWxpY2U=",
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

static void only_our_scheme_is_ours(void **state)
{
    (void)state;
    static const char *const ours[] = {"NTLM", "ntlm ", "NtLm   x", "NTLM \xc3"};
    static const char *const others[] = {"", "Basic YTpi", "NTLMX x", " NTLM x", "NTLM\tx"};
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        assert_true(authorization_is_ours(ours[i]));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(authorization_is_ours(others[i]));
    assert_false(authorization_is_ours(NULL));
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

static void nothing_holds_what_is_no_token_of_ours(void **state)
{
    (void)state;
    static const char *const headers[] = {NULL,         "",
                                          "NTLM",       "NTLM ",
                                          "NTLM e",     "NTLM TlRMTVNTUAADAAA",
                                          "Basic YTpi", "Basic TlRMTVNTUAADAAAA"};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        assert_false(authorization_is_in(headers[i] ? headers[i] : "", headers[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_POOL(the_scheme_blanks_and_base64_are_a_token),
        TEST_WITH_POOL(no_header_is_no_credentials),
        TEST_WITH_POOL(another_scheme_is_another_scheme),
        TEST_WITH_POOL(anything_but_the_one_base64_of_its_bytes_is_a_bad_token),
        TEST_WITH_POOL(a_token_has_a_longest_length),
        TEST_WITH_POOL(only_our_scheme_is_ours),
        TEST_WITH_POOL(a_text_holds_a_token_in_whatever_stands_around_it),
        TEST_WITH_POOL(nothing_holds_what_is_no_token_of_ours),
    };
    apr_initialize();
    int failed = RUN_GROUP(tests);
    apr_terminate();
    return failed;
}
