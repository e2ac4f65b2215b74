/* What is said of a header that does not carry a message as it should. */
#include "planted.h"

#include "../../lib/explain/shape/header_text.h"
#include "../../lib/explain/shape/token_text.h"

#define TOKEN "TlRMTVNTUAABAAAABwIAAA=="
#define SPNEGO                                                                                     \
    "YEgGBisGAQUFAqA+"                                                                             \
    "MDygDjAMBgorBgEEAYI3AgIKoioEKE5UTE1TU1AAAQAAABeCCOIAAAAAAAAAAAAAAAAAAAAABgIAAAAAAA8="

static const char *of(const char *header)
{
    return said_by(header_text_causes, &(subject_t){.header = bytes_of(header)});
}

static void a_right_header_is_no_mistake(void **state)
{
    (void)state;
    assert_string_equal(of("NTLM " TOKEN), "");
    assert_string_equal(of("ntlm   " TOKEN), "");
    assert_string_equal(of("Negotiate " TOKEN), "");
    assert_string_equal(of("Negotiate " SPNEGO), "");
    assert_string_equal(of(""), "");
}

static void what_stands_between_scheme_and_token_is_named(void **state)
{
    (void)state;
    assert_string_equal(of("NTLM\t" TOKEN), "scheme-tab");
    assert_string_equal(of("NTLM: " TOKEN), "scheme-colon");
    assert_string_equal(of("NTLM=" TOKEN), "scheme-colon");
    assert_string_equal(of("NTLM, " TOKEN), "scheme-colon");
    assert_string_equal(of("Negotiate:" TOKEN), "scheme-colon");
    assert_string_equal(of("NTLM" TOKEN), "scheme-without-blank");
    assert_string_equal(of(TOKEN), "scheme-missing");
    assert_string_equal(of("NTLM"), "token-missing");
    assert_string_equal(of("NTLM "), "token-missing");
    assert_string_equal(of("Authorization: NTLM " TOKEN), "header-name-in-value");
}

static void other_schemes_are_named(void **state)
{
    (void)state;
    assert_string_equal(of("NTLMv2 " TOKEN), "scheme-unknown");
    assert_string_equal(of("Bearer " TOKEN), "scheme-unknown");
    assert_string_equal(of("Bearer abc"), "scheme-other");
    assert_string_equal(of("Basic " TOKEN), "ntlm-under-basic");
    assert_string_equal(of("Basic YWxpY2U6eA=="), "scheme-basic");
    assert_string_equal(of("NTLM " SPNEGO), "spnego-under-ntlm");
    assert_string_equal(of("secret"), "");
    assert_string_equal(of("!! ??"), "");
}

static void a_mistake_of_the_token_is_named(void **state)
{
    (void)state;
    assert_string_equal(of("NTLM b'" TOKEN "'"), "base64-python-bytes");
    assert_string_equal(of("Negotiate null"), "token-null");
    assert_string_equal(of("NTLM secret"), "");
}

static void another_header_is_named(void **state)
{
    (void)state;
    assert_string_equal(
        said_by(header_text_causes, &(subject_t){.misplaced = "Proxy-Authorization"}),
        "proxy-header-at-origin");
    assert_string_equal(said_by(header_text_causes, &(subject_t){.misplaced = "X-Authorization"}),
                        "header-misnamed");
    assert_string_equal(said_by(header_text_causes, &(subject_t){.misplaced = "WWW-Authenticate"}),
                        "response-header-sent");
    assert_string_equal(said_by(header_text_causes, &(subject_t){.header = bytes_of("NTLM " TOKEN),
                                                                 .misplaced = "WWW-Authenticate"}),
                        "");
}

static void a_scheme_that_is_not_offered_is_named(void **state)
{
    (void)state;
    const course_t refused = {.status = NTLM_SCHEME_REFUSED}, other = {.status = NTLM_BAD_MIC};
    const bytes_t header = bytes_of("Negotiate " TOKEN);
    assert_string_equal(
        said_by(header_text_causes, &(subject_t){.header = header, .course = &refused}),
        "scheme-not-offered");
    assert_string_equal(
        said_by(header_text_causes, &(subject_t){.header = header, .course = &other}), "");
}

static void who_was_let_in_made_none(void **state)
{
    (void)state;
    assert_string_equal(
        said_by(header_text_causes,
                &(subject_t){.header = bytes_of("Basic YWxpY2U6eA=="), .let_in = true}),
        "");
}

static void the_message_is_the_replays_or_the_headers(void **state)
{
    (void)state;
    uint8_t memory[TOKEN_ROOM];
    writer_t room = writer_to(memory, sizeof memory);
    const replay_t replay = {.type3 = bytes_of("a Type 3")};
    const bytes_t header = bytes_of(" NTLM " TOKEN);
    assert_int_equal(header_message(&(subject_t){.header = header}, &room).len, 16);
    assert_int_equal(header_message(&(subject_t){.header = header, .replay = &replay}, &room).len,
                     8);
    assert_int_equal(header_message(&(subject_t){.header = bytes_of("Basic " TOKEN)}, &room).len,
                     0);
    assert_int_equal(header_message(&(subject_t){.tls = true}, &room).len, 0);
    assert_int_equal(header_message(&(subject_t){.header = bytes_of("NTLM bm9uZQ==")}, &room).len,
                     4);
    assert_int_equal(header_message(&(subject_t){.header = bytes_of("NTLM undefined")}, &room).len,
                     0);
    assert_int_equal(header_message(&(subject_t){.header = bytes_of("NTLM YGBgYGBg")}, &room).len,
                     0);
}

static void other_names_and_schemes_are_told(void **state)
{
    const course_t refused = {.status = NTLM_SCHEME_REFUSED};
    (void)state;
    assert_string_equal(said_by(header_text_causes, &(subject_t){.misplaced = "X-Authorization"}),
                        "header-misnamed");
    assert_string_equal(
        said_by(header_text_causes,
                &(subject_t){.header =
                                 bytes_of("Negotiate TlRMTVNTUAABAAAABwIIogAAAAAAAAAAAAAAAAAAAAA="),
                             .course = &refused}),
        "scheme-not-offered");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_right_header_is_no_mistake),
        TEST(what_stands_between_scheme_and_token_is_named),
        TEST(other_schemes_are_named),
        TEST(a_mistake_of_the_token_is_named),
        TEST(another_header_is_named),
        TEST(a_scheme_that_is_not_offered_is_named),
        TEST(other_names_and_schemes_are_told),
        TEST(who_was_let_in_made_none),
        TEST(the_message_is_the_replays_or_the_headers),
    };
    return RUN_GROUP(tests);
}
