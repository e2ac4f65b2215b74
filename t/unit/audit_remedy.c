/* Every reason that the module logs has its row, and there is no other. */
#include "unit.h"

#include "../../lib/audit/audit_remedy.h"
#include "../../lib/http/reason.h"

static void the_words_are_those_of_the_log(void **state)
{
    (void)state;
    assert_int_equal(AUDIT_REMEDY_COUNT, REASON_COUNT);
    for (reason_t reason = REASON_UNKNOWN; reason < REASON_COUNT; reason++) {
        const char *word = reason_word(reason) ? reason_word(reason) : "-";
        size_t row = audit_remedy_of(bytes_of(word));
        assert_string_equal(audit_remedy(row)->why, word);
    }
}

static void a_word_of_nobody_is_no_reason(void **state)
{
    (void)state;
    assert_int_equal(audit_remedy_of(bytes_of("raw ")), 0);
    assert_int_equal(audit_remedy_of(bytes_none()), 0);
    assert_string_equal(audit_remedy(0)->why, "-");
}

static void each_row_says_what_to_write(void **state)
{
    (void)state;
    for (size_t i = 0; i < AUDIT_REMEDY_COUNT; i++) {
        assert_non_null(audit_remedy(i)->meaning);
        assert_non_null(audit_remedy(i)->lines[0]);
        assert_null(audit_remedy(i)->lines[2]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_words_are_those_of_the_log),
        cmocka_unit_test(a_word_of_nobody_is_no_reason),
        cmocka_unit_test(each_row_says_what_to_write),
    };
    return RUN_GROUP(tests);
}
