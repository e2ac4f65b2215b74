/* Points in time as directories write them. */
#include "unit.h"

#include "../../lib/creds/ldap/ldap_time.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void generalized_times_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds;
    } times[] = {
        {"19700101000000Z", 0},
        {"19691231235959Z", -1},
        {"20000229120000Z", 951825600},
        {"20000301000000Z", 951868800},
        {"20381231235959Z", 2177452799},
        {"21000228235959Z", 4107542399},
        {"21000301000000Z", 4107542400},
        {"00000101000000Z", -62167219200},
        {"99991231235960Z", 253402300800},
        {"2026123123Z", 1798758000},
        {"202612312359Z", 1798761540},
        {"20261231235959.999Z", 1798761599},
        {"20261231235959,5Z", 1798761599},
        {"19700101010000+0100", 0},
        {"19691231190000-0500", 0},
        {"19700101053000+0530", 0},
        {"19700101010000+01", 0},
        {"1970010101+0100", 0},
    };
    for (size_t i = 0; i < COUNT(times); i++) {
        int64_t seconds = -12345;
        if (!ldap_time_parse(bytes_of(times[i].text), &seconds)) fail_msg("%s", times[i].text);
        assert_int_equal(seconds, times[i].seconds);
    }
}

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "Z",
        "20261231235959",
        "20261231235959z",
        "20261231235959ZZ",
        "20261331235959Z",
        "20260031235959Z",
        "20261200235959Z",
        "20261232235959Z",
        "20261231245959Z",
        "20261231236059Z",
        "20261231235961Z",
        "2026123123595Z",
        "20261231Z",
        "20261231235959.Z",
        "20261231235959.5",
        "20261231235959+",
        "20261231235959+1",
        "20261231235959+2400",
        "20261231235959+0060",
        "20261231235959+01000",
        "20261231235959 Z",
        "-0261231235959Z",
        "99999999999999999999Z",
        "never",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        int64_t seconds;
        if (ldap_time_parse(bytes_of(bad[i]), &seconds)) fail_msg("'%s' is taken", bad[i]);
    }
}

static void numbers_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds;
    } numbers[] = {{"0", 0},
                   {"-1", -1},
                   {"2147483647", 2147483647},
                   {"999999999999999999", 999999999999999999},
                   {"9223372036854775807", INT64_MAX},
                   {"99999999999999999999999999", INT64_MAX},
                   {"-99999999999999999999999999", -INT64_MAX}};
    static const char *const bad[] = {"", "-", "+1", " 1", "1 ", "0x1", "1.5", "--1"};
    int64_t seconds;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        assert_true(ldap_time_parse_number(bytes_of(numbers[i].text), &seconds));
        assert_int_equal(seconds, numbers[i].seconds);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(ldap_time_parse_number(bytes_of(bad[i]), &seconds));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generalized_times_are_read),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(numbers_are_read),
    };
    return RUN_GROUP(tests);
}
