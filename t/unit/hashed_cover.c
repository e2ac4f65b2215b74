/* Which bytes clients have computed the MIC over. */
#include "replays.h"
#include "ways.h"

#include "../../lib/explain/hashed/hashed_cover.h"

/* "ONE", "TWO", and a Type 3 whose field of the MIC is "the MIC's 16 byte". */
static uint8_t message[CLIENT_MESSAGE_MAX];
static type3_t type3;
enum { MIC_AT = 72, PAYLOAD = MIC_AT + NTLM_MIC_LEN };

static covered_t covered(const char *field_id, const char *cover_id)
{
    replay_t *replay = replay_login(&alice, 0);
    memcpy(message, replay->type3.data, replay->type3.len);
    memcpy(message + MIC_AT, "the MIC's 16 byte", NTLM_MIC_LEN);
    assert_null(type3_parse((bytes_t){message, replay->type3.len}, &type3));
    return (covered_t){.type1 = bytes_of("ONE"),
                       .type2 = bytes_of("TWO"),
                       .type3 = &type3,
                       .mic_at = MIC_AT,
                       .flags = {'f', 'l', 'a', 'g'},
                       .field_way = *field_id ? way_of(mic_field_remarks, field_id) : 0,
                       .cover_way = *cover_id ? way_of(mic_cover_remarks, cover_id) : 0};
}

static bytes_t joined(covered_t guess)
{
    static uint8_t room[CLIENT_MESSAGE_MAX], text[4 * COVERED_MAX];
    writer_t out = writer_to(room, sizeof room), texts = writer_to(text, sizeof text);
    covered_parts_t parts;
    assert_true(covered_parts(&guess, &texts, &parts));
    for (size_t i = 0; i < parts.count; i++) write_bytes(&out, parts.part[i]);
    return written(&out);
}

/* What stands before the Type 3 is as it must be, and so is that itself but for some bytes. */
static void assert_type3(bytes_t bytes, size_t at, const char *other, size_t len)
{
    static uint8_t wanted[CLIENT_MESSAGE_MAX];
    memcpy(wanted, message, type3.message.len);
    memset(wanted + MIC_AT, 0, NTLM_MIC_LEN);
    memcpy(wanted + at, other, len);
    assert_these(((bytes_t){bytes.data, 6}), "ONETWO", 6);
    assert_these(bytes_from(bytes, 6), wanted, type3.message.len);
}

static void the_field_of_the_mic_is_zeros(void **state)
{
    (void)state;
    assert_type3(joined(covered("", "")), 0, "", 0);
}

static void other_forms_of_the_type3_are_guessed(void **state)
{
    static const char ones[] = "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF";
    (void)state;
    assert_type3(joined(covered("mic-field-not-zeroed", "")), MIC_AT, ones, NTLM_MIC_LEN);
    assert_type3(joined(covered("version-after-mic", "")), 64, "\0\0\0\0\0\0\0\0", 8);
    assert_type3(joined(covered("flags-after-mic", "")), 60, "flag", 4);
    const bytes_t cut = joined(covered("mic-field-cut-out", ""));
    assert_int_equal(cut.len, 6 + type3.message.len - NTLM_MIC_LEN);
    assert_memory_equal(cut.data + 6 + MIC_AT, message + PAYLOAD, type3.message.len - PAYLOAD);
    assert_int_equal(joined(covered("mic-over-header", "")).len, 6 + PAYLOAD);
}

static void a_mic_in_the_place_of_the_version_has_its_field_there(void **state)
{
    (void)state;
    const covered_t guess = covered("mic-before-version", "");
    assert_int_equal(covered_mic_at(&guess), 64);
    const bytes_t bytes = joined(guess);
    assert_memory_equal(bytes.data + 6 + 64, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0 16 byte", 16);
    assert_memory_equal(bytes.data + 6 + 80, message + 80, type3.message.len - 80);
}

static void what_stands_behind_the_last_field_may_have_been_appended(void **state)
{
    (void)state;
    const size_t whole = joined(covered("", "")).len;
    covered_t guess = covered("bytes-after-mic", "");
    assert_null(type3_parse((bytes_t){message, type3.message.len + 5}, &type3));
    assert_int_equal(joined(guess).len, whole);
    guess.field_way = 0;
    assert_int_equal(joined(guess).len, whole + 5);
}

static void other_messages_are_guessed(void **state)
{
    (void)state;
    assert_memory_equal(joined(covered("", "mic-without-type1")).data, "TWONTLM", 7);
    assert_memory_equal(joined(covered("", "mic-without-type2")).data, "ONENTLM", 7);
    assert_memory_equal(joined(covered("", "mic-over-type3-only")).data, "NTLM", 4);
    assert_memory_equal(joined(covered("", "mic-type2-first")).data, "TWOONENTLM", 10);
    assert_these(joined(covered("", "mic-without-type3")), "ONETWO", 6);
    assert_memory_equal(joined(covered("", "mic-over-base64")).data, "T05FVFdPTlRMTVNTU", 17);
}

static void other_type1s_are_guessed(void **state)
{
    covered_t guess = covered("", "mic-over-type1-without-version");
    (void)state;
    guess.type1 = bytes_of("The first 32 bytes of a Type 1, |and more");
    assert_memory_equal(joined(guess).data, "The first 32 bytes of a Type 1, TWO", 35);
    guess.cover_way = way_of(mic_cover_remarks, "mic-over-other-type1");
    assert_memory_equal(joined(guess).data, "The first 32flages of a Type 1, |and more", 41);
}

static void it_is_known_which_flags_are_guessed(void **state)
{
    const covered_t none = covered("", ""), third = covered("flags-after-mic", ""),
                    first = covered("", "mic-over-other-type1");
    (void)state;
    assert_false(covered_flags(&none).wanted);
    assert_int_equal(covered_flags(&third).at, 60);
    assert_ptr_equal(covered_flags(&third).message.data, message);
    assert_int_equal(covered_flags(&first).at, 12);
    assert_ptr_equal(covered_flags(&first).message.data, first.type1.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_field_of_the_mic_is_zeros),
        TEST(other_forms_of_the_type3_are_guessed),
        TEST(a_mic_in_the_place_of_the_version_has_its_field_there),
        TEST(what_stands_behind_the_last_field_may_have_been_appended),
        TEST(other_messages_are_guessed),
        TEST(other_type1s_are_guessed),
        TEST(it_is_known_which_flags_are_guessed),
    };
    return RUN_GROUP(tests);
}
