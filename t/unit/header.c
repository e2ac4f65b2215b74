/* What is wrong with the text of an Authorization header. */
#include "unit.h"

#include "../../lib/finding/header.h"

static char room[256];

static const char *of_token(const char *token)
{
    phrase_t out = phrase_to(room, sizeof room);
    header_say_token(&out, token, 40, false);
    return room;
}

static const char *of_password(const char *token)
{
    phrase_t out = phrase_to(room, sizeof room);
    header_say_token(&out, token, 40, true);
    return room;
}

static const char *of_scheme(const char *header, const char *begins)
{
    phrase_t out = phrase_to(room, sizeof room);
    header_say_scheme(&out, header, begins);
    return room;
}

static void the_first_stranger_is_named_with_its_place(void **state)
{
    (void)state;
    assert_string_equal(of_token("TlRM*VNT"), "\"*\", character 5 behind the scheme, is no base64");
    assert_string_equal(of_token("*"), "\"*\", character 1 behind the scheme, is no base64");
    assert_string_equal(of_token("TlRM VNT"), "\" \", character 5 behind the scheme, is no base64");
    assert_string_equal(of_token("Tl=MVNT="), "\"=\", character 3 behind the scheme, is no base64");
    assert_string_equal(of_token("TlR==="), "\"=\", character 5 behind the scheme, is no base64");
    assert_string_equal(of_token("TlRM\tVNT"),
                        "\"%09\", character 5 behind the scheme, is no base64");
    assert_string_equal(of_token("TlRM\"VNT"),
                        "\"%22\", character 5 behind the scheme, is no base64");
    assert_string_equal(of_token("TlRM-VNT"), "\"-\", character 5 behind the scheme, is no base64 "
                                              "(base64url is another alphabet)");
}

static void a_second_header_is_told_from_a_comma(void **state)
{
    (void)state;
    assert_string_equal(of_token("TlRM, NTLM TlRM"),
                        "the header came twice: a second one begins behind character 5");
    assert_string_equal(of_token("TlR=, NTLM TlRM"),
                        "the header came twice: a second one begins behind character 5");
    assert_string_equal(of_token("TlR= x"), "\" \", character 5 behind the scheme, is no base64");
    assert_string_equal(of_token("TlRM,"), "\",\", character 5 behind the scheme, is no base64");
    assert_string_equal(of_token("TlRM, "), "\",\", character 5 behind the scheme, is no base64");
}

static void lengths_are_given(void **state)
{
    (void)state;
    assert_string_equal(of_token(""), "nothing stands behind the scheme");
    assert_string_equal(of_token("TlRMT"), "it has 5 characters, which is no multiple of 4");
    assert_string_equal(of_token("TlRMT="), "it has 6 characters, which is no multiple of 4");
    assert_string_equal(of_token("TlRMTlRMTlRMTlRMTlRMTlRMTlRMTlRMTlRMTlRMT"),
                        "it has 41 characters, more than 40");
}

static void stray_bits_are_what_is_left(void **state)
{
    (void)state;
    assert_string_equal(of_token("TlR="), "its last character holds bits that belong to no byte");
}

static void no_character_of_a_password_is_shown(void **state)
{
    (void)state;
    assert_string_equal(of_password("alice:Secret"), "it holds a character that is no base64");
    assert_string_equal(of_password("YTpi, Basic YTpi"), "the header came twice");
    assert_string_equal(of_password("YTpiY"), "its length is no multiple of 4");
}

static void a_scheme_is_a_word_and_a_blank(void **state)
{
    (void)state;
    assert_string_equal(of_scheme("Bearer abc.def", NULL), "the scheme is \"Bearer\"");
    assert_string_equal(of_scheme("AWS4-HMAC-SHA256 Credential=x", NULL),
                        "the scheme is \"AWS4-HMAC-SHA256\"");
}

static void a_word_alone_may_be_a_secret(void **state)
{
    (void)state;
    static const char none[] = "no scheme and blank stand in front";
    assert_non_null(strstr(of_scheme("a-secret-key", NULL), none));
    assert_null(strstr(room, "secret"));
    assert_non_null(strstr(of_scheme("user:secret here", NULL), none));
    assert_null(strstr(room, "secret"));
    assert_string_equal(of_scheme("", NULL), "no scheme and blank stand in front");
    assert_non_null(strstr(of_scheme("averylongwordthatisperhapsthesecret behind it", NULL), none));
    assert_null(strstr(room, "secret"));
}

static void a_scheme_of_ours_without_its_blank_is_named(void **state)
{
    (void)state;
    assert_string_equal(of_scheme("NTLM:TlRM", "NTLM"), "no blank stands behind NTLM");
    assert_string_equal(of_scheme("NTLM\tTlRM", "NTLM"), "no blank stands behind NTLM");
}

static void digits_of_base64_have_values(void **state)
{
    (void)state;
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    int found = 0;
    for (int c = 0; c < 256; c++) {
        const int value = base64_value((uint8_t)c);
        if (value < 0) continue;
        assert_int_equal(alphabet[value], c);
        found++;
    }
    assert_int_equal(found, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_stranger_is_named_with_its_place),
        cmocka_unit_test(a_second_header_is_told_from_a_comma),
        cmocka_unit_test(lengths_are_given),
        cmocka_unit_test(stray_bits_are_what_is_left),
        cmocka_unit_test(no_character_of_a_password_is_shown),
        cmocka_unit_test(a_scheme_is_a_word_and_a_blank),
        cmocka_unit_test(a_word_alone_may_be_a_secret),
        cmocka_unit_test(a_scheme_of_ours_without_its_blank_is_named),
        cmocka_unit_test(digits_of_base64_have_values),
    };
    return RUN_GROUP(tests);
}
