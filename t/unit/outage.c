/* What is news of a controller that cannot be asked. */
#include "folder.h"

#include "../../lib/creds/verify/outage.h"

static void an_outage_is_news_once_and_so_is_its_end(void **state)
{
    (void)state;
    outage_t *outage = outage_open(pool);
    assert_false(outage_ends(outage));
    for (int i = 0; i < 2; i++) {
        assert_true(outage_begins(outage));
        assert_false(outage_begins(outage));
        assert_true(outage_ends(outage));
        assert_false(outage_ends(outage));
    }
}

static void what_he_cannot_decide_is_told_once_a_minute(void **state)
{
    (void)state;
    outage_t *outage = outage_open(pool);
    const apr_time_t start = apr_time_from_sec(1000), minute = apr_time_from_sec(60);
    assert_true(outage_grumbles(outage, start));
    assert_false(outage_grumbles(outage, start + minute - 1));
    assert_true(outage_grumbles(outage, start + minute));
    assert_false(outage_grumbles(outage, start + minute));
    assert_true(outage_begins(outage)); /* that was none */
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_outage_is_news_once_and_so_is_its_end),
        cmocka_unit_test(what_he_cannot_decide_is_told_once_a_minute),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
