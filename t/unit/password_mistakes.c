/* The table of what is wrong with a password. */
#include "unit.h"

#include "../../lib/explain/hashed/password_mistakes.h"

static void every_mistake_has_its_row(void **state)
{
    (void)state;
    for (int i = 0; i < PASSWORD_MISTAKES; i++) {
        const remark_row_t *row = &hashed_password_remarks[i];
        assert_non_null(row->id);
        assert_int_equal(row->kind, REMARK_CAUSE);
        assert_non_null(row->sentence);
        for (int k = 0; k < i; k++) assert_string_not_equal(row->id, hashed_password_remarks[k].id);
    }
    assert_null(hashed_password_remarks[PASSWORD_MISTAKES].id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_mistake_has_its_row)};
    return RUN_GROUP(tests);
}
