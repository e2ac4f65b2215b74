/* For whom a failed login is counted: whom the names of the counters tell apart, and whom not. */
#include "unit.h"

#include "../../lib/throttle/throttle_subject.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const throttle_limits_t limits = {{{5, 300}, {50, 300}, {100, 300}, {200, 300}}};
static const throttle_limits_t others = {{{5, 301}, {51, 300}, {100, 301}, {201, 300}}};

static throttle_subjects_t subjects_of(const throttle_limits_t *throttle, const char *address,
                                       const char *user)
{
    throttle_subjects_t subjects;
    memset(&subjects, 0xA5, sizeof subjects);
    assert_true(throttle_subjects(throttle, hex(address), user, &subjects));
    for (size_t i = 0; i < subjects.count; i++)
        assert_ptr_equal(subjects.all[i].limit, &throttle->of[i]);
    return subjects;
}

/* Which of its counters two logins share: a letter for each, '-' where they do not. */
static const char *shared(const throttle_subjects_t *a, const throttle_subjects_t *b)
{
    static char said[THROTTLE_KINDS + 1];
    assert_int_equal(a->count, b->count);
    memset(said, 0, sizeof said);
    for (size_t i = 0; i < a->count; i++)
        said[i] = memcmp(a->all[i].name, b->all[i].name, THROTTLE_NAME_LEN) == 0 ? "uabc"[i] : '-';
    return said;
}

static const char *alice_and(const char *address, const char *user, const char *other_address)
{
    const throttle_subjects_t a = subjects_of(&limits, other_address, "alice");
    const throttle_subjects_t b = subjects_of(&limits, address, user);
    return shared(&a, &b);
}

static void ipv4_is_counted_for_user_and_address(void **state)
{
    (void)state;
    assert_string_equal(alice_and("c0000201", "alice", "c0000201"), "ua");
    assert_string_equal(alice_and("c0000201", "CORP\\ALICE ", "c0000201"), "ua");
    assert_string_equal(alice_and("c0000201", "bob", "c0000201"), "-a");
    assert_string_equal(alice_and("c0000202", "alice", "c0000201"), "--");
    assert_string_equal(alice_and("00000000000000000000ffffc0000201", "alice", "c0000201"), "ua");
    assert_string_equal(alice_and("00000000000000000000ffffc0000202", "alice", "c0000201"), "--");
}

static void ipv6_is_counted_for_its_networks(void **state)
{
    (void)state;
    static const char one[] = "20010db8000100070000000000000001";
    static const struct {
        const char *address, *shared;
    } all[] = {
        {"20010db8000100070000000000000001", "uabc"}, {"20010db80001000700ffffffffffffff", "uabc"},
        {"20010db8000100080000000000000001", "--bc"}, {"20010db8000100ff0000000000000001", "--bc"},
        {"20010db8000101070000000000000001", "---c"}, {"20010db80001ff070000000000000001", "---c"},
        {"20010db8000200070000000000000001", "----"}, {"20010db9000100070000000000000001", "----"},
    };
    for (size_t i = 0; i < COUNT(all); i++)
        assert_string_equal(alice_and(all[i].address, "alice", one), all[i].shared);
    assert_string_equal(alice_and(one, "bob", one), "-abc");
}

static void no_counter_is_two_things_at_once(void **state)
{
    (void)state;
    static const throttle_limits_t same = {{{5, 300}, {5, 300}, {5, 300}, {5, 300}}};
    const throttle_subjects_t all[] = {subjects_of(&same, "20010db8000100000000000000000000", ""),
                                       subjects_of(&same, "20010db8", "")};
    const uint8_t *names[8];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(all); i++)
        for (size_t k = 0; k < all[i].count; k++) names[count++] = all[i].all[k].name;
    assert_int_equal(count, 6);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            assert_memory_not_equal(names[i], names[k], THROTTLE_NAME_LEN);
}

static void other_limits_are_counted_for_themselves(void **state)
{
    (void)state;
    const throttle_subjects_t a = subjects_of(&limits, "20010db8000100000000000000000000", "alice");
    const throttle_subjects_t b = subjects_of(&others, "20010db8000100000000000000000000", "alice");
    assert_string_equal(shared(&a, &b), "----");
}

/* Who has failed for the first three may be forgotten for the last one. */
static void the_last_one_has_all_if_it_counts_as_long(void **state)
{
    (void)state;
    static const struct {
        throttle_limits_t limits;
        bool ipv4, ipv6;
    } all[] = {
        {{{{5, 300}, {50, 300}, {100, 300}, {200, 300}}}, true, true},
        {{{{5, 300}, {50, 301}, {100, 300}, {200, 301}}}, true, true},
        {{{{5, 301}, {50, 300}, {100, 300}, {200, 300}}}, false, false},
        {{{{5, 300}, {50, 300}, {100, 301}, {200, 300}}}, true, false},
        {{{{5, 300}, {50, 301}, {100, 300}, {200, 300}}}, true, false},
        {{{{5, 86400}, {50, 1}, {100, 1}, {200, 86400}}}, false, true},
    };
    for (size_t i = 0; i < COUNT(all); i++) {
        assert_int_equal(subjects_of(&all[i].limits, "c0000201", "alice").last_has_all,
                         all[i].ipv4);
        assert_int_equal(
            subjects_of(&all[i].limits, "20010db8000100070000000000000001", "alice").last_has_all,
            all[i].ipv6);
    }
}

static void what_cannot_be_digested_is_nobodys(void **state)
{
    (void)state;
    throttle_subjects_t subjects;
    const bytes_t address = hex("c0000201");
    crypto_close();
    assert_false(throttle_subjects(&limits, address, "alice", &subjects));
    assert_null(crypto_open());
    assert_true(throttle_subjects(&limits, address, "alice", &subjects));
    assert_false(throttle_subjects(&limits, address, "a\xFF", &subjects));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ipv4_is_counted_for_user_and_address),
        cmocka_unit_test(ipv6_is_counted_for_its_networks),
        cmocka_unit_test(no_counter_is_two_things_at_once),
        cmocka_unit_test(other_limits_are_counted_for_themselves),
        cmocka_unit_test(the_last_one_has_all_if_it_counts_as_long),
        cmocka_unit_test(what_cannot_be_digested_is_nobodys),
    };
    return RUN_GROUP(tests);
}
