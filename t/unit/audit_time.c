/* Times, as logs and people write them: the zone here is an hour east of UTC, two in summer. */
#include "unit.h"

#include <time.h>

#include "../../lib/audit/audit_time.h"

enum { NOON = 1795863600 }; /* 2026-11-28 12:00:00 there, 11:00:00 UTC */

static int a_zone(void **state)
{
    (void)state;
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    return 0;
}

static void assert_time(const char *text, time_t at, const char *rest)
{
    time_t found = 0;
    size_t len = audit_time(bytes_of(text), &found);
    if (len == 0) fail_msg("no time: %s", text);
    assert_string_equal(text + len, rest);
    assert_int_equal(found, at);
}

static void times_of_here(void **state)
{
    (void)state;
    assert_time("2026-11-28 12:00", NOON, "");
    assert_time("2026-11-28T12:00:00", NOON, "");
    assert_time("2026-11-28 12:00:01.999999] [x", NOON + 1, "] [x");
    assert_time("2026-11-28", NOON - 12 * 3600, "");
    assert_time("2026-11-28 x", NOON - 12 * 3600, " x");
    assert_time("Sat Nov 28 12:00:01.123456 2026] [y", NOON + 1, "] [y");
    assert_time("Sat Nov 28 12:00:01 2026", NOON + 1, "");
    assert_time("2026-07-01 12:00", 1782900000, ""); /* summer */
}

static void times_with_a_zone(void **state)
{
    (void)state;
    assert_time("2026-11-28T11:00:00Z", NOON, "");
    assert_time("2026-11-28T11:00:00.5Z host", NOON, " host");
    assert_time("2026-11-28T12:00:00+01:00", NOON, "");
    assert_time("2026-11-28 05:30:00-0530", NOON, "");
}

static void what_is_no_time(void **state)
{
    (void)state;
    static const char *const none[] = {"",
                                       "x",
                                       "2026",
                                       "2026-13-01",
                                       "2026-02-30",
                                       "28.11.2026",
                                       "Sat Nov 28 12:00:01",
                                       "Nov 28 12:00:01 host",
                                       "1795863600",
                                       "2026-11-28x12:00"};
    time_t at;
    for (size_t i = 0; i + 1 < sizeof none / sizeof none[0]; i++)
        if (audit_time(bytes_of(none[i]), &at)) fail_msg("a time: %s", none[i]);
    assert_int_equal(audit_time(bytes_of("2026-11-28x12:00"), &at), strlen("2026-11-28"));
}

static void no_byte_behind_the_text_is_read(void **state)
{
    (void)state;
    time_t at;
    assert_int_equal(audit_time(hex("323032362d31312d3238"), &at), 10);
    assert_int_equal(audit_time(hex("323032362d31312d3238205431"), &at), 10);
    assert_int_equal(audit_time(hex("00"), &at), 0);
}

static void times_are_written_here_and_for_everywhere(void **state)
{
    (void)state;
    char room[AUDIT_TIME_ROOM];
    assert_string_equal(audit_time_here(NOON, room), "2026-11-28 12:00:00");
    assert_string_equal(audit_time_utc(NOON, room), "2026-11-28T11:00:00Z");
    assert_string_equal(audit_time_utc((time_t)1 << 62, room), "-");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(times_of_here, a_zone),
        cmocka_unit_test_setup(times_with_a_zone, a_zone),
        cmocka_unit_test(what_is_no_time),
        cmocka_unit_test(no_byte_behind_the_text_is_read),
        cmocka_unit_test_setup(times_are_written_here_and_for_everywhere, a_zone),
    };
    return RUN_GROUP(tests);
}
