/* Why an answer to a challenge finds none. */
#include "unit.h"

#include "../../lib/finding/gone.h"

static void each_reason_has_words_of_its_own(void **state)
{
    (void)state;
    for (gone_t i = 0; i < GONE_COUNT; i++) {
        assert_non_null(gone_words(i, false, false));
        for (gone_t j = 0; j < i; j++)
            assert_string_not_equal(gone_words(i, false, false), gone_words(j, false, false));
    }
}

static void the_first_request_of_a_connection_is_told_from_later_ones(void **state)
{
    (void)state;
    assert_string_equal(gone_words(GONE_NEVER_SENT, true, false),
                        "it is the first request of its "
                        "connection: the challenge went to "
                        "another one");
    assert_string_equal(gone_words(GONE_NEVER_SENT, false, false),
                        "no challenge was sent on this connection");
    assert_string_equal(gone_words(GONE_BY_NO_TOKEN, true, false),
                        gone_words(GONE_BY_NO_TOKEN, false, false));
}

static void an_answer_that_was_given_needs_no_words(void **state)
{
    (void)state;
    assert_null(gone_words(GONE_BY_REFUSAL, false, true));
    assert_non_null(gone_words(GONE_BY_NO_TOKEN, false, true)); /* a later challenge */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reason_has_words_of_its_own),
        cmocka_unit_test(an_answer_that_was_given_needs_no_words),
        cmocka_unit_test(the_first_request_of_a_connection_is_told_from_later_ones),
    };
    return RUN_GROUP(tests);
}
