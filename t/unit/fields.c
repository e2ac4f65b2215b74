/* Lengths and offsets as they stand in a Type 3. */
#include "planted.h"

#include "../../lib/explain/shape/fields.h"

static fields_t fields;

static void read_a_right_one(void)
{
    const plant_t client = right();
    assert_true(fields_read(plant(&client)->type3, &fields));
}

static void a_right_message_is_joined(void **state)
{
    (void)state;
    read_a_right_one();
    assert_true(fields_are_joined(&fields));
    assert_int_equal(fields.lowest, 72);
    assert_int_equal(fields.end, planted_len);
    assert_int_equal(fields.sum, planted_len - 72);
    assert_int_equal(fields.field[FIELD_USER].len, 10);
    assert_int_equal(fields.message_len, planted_len);
}

static void a_change_is_seen_after_the_sum(void **state)
{
    (void)state;
    read_a_right_one();
    fields.field[FIELD_DOMAIN].at += 2;
    fields_sum(&fields);
    assert_false(fields_are_joined(&fields));
    fields.field[FIELD_USER].at = 20;
    fields_sum(&fields);
    assert_false(fields_are_joined(&fields));
    assert_int_equal(fields.lowest, 20);
}

static void what_is_no_header_has_none(void **state)
{
    (void)state;
    static const uint8_t zeros[64] = {0};
    assert_false(fields_read((bytes_t){zeros, 59}, &fields));
    assert_false(fields_read((bytes_t){zeros, 64}, &fields));
    assert_false(fields_read(bytes_none(), &fields));
}

static void a_message_is_written_with_other_fields(void **state)
{
    (void)state;
    uint8_t room[CLIENT_MESSAGE_MAX];
    writer_t out = writer_to(room, sizeof room), small = writer_to(room, 40);
    read_a_right_one();
    assert_true(fields_write(&out, planted.type3, &fields));
    fields_t again;
    assert_true(fields_read(written(&out), &again));
    assert_int_equal(again.field[FIELD_USER].at, fields.field[FIELD_USER].at);
    assert_true(bytes_equal(bytes_from(written(&out), 60), bytes_from(planted.type3, 60)));
    assert_false(fields_write(&small, planted.type3, &fields));
    out = writer_to(room, sizeof room);
    fields.field[FIELD_USER].at = SIZE_MAX;
    assert_false(fields_write(&out, planted.type3, &fields));
    out = writer_to(room, sizeof room);
    fields.field[FIELD_USER] = (place_t){0x10000, 80};
    assert_false(fields_write(&out, planted.type3, &fields));
}

static void each_has_its_name(void **state)
{
    (void)state;
    assert_string_equal(field_name(FIELD_LM), "LmChallengeResponse");
    assert_string_equal(field_name(FIELD_KEY), "EncryptedRandomSessionKey");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_right_message_is_joined),  TEST(a_change_is_seen_after_the_sum),
        TEST(what_is_no_header_has_none), TEST(a_message_is_written_with_other_fields),
        TEST(each_has_its_name),
    };
    return RUN_GROUP(tests);
}
