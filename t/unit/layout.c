/* Lengths and offsets of a Type 3 that are wrong in a way that is known. */
#include "planted.h"

#include "../../lib/explain/shape/layout.h"

enum { LM, NT, DOMAIN, USER, WORKSTATION, SESSION_KEY, FIELDS };

static size_t get(size_t at, size_t size)
{
    size_t value = 0;
    while (size-- > 0) value = value << 8 | planted_type3[at + size];
    return value;
}

static void set(size_t at, size_t size, size_t value)
{
    for (; size-- > 0; value >>= 8) planted_type3[at++] = (uint8_t)value;
}

static size_t len_at(size_t field)
{
    return 12 + 8 * field;
}

static size_t offset_at(size_t field)
{
    return 16 + 8 * field;
}

static void add_to_offsets(size_t by)
{
    for (size_t i = 0; i < FIELDS; i++) set(offset_at(i), 4, get(offset_at(i), 4) + by);
}

static void swap(size_t at, size_t size)
{
    for (size_t i = 0; i < size / 2; i++) {
        const uint8_t byte = planted_type3[at + i];
        planted_type3[at + i] = planted_type3[at + size - 1 - i];
        planted_type3[at + size - 1 - i] = byte;
    }
}

static replay_t *fresh(void)
{
    const plant_t client = right();
    return plant(&client);
}

static const char *said(replay_t *replay)
{
    assert_null(replay_run(replay));
    assert_int_not_equal(replay->status, NTLM_OK);
    return said_by(layout_causes, &(subject_t){.replay = replay});
}

static void a_message_that_is_whole_has_no_mistake(void **state)
{
    (void)state;
    replay_t *replay = fresh();
    assert_string_equal(judged_by(layout_causes, replay, NTLM_OK), "");
    replay->key.nt_hash[0] ^= 1;
    assert_string_equal(judged_by(layout_causes, replay, NTLM_WRONG_PASSWORD), "");
    assert_true(layout_fits(replay->type3, CLIENT_FLAGS));
    assert_string_equal(said_by(layout_causes, &(subject_t){.replay = NULL}), "");
}

static void offsets_that_count_from_elsewhere_are_named(void **state)
{
    (void)state;
    replay_t *replay = fresh();
    add_to_offsets((size_t)-72);
    assert_string_equal(said(replay), "offsets-relative");
    replay = fresh();
    for (size_t i = 0; i < FIELDS; i++) set(offset_at(i), 4, get(offset_at(i), 4) - 12 - 8 * i);
    assert_string_equal(said(replay), "offsets-from-field");
    replay = fresh();
    for (size_t i = 0; i < FIELDS; i++) set(offset_at(i), 4, 0);
    assert_string_equal(said(replay), "offsets-zero");
}

static void offsets_that_are_shifted_are_named(void **state)
{
    (void)state;
    const int few[] = {2, -2, 1, -1, 8, 16, -8};
    for (size_t i = 0; i < sizeof few / sizeof few[0]; i++) {
        replay_t *replay = fresh();
        add_to_offsets((size_t)few[i]);
        assert_string_equal(said(replay), "offsets-shifted");
    }
    replay_t *replay = fresh();
    add_to_offsets(0x1000);
    assert_string_equal(said(replay), "offsets-beyond");
}

static void lengths_in_characters_are_named(void **state)
{
    (void)state;
    plant_t client = right();
    const char *const users[] = {"alice", "bobo"};
    for (size_t i = 0; i < 2; i++) {
        client.user = users[i];
        replay_t *replay = plant(&client);
        for (size_t field = DOMAIN; field <= WORKSTATION; field++)
            set(len_at(field), 2, get(len_at(field), 2) / 2);
        assert_string_equal(said(replay), "lengths-in-characters");
    }
    for (size_t field = DOMAIN; field <= WORKSTATION; field++) {
        replay_t *replay = plant(&client);
        replay->key.nt_hash[0] ^= 1;
        set(len_at(field), 2, get(len_at(field), 2) / 2);
        assert_string_equal(said(replay), "lengths-in-characters");
    }
}

static void one_number_that_is_wrong_is_named(void **state)
{
    (void)state;
    const int few[] = {2, -2, 4, -16, 1};
    for (size_t i = 0; i < sizeof few / sizeof few[0]; i++)
        for (size_t field = NT; field <= WORKSTATION; field++) {
            replay_t *replay = fresh();
            replay->key.nt_hash[0] ^= 1;
            set(offset_at(field), 4, get(offset_at(field), 4) + (size_t)few[i]);
            assert_string_equal(said(replay), "offset-wrong");
        }
    for (size_t field = DOMAIN; field <= WORKSTATION; field++)
        for (size_t by = 1; by < 4; by++) {
            replay_t *replay = fresh();
            replay->key.nt_hash[0] ^= 1;
            set(len_at(field), 2, get(len_at(field), 2) + by);
            assert_string_equal(said(replay), "length-wrong");
        }
}

/* Some leave gaps, and are let in. */
static void a_gap_is_no_mistake(void **state)
{
    (void)state;
    for (size_t gap = 1; gap < 5; gap++) {
        replay_t *replay = fresh();
        replay->key.nt_hash[0] ^= 1;
        const size_t at = get(offset_at(USER), 4), end = planted_len;
        memmove(planted_type3 + at + gap, planted_type3 + at, end - at);
        memset(planted_type3 + at, 0, gap);
        for (size_t i = 0; i < FIELDS; i++)
            if (get(offset_at(i), 4) >= at) set(offset_at(i), 4, get(offset_at(i), 4) + gap);
        replay->type3.len += gap;
        assert_string_equal(said(replay), "");
    }
}

static void big_endian_numbers_are_named(void **state)
{
    (void)state;
    static const char *const ids[] = {"lengths-big-endian", "offsets-big-endian",
                                      "fields-big-endian"};
    for (int which = 1; which <= 3; which++) {
        replay_t *replay = fresh();
        for (size_t i = 0; i < FIELDS; i++) {
            if (which & 1) swap(len_at(i), 2);
            if (which & 2) swap(offset_at(i), 4);
        }
        assert_string_equal(said(replay), ids[which - 1]);
    }
}

static void a_message_that_was_cut_is_named(void **state)
{
    (void)state;
    replay_t *replay = fresh();
    const size_t lens[] = {planted_len - 1, planted_len - 20, 100, 72, 63, 20};
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        replay = fresh();
        replay->type3.len = lens[i];
        assert_string_equal(said(replay), "message-truncated");
    }
}

static void a_field_outside_is_named(void **state)
{
    (void)state;
    replay_t *replay = fresh();
    set(offset_at(USER), 4, 0xFFFFFFF0);
    assert_string_equal(said(replay), "field-outside");
    replay = fresh();
    set(len_at(NT), 2, 0xFFFF);
    assert_string_equal(said(replay), "field-outside");
    replay = fresh();
    set(offset_at(USER), 4, 40);
    assert_string_equal(said(replay), "field-in-header");
}

/* The header of NT 4 ends at 52, where the payload begins. */
static void a_header_of_52_bytes_is_named(void **state)
{
    (void)state;
    replay_t *replay = fresh();
    memmove(planted_type3 + 52, planted_type3 + 72, planted_len - 72);
    replay->type3.len = planted_len - 20;
    for (size_t i = 0; i < SESSION_KEY; i++) set(offset_at(i), 4, get(offset_at(i), 4) - 20);
    assert_string_equal(said(replay), "header-short");
}

static void responses_that_are_swapped_are_named(void **state)
{
    (void)state;
    replay_t *replay = fresh();
    uint8_t lm[8];
    memcpy(lm, planted_type3 + len_at(LM), 8);
    memcpy(planted_type3 + len_at(LM), planted_type3 + len_at(NT), 8);
    memcpy(planted_type3 + len_at(NT), lm, 8);
    assert_string_equal(judged_by(layout_causes, replay, NTLM_NTLMV1), "responses-swapped");
}

static void what_is_not_known_is_not_named(void **state)
{
    (void)state;
    replay_t *replay = fresh();
    memset(planted_type3 + get(offset_at(NT), 4) + 16, 9, 2);
    assert_string_equal(said(replay), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_message_that_is_whole_has_no_mistake),
        TEST(offsets_that_count_from_elsewhere_are_named),
        TEST(offsets_that_are_shifted_are_named),
        TEST(lengths_in_characters_are_named),
        TEST(one_number_that_is_wrong_is_named),
        TEST(a_gap_is_no_mistake),
        TEST(big_endian_numbers_are_named),
        TEST(a_message_that_was_cut_is_named),
        TEST(a_field_outside_is_named),
        TEST(a_header_of_52_bytes_is_named),
        TEST(responses_that_are_swapped_are_named),
        TEST(what_is_not_known_is_not_named),
    };
    return RUN_GROUP(tests);
}
