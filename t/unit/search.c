/* Which mistakes are named: all that fit. */
#include "unit.h"

#include "../../lib/explain/hashed/search.h"

static const remark_row_t first[] = {
    {.id = "a", .sentence = "A"}, {.id = "b", .sentence = "B"}, {.id = NULL}};
static const remark_row_t second[] = {
    {.id = "c", .sentence = "C"}, {.id = "d", .sentence = "D"}, {.id = NULL}};
static const remark_row_t *const steps[] = {first, second};

/* Those that give the bytes, as two digits each. */
static bool is_one_of(const void *known, const choice_t *choice)
{
    const int *codes = known;
    for (; *codes >= 0; codes++)
        if (*codes == choice->way[0] * 10 + choice->way[1]) return true;
    return false;
}

static diagnosis_t found(const int *codes, bool (*how)(diagnosis_t *, const search_t *))
{
    diagnosis_t diagnosis = {.causes.count = 0};
    const search_t search = {.steps = steps, .steps_count = 2, .fits = is_one_of, .known = codes};
    const bool said = how(&diagnosis, &search);
    assert_int_equal(said, diagnosis.causes.count > 0);
    return diagnosis;
}

static void all_single_mistakes_that_fit_are_named(void **state)
{
    (void)state;
    const diagnosis_t diagnosis = found((const int[]){10, 2, 11, 22, -1}, search_singles);
    assert_int_equal(diagnosis.causes.count, 2);
    assert_string_equal(diagnosis.causes.list[0].id, "a");
    assert_string_equal(diagnosis.causes.list[1].id, "d");
}

static void all_pairs_that_fit_are_named(void **state)
{
    (void)state;
    const diagnosis_t diagnosis = found((const int[]){10, 11, 22, -1}, search_pairs);
    assert_int_equal(diagnosis.causes.count, 2);
    assert_string_equal(diagnosis.causes.list[0].id, "a+c");
    assert_string_equal(diagnosis.causes.list[1].id, "b+d");
}

static void what_is_right_is_no_mistake(void **state)
{
    (void)state;
    assert_int_equal(found((const int[]){0, -1}, search_singles).causes.count, 0);
    assert_int_equal(found((const int[]){0, -1}, search_pairs).causes.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_single_mistakes_that_fit_are_named),
        cmocka_unit_test(all_pairs_that_fit_are_named),
        cmocka_unit_test(what_is_right_is_no_mistake),
    };
    return RUN_GROUP(tests);
}
