/* Target information: lists of AV_PAIRs (MS-NLMP 2.2.2.1) from hostile hands. */
#include "unit.h"

#include "../../lib/ntlm/avpairs.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define EOL "00000000"
#define FLAGS "0600040002000000"
#define TIME "070008000102030405060708"
#define TARGET "090002004100"
#define ZERO16 "00000000000000000000000000000000"
#define BINDING "0a001000" ZERO16
#define DOMAIN "0200040041004200"
#define COMPUTER "010002005300"

static const char overrun[] = "the list of AV pairs does not end within its bytes";

static void assert_refused(const char *digits, const char *sentence)
{
    const char *why = avpairs_check(hex(digits));
    if (!why || strcmp(why, sentence) != 0)
        fail_msg("%s: %s instead of %s", digits, why ? why : "accepted", sentence);
}

static void assert_accepted(const char *digits)
{
    const char *why = avpairs_check(hex(digits));
    if (why) fail_msg("%s: %s", digits, why);
}

/* ---- walking ---- */

static void a_walk_gives_each_pair_and_stops_behind_the_eol(void **state)
{
    (void)state;
    reader_t in = reader_over(hex(DOMAIN COMPUTER EOL COMPUTER));
    av_pair_t pair;
    assert_true(avpairs_next(&in, &pair));
    assert_int_equal(pair.av_id, MsvAvNbDomainName);
    assert_bytes(pair.value, "41004200");
    assert_true(avpairs_next(&in, &pair));
    assert_int_equal(pair.av_id, MsvAvNbComputerName);
    assert_false(avpairs_next(&in, &pair));
    assert_null(in.error);
    assert_int_equal(in.at, 18);
    in = reader_over(hex("02000800"));
    assert_false(avpairs_next(&in, &pair));
    assert_non_null(in.error);
}

static void a_pair_is_there_only_with_its_value(void **state)
{
    (void)state;
    const av_pair_t same = {MsvAvNbComputerName, hex("5300")},
                    other = {MsvAvNbComputerName, hex("54")};
    assert_true(avpairs_contain(hex(DOMAIN COMPUTER EOL), &same));
    assert_false(avpairs_contain(hex(DOMAIN COMPUTER EOL), &other));
    assert_false(avpairs_contain(hex(DOMAIN EOL COMPUTER), &same));
}

/* ---- checking ---- */

static void lists_that_end_with_eol_are_accepted(void **state)
{
    (void)state;
    assert_accepted(EOL);
    assert_accepted(DOMAIN COMPUTER TIME EOL);
    assert_accepted(TIME BINDING FLAGS COMPUTER TARGET DOMAIN EOL);
    assert_accepted("02000000" EOL); /* an empty name */
}

static void a_list_without_eol_is_refused(void **state)
{
    (void)state;
    assert_refused("", overrun);
    assert_refused(DOMAIN, overrun);
    assert_refused(DOMAIN TIME, overrun);
    assert_null(avpairs_check((bytes_t){hex(EOL).data, 4}));
    assert_non_null(avpairs_check((bytes_t){NULL, 0}));
}

static void a_list_cut_anywhere_is_refused(void **state)
{
    (void)state;
    bytes_t whole = hex(DOMAIN COMPUTER TIME FLAGS EOL);
    for (size_t len = 0; len < whole.len; len++) {
        char digits[128] = "";
        for (size_t i = 0; i < len; i++) sprintf(digits + 2 * i, "%02x", whole.data[i]);
        assert_refused(digits, overrun);
    }
}

static void a_value_beyond_the_list_is_refused(void **state)
{
    (void)state;
    assert_refused("0200ffff" EOL, overrun);
    assert_refused("02000500" EOL, overrun);
    assert_refused("02000400" EOL, overrun); /* it swallows the EOL */
    assert_refused("0600040002" EOL, overrun);
    assert_refused("ffffffff" EOL, overrun);
}

static void an_eol_with_a_value_is_refused(void **state)
{
    (void)state;
    assert_refused("00000100ff", overrun);
    assert_refused("00000400" EOL EOL, overrun);
    assert_refused("0000ffff", overrun);
}

static void bytes_behind_eol_are_not_looked_at(void **state)
{
    (void)state;
    assert_accepted(EOL "00000000");
    assert_accepted(EOL "ff");
    assert_accepted(FLAGS EOL FLAGS);
    assert_accepted(EOL "0200ffff");
}

static void flags_time_and_binding_have_one_length_each(void **state)
{
    (void)state;
    static const struct {
        int av_id;
        size_t len;
        const char *why;
    } fixed[] = {{MsvAvFlags, 4, "MsvAvFlags has not 4 bytes"},
                 {MsvAvTimestamp, 8, "MsvAvTimestamp has not 8 bytes"},
                 {MsvAvChannelBindings, 16, "MsvAvChannelBindings has not 16 bytes"}};
    for (size_t i = 0; i < COUNT(fixed); i++)
        for (size_t len = 0; len <= 20; len++) {
            uint8_t room[32], value[20] = {0};
            writer_t out = writer_to(room, sizeof room);
            avpairs_append(&out, (uint16_t)fixed[i].av_id, (bytes_t){value, len});
            avpairs_append(&out, MsvAvEOL, (bytes_t){NULL, 0});
            const char *why = avpairs_check(written(&out));
            assert_int_equal(why == NULL, len == fixed[i].len);
            if (why) assert_string_equal(why, fixed[i].why);
        }
}

static void other_pairs_have_any_length(void **state)
{
    (void)state;
    for (uint16_t id = 1; id <= 12; id++)
        for (size_t len = 0; len <= 49; len++) {
            uint8_t room[64], value[49] = {0};
            writer_t out = writer_to(room, sizeof room);
            if (id == MsvAvFlags || id == MsvAvTimestamp || id == MsvAvChannelBindings) continue;
            avpairs_append(&out, id, (bytes_t){value, len});
            avpairs_append(&out, MsvAvEOL, (bytes_t){NULL, 0});
            assert_null(avpairs_check(written(&out)));
        }
}

static void what_must_be_unique_is_refused_twice(void **state)
{
    (void)state;
    static const char flags[] = "MsvAvFlags stands twice";
    static const char time[] = "MsvAvTimestamp stands twice";
    static const char target[] = "MsvAvTargetName stands twice";
    static const char binding[] = "MsvAvChannelBindings stands twice";
    assert_refused(FLAGS FLAGS EOL, flags);
    assert_refused(FLAGS DOMAIN "0600040000000000" EOL, flags); /* CVE-2019-1166 */
    assert_refused(TIME COMPUTER TIME EOL, time);
    assert_refused(TARGET TARGET EOL, target);
    assert_refused("09000000" TARGET EOL, target);
    assert_refused(BINDING BINDING EOL, binding);
    assert_refused(FLAGS TIME TARGET BINDING BINDING EOL, binding);
}

static void other_pairs_may_stand_twice(void **state)
{
    (void)state;
    assert_accepted(DOMAIN DOMAIN COMPUTER COMPUTER EOL);
    assert_accepted("0b000100410700080001020304050607080b00010042" EOL);
    /* Not the same as 6, 7, 9 and 10, though equal in their lowest bits. */
    assert_accepted("2600010041260001004127000100412700010041" EOL);
    assert_accepted("06010000060100000a8000000a800000ffff0000ffff0000" EOL);
    assert_accepted("080001004108000100410800010041" EOL);
}

/* ---- finding ---- */

static void the_first_pair_of_an_id_is_found(void **state)
{
    (void)state;
    bytes_t value;
    assert_true(avpairs_find(hex("0b00010041" DOMAIN "0b00010042" EOL), 0x0b, &value));
    assert_bytes(value, "41");
    assert_true(avpairs_find(hex(DOMAIN COMPUTER EOL), MsvAvNbComputerName, &value));
    assert_bytes(value, "5300");
    assert_true(avpairs_find(hex("09000000" EOL), MsvAvTargetName, &value));
    assert_int_equal(value.len, 0);
}

static void an_absent_pair_is_not_found(void **state)
{
    (void)state;
    static const char *const lists[] = {"", EOL, COMPUTER EOL, EOL DOMAIN, "02000400", "0200"};
    for (size_t i = 0; i < COUNT(lists); i++) {
        bytes_t value = {(const uint8_t *)"x", 1};
        assert_false(avpairs_find(hex(lists[i]), MsvAvNbDomainName, &value));
        assert_int_equal(value.len, 0);
        assert_non_null(value.data);
    }
}

static void eol_itself_is_never_found(void **state)
{
    (void)state;
    bytes_t value;
    assert_false(avpairs_find(hex(DOMAIN EOL), MsvAvEOL, &value));
    assert_false(avpairs_find(hex("0000040041414141"), MsvAvEOL, &value));
}

static void what_decides_is_read_in_one_walk(void **state)
{
    av_values_t values;
    (void)state;
    assert_null(avpairs_read(hex(DOMAIN BINDING FLAGS COMPUTER TARGET TIME EOL TARGET), &values));
    assert_int_equal(values.flags, MSV_AV_FLAG_MIC_PRESENT);
    assert_bytes(values.timestamp, "0102030405060708");
    assert_bytes(values.target_name, "4100");
    assert_bytes(values.channel_bindings, ZERO16);
}

static void what_is_not_said_is_empty(void **state)
{
    av_values_t values;
    (void)state;
    memset(&values, 0xFF, sizeof values);
    assert_null(avpairs_read(hex(DOMAIN EOL FLAGS TIME TARGET BINDING), &values));
    assert_int_equal(values.flags, 0);
    assert_int_equal(values.timestamp.len, 0);
    assert_int_equal(values.target_name.len, 0);
    assert_int_equal(values.channel_bindings.len, 0);
    assert_non_null(values.timestamp.data);
}

static void flags_are_a_number_and_zero_when_absent(void **state)
{
    (void)state;
    assert_int_equal(avpairs_flags(hex(DOMAIN FLAGS EOL)), MSV_AV_FLAG_MIC_PRESENT);
    assert_true(avpairs_flags(hex("06000400ffffffff" EOL)) == 0xFFFFFFFF);
    assert_int_equal(avpairs_flags(hex(DOMAIN EOL FLAGS)), 0);
    assert_int_equal(avpairs_flags(hex("")), 0);
    assert_int_equal(avpairs_flags(hex("06000100ff" EOL)), 0); /* not checked before */
}

/* ---- appending ---- */

static void pairs_are_appended_one_after_the_other(void **state)
{
    (void)state;
    uint8_t room[14];
    writer_t out = writer_to(room, sizeof room);
    avpairs_append(&out, MsvAvNbComputerName, hex("5300"));
    avpairs_append(&out, MsvAvTargetName, (bytes_t){NULL, 0});
    avpairs_append(&out, MsvAvEOL, (bytes_t){NULL, 0});
    assert_bytes(written(&out), COMPUTER "09000000" EOL);
    avpairs_append(&out, MsvAvEOL, (bytes_t){NULL, 0});
    assert_true(out.overflow);
}

static void a_value_too_long_for_its_length_overflows(void **state)
{
    (void)state;
    enum { MOST = UINT16_MAX };
    uint8_t *value = calloc(1, MOST + 1), *room = malloc(4 + MOST + 1);
    writer_t out = writer_to(room, 4 + MOST + 1);
    avpairs_append(&out, 0x0b, (bytes_t){value, MOST});
    assert_int_equal(written(&out).len, 4 + MOST);
    out = writer_to(room, 4 + MOST + 1);
    avpairs_append(&out, 0x0b, (bytes_t){value, MOST + 1});
    assert_true(out.overflow);
    assert_int_equal(written(&out).len, 0);
    free(value);
    free(room);
}

/* ---- echoing ---- */

#define OURS DOMAIN COMPUTER TIME EOL

static void our_pairs_come_back_in_any_order_among_others(void **state)
{
    (void)state;
    static const char *const echoes[] = {
        OURS,
        OURS "00000000",
        TIME COMPUTER DOMAIN EOL,
        COMPUTER FLAGS TIME TARGET DOMAIN BINDING EOL,
        "02000200ff00" DOMAIN COMPUTER TIME EOL, /* another one of the same id first */
        DOMAIN DOMAIN COMPUTER TIME EOL,
    };
    for (size_t i = 0; i < COUNT(echoes); i++)
        assert_true(avpairs_echoed(hex(OURS), hex(echoes[i])));
    assert_true(avpairs_echoed(hex(EOL), hex(EOL)));
    assert_true(avpairs_echoed(hex(EOL), hex(OURS)));
}

/* Our own challenges have none of them. */
static void pairs_that_the_client_sets_may_come_back_otherwise(void **state)
{
    (void)state;
    static const char *const others[] = {
        DOMAIN "0600040001000000" COMPUTER EOL, /* the client adds its bit */
        DOMAIN COMPUTER "06000400ffffffff" EOL, DOMAIN COMPUTER "0800040041424344" EOL,
        DOMAIN COMPUTER "090002004100" EOL,
        DOMAIN COMPUTER "0a001000000102030405060708090a0b0c0d0e0f" EOL};
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_true(avpairs_echoed(hex(others[i]), hex(DOMAIN COMPUTER FLAGS TARGET BINDING EOL)));
        assert_true(avpairs_echoed(hex(others[i]), hex(COMPUTER DOMAIN EOL)));
        assert_false(avpairs_echoed(hex(others[i]), hex(DOMAIN FLAGS TARGET BINDING EOL)));
    }
}

static void every_other_pair_must_come_back_as_it_was(void **state)
{
    (void)state;
    for (uint16_t id = 1; id <= 300; id++) {
        uint8_t room[32];
        writer_t out = writer_to(room, sizeof room);
        if (id == 6 || id == 8 || id == 9 || id == 10) continue;
        avpairs_append(&out, id, hex("0102030405060708"));
        avpairs_append(&out, MsvAvEOL, (bytes_t){NULL, 0});
        bytes_t ours = written(&out);
        assert_true(avpairs_echoed(ours, ours));
        assert_false(avpairs_echoed(ours, hex(EOL)));
    }
}

static void a_missing_pair_is_no_echo(void **state)
{
    (void)state;
    static const char *const echoes[] = {
        "",
        EOL,
        COMPUTER TIME EOL,
        DOMAIN TIME EOL,
        DOMAIN COMPUTER EOL,
        EOL OURS,                     /* all of it behind the end */
        DOMAIN COMPUTER EOL TIME EOL, /* one of it */
        DOMAIN COMPUTER "00000100ff" TIME EOL,
        DOMAIN COMPUTER "0700ffff" TIME EOL,
        "0300040041004200" COMPUTER TIME EOL,    /* the value under another id */
        "020002004100" COMPUTER TIME EOL,        /* a beginning of the value */
        "0200060041004200ff00" COMPUTER TIME EOL /* the value and more */
    };
    for (size_t i = 0; i < COUNT(echoes); i++)
        if (avpairs_echoed(hex(OURS), hex(echoes[i]))) fail_msg("echo %zu is taken", i);
}

static void a_change_of_any_bit_is_no_echo(void **state)
{
    (void)state;
    bytes_t ours = hex(OURS);
    uint8_t *theirs = malloc(ours.len);
    for (size_t bit = 0; bit < 8 * (ours.len - 4); bit++) {
        memcpy(theirs, ours.data, ours.len);
        theirs[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(avpairs_echoed(ours, (bytes_t){theirs, ours.len}));
    }
    free(theirs);
}

static void a_broken_list_of_ours_is_never_echoed(void **state)
{
    (void)state;
    assert_false(avpairs_echoed(hex(DOMAIN), hex(OURS)));
    assert_false(avpairs_echoed(hex(""), hex(OURS)));
    assert_false(avpairs_echoed(hex("00000100ff"), hex(OURS)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_gives_each_pair_and_stops_behind_the_eol),
        cmocka_unit_test(a_pair_is_there_only_with_its_value),
        cmocka_unit_test(lists_that_end_with_eol_are_accepted),
        cmocka_unit_test(a_list_without_eol_is_refused),
        cmocka_unit_test(a_list_cut_anywhere_is_refused),
        cmocka_unit_test(a_value_beyond_the_list_is_refused),
        cmocka_unit_test(an_eol_with_a_value_is_refused),
        cmocka_unit_test(bytes_behind_eol_are_not_looked_at),
        cmocka_unit_test(flags_time_and_binding_have_one_length_each),
        cmocka_unit_test(other_pairs_have_any_length),
        cmocka_unit_test(what_must_be_unique_is_refused_twice),
        cmocka_unit_test(other_pairs_may_stand_twice),
        cmocka_unit_test(the_first_pair_of_an_id_is_found),
        cmocka_unit_test(an_absent_pair_is_not_found),
        cmocka_unit_test(eol_itself_is_never_found),
        cmocka_unit_test(what_decides_is_read_in_one_walk),
        cmocka_unit_test(what_is_not_said_is_empty),
        cmocka_unit_test(flags_are_a_number_and_zero_when_absent),
        cmocka_unit_test(pairs_are_appended_one_after_the_other),
        cmocka_unit_test(a_value_too_long_for_its_length_overflows),
        cmocka_unit_test(our_pairs_come_back_in_any_order_among_others),
        cmocka_unit_test(pairs_that_the_client_sets_may_come_back_otherwise),
        cmocka_unit_test(every_other_pair_must_come_back_as_it_was),
        cmocka_unit_test(a_missing_pair_is_no_echo),
        cmocka_unit_test(a_change_of_any_bit_is_no_echo),
        cmocka_unit_test(a_broken_list_of_ours_is_never_echoed),
    };
    return RUN_GROUP(tests);
}
