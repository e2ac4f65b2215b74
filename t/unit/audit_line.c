/* What a line says, before anything is known, and its words. */
#include "unit.h"

#include "../../lib/audit/audit_line.h"

static void nothing_is_known_of_an_empty_line(void **state)
{
    (void)state;
    audit_line_t line = audit_line_empty(AUDIT_JSON_LOG);
    for (unsigned i = 0; i < AUDIT_FIELD_COUNT; i++)
        assert_true(audit_line_says(&line, (audit_field_t)i, "-"));
    assert_bytes(line.client, "2d");
    assert_bytes(line.agent, "2d");
    assert_int_equal(line.source, AUDIT_JSON_LOG);
    assert_false(line.is_dated || line.is_kept);
}

static void a_field_says_a_word_byte_by_byte(void **state)
{
    (void)state;
    audit_line_t line = audit_line_empty(AUDIT_ERROR_LOG);
    line.fields[AUDIT_MIC] = bytes_of("ok");
    assert_true(audit_line_says(&line, AUDIT_MIC, "ok"));
    assert_false(audit_line_says(&line, AUDIT_MIC, "OK"));
    assert_false(audit_line_says(&line, AUDIT_MIC, "o"));
    assert_false(audit_line_says(&line, AUDIT_MIC, "ok!"));
}

static void every_field_has_another_name(void **state)
{
    (void)state;
    for (unsigned i = 0; i < AUDIT_FIELD_COUNT; i++)
        for (unsigned k = 0; k < i; k++)
            assert_string_not_equal(audit_field_name((audit_field_t)i),
                                    audit_field_name((audit_field_t)k));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_known_of_an_empty_line),
        cmocka_unit_test(a_field_says_a_word_byte_by_byte),
        cmocka_unit_test(every_field_has_another_name),
    };
    return RUN_GROUP(tests);
}
