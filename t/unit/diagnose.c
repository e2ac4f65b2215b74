/* The diagnosis as a whole, and the table of ids. */
#include "replays.h"

#include <string.h>

#include "../../lib/explain/causes/diagnose.h"

static void every_id_is_there_once(void **state)
{
    (void)state;
    for (size_t i = 0; remark_tables[i]; i++)
        for (const remark_row_t *row = remark_tables[i]; row->id; row++) {
            assert_ptr_equal(remark_find(row->id), row);
            assert_true(strlen(row->id) < REMARK_ID_MAX / 2);
            assert_int_equal(strspn(row->id, "abcdefghijklmnopqrstuvwxyz0123456789-"),
                             strlen(row->id));
            assert_true(strlen(row->sentence) > 0);
            assert_true(row->sentence[strlen(row->sentence) - 1] != '.');
        }
    assert_null(remark_find("no-such-id"));
}

static void of_nothing_nothing_is_said(void **state)
{
    (void)state;
    diagnosis_t diagnosis;
    const subject_t subject = {.replay = NULL};
    memset(&diagnosis, 0xFF, sizeof diagnosis);
    diagnose(&diagnosis, &subject);
    assert_int_equal(diagnosis.causes.count, 0);
    assert_int_equal(diagnosis.warnings.count, 0);
}

static void each_family_has_its_say(void **state)
{
    (void)state;
    diagnosis_t diagnosis;
    client_t client = signing_alice();
    client.domain = "Corp";
    client.hash_domain = "CORP";
    const subject_t subject = {.replay = replay_login(&client, 0)};
    diagnose(&diagnosis, &subject);
    assert_int_equal(diagnosis.warnings.count, 2);
    assert_string_equal(diagnosis.warnings.list[0].id, "domain-upper-cased");
    assert_string_equal(diagnosis.warnings.list[1].id, "timestamp-far-off");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_id_is_there_once),
        TEST(of_nothing_nothing_is_said),
        TEST(each_family_has_its_say),
    };
    return RUN_GROUP(tests);
}
