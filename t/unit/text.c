/* Long texts, piece by piece. */
#include "unit.h"
#include "pool.h"

#include "../../lib/status/text.h"

static void pieces_become_one_text(void **state)
{
    (void)state;
    text_t text = text_begin(pool);
    assert_string_equal(text_all(text), "");
    for (int i = 0; i < 1000; i++) text_add(text, "%d%s", i % 10, "x");
    assert_int_equal(strlen(text_all(text)), 2000);
    assert_int_equal(strncmp(text_all(text), "0x1x2x", 6), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pieces_become_one_text)};
    return RUN_GROUP_IN_POOL(tests);
}
