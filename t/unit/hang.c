/* What all processes know of a server that does not answer. */
#include "unit.h"

#include "../../lib/helpers/hang.h"

enum { PAUSE = 5 };

static void it_lasts_until_one_is_answered(void **state)
{
    (void)state;
    hang_t hang = {0};
    assert_false(hang_lasts(&hang, 0));
    assert_false(hang_has_ended(&hang, 0));
    hang_begins(&hang, 100);
    assert_true(hang_lasts(&hang, 0));
    assert_true(hang_lasts(&hang, 99));
    hang_ends(&hang, 110);
    assert_false(hang_lasts(&hang, 0));
    assert_true(hang_has_ended(&hang, 109));
    assert_false(hang_has_ended(&hang, 110));
    hang_ends(&hang, 120); /* it has not hung again */
    assert_false(hang_has_ended(&hang, 110));
}

static void who_was_answered_since_knows_better(void **state)
{
    (void)state;
    hang_t hang = {0};
    hang_begins(&hang, 100);
    assert_false(hang_lasts(&hang, 100));
    assert_false(hang_lasts(&hang, 101));
}

static void it_begins_once(void **state)
{
    (void)state;
    hang_t hang = {0};
    hang_begins(&hang, 100);
    hang_begins(&hang, 200);
    assert_false(hang_lasts(&hang, 150));
}

static void one_a_pause_may_see(void **state)
{
    (void)state;
    hang_t hang = {0};
    assert_true(hang_probe(&hang, 100, PAUSE));
    assert_false(hang_probe(&hang, 100, PAUSE));
    assert_false(hang_probe(&hang, 104, PAUSE));
    assert_true(hang_probe(&hang, 105, PAUSE));
    assert_false(hang_probe(&hang, 109, PAUSE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_lasts_until_one_is_answered),
        cmocka_unit_test(who_was_answered_since_knows_better),
        cmocka_unit_test(it_begins_once),
        cmocka_unit_test(one_a_pause_may_see),
    };
    return RUN_GROUP(tests);
}
