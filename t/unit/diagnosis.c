/* Remarks: each once, by its id, in the list of its kind. */
#include "unit.h"

#include <string.h>

#include "../../lib/explain/diagnosis.h"

static const remark_row_t cause = {.id = "one", .kind = REMARK_CAUSE, .sentence = "it did one"};
static const remark_row_t other = {.id = "two", .kind = REMARK_CAUSE, .sentence = "it did two"};
static const remark_row_t warning = {
    .id = "three", .kind = REMARK_WARNING, .sentence = "it did three", .source = "MS-NLMP 3"};

static void a_remark_stands_once_in_the_list_of_its_kind(void **state)
{
    (void)state;
    diagnosis_t diagnosis = {.causes.count = 0};
    diagnosis_add(&diagnosis, &cause, NULL);
    diagnosis_add(&diagnosis, &cause, "again");
    diagnosis_add(&diagnosis, &warning, "%d bytes", 16);
    assert_int_equal(diagnosis.causes.count, 1);
    assert_string_equal(diagnosis.causes.list[0].text, "it did one");
    assert_int_equal(diagnosis.warnings.count, 1);
    assert_string_equal(diagnosis.warnings.list[0].text, "it did three: 16 bytes");
    assert_string_equal(diagnosis.warnings.list[0].source, "MS-NLMP 3");
}

static void two_mistakes_at_once_are_one_remark(void **state)
{
    (void)state;
    diagnosis_t diagnosis = {.causes.count = 0};
    diagnosis_add_two(&diagnosis, &cause, &other);
    assert_int_equal(diagnosis.causes.count, 1);
    assert_string_equal(diagnosis.causes.list[0].id, "one+two");
    assert_string_equal(diagnosis.causes.list[0].text, "it did one; and it did two");
    diagnosis_add_two(&diagnosis, &other, &cause);
    assert_int_equal(diagnosis.causes.count, 1);
}

static void more_than_there_is_room_for_is_said(void **state)
{
    (void)state;
    diagnosis_t diagnosis = {.causes.count = 0};
    char ids[REMARKS_MAX + 1][2] = {{0}};
    for (int i = 0; i <= REMARKS_MAX; i++) {
        ids[i][0] = (char)('a' + i);
        const remark_row_t row = {.id = ids[i], .kind = REMARK_CAUSE, .sentence = "so"};
        assert_int_equal(diagnosis.causes.more, false);
        diagnosis_add(&diagnosis, &row, NULL);
    }
    assert_int_equal(diagnosis.causes.count, REMARKS_MAX);
    assert_true(diagnosis.causes.more);
}

static void words_end_where_their_room_does(void **state)
{
    (void)state;
    diagnosis_t diagnosis = {.causes.count = 0};
    diagnosis_add(&diagnosis, &cause, "%*s", 2 * REMARK_TEXT_MAX, "end");
    assert_int_equal(strlen(diagnosis.causes.list[0].text), REMARK_TEXT_MAX - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_remark_stands_once_in_the_list_of_its_kind),
        cmocka_unit_test(two_mistakes_at_once_are_one_remark),
        cmocka_unit_test(more_than_there_is_room_for_is_said),
        cmocka_unit_test(words_end_where_their_room_does),
    };
    return RUN_GROUP(tests);
}
