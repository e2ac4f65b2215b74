/* A response that is laid out otherwise than MS-NLMP 2.2.2.7 has it. */
#include "planted.h"

#include "../../lib/explain/shape/blob.h"

enum { NT_LEN_AT = 20, NT_OFFSET_AT = 24, PAIRS_AT = 44 };

/* The NT response of a right login, with room behind it. */
static uint8_t nt[2048];
static size_t nt_len;

static void fresh_nt(void)
{
    const plant_t client = right();
    reader_t in = reader_over(bytes_from(plant(&client)->type3, NT_LEN_AT));
    nt_len = read_u16(&in);
    (void)read_u16(&in);
    memcpy(nt, bytes_from(planted.type3, read_u32(&in)).data, nt_len);
}

/* What is said of it, at the end of the message. */
static const char *of_nt(void)
{
    const plant_t client = right();
    replay_t *replay = plant(&client);
    writer_t field = writer_to(planted_type3 + NT_LEN_AT, 8);
    write_field(&field, nt_len, planted_len);
    memcpy(planted_type3 + planted_len, nt, nt_len);
    replay->type3.len += nt_len;
    return judged_by(blob_causes, replay, NTLM_MALFORMED);
}

static const char *of_pairs(const char *pairs)
{
    const bytes_t bytes = hex(pairs);
    fresh_nt();
    memcpy(nt + PAIRS_AT, bytes.data, bytes.len);
    nt_len = PAIRS_AT + bytes.len;
    return of_nt();
}

static void insert(size_t at, const char *bytes, size_t len)
{
    memmove(nt + at + len, nt + at, nt_len - at);
    memcpy(nt + at, bytes, len);
    nt_len += len;
}

static void a_right_response_has_none(void **state)
{
    (void)state;
    const plant_t client = right();
    assert_string_equal(judged_by(blob_causes, plant(&client), NTLM_OK), "");
    assert_string_equal(said_by(blob_causes, &(subject_t){.replay = NULL}), "");
}

static void a_beginning_that_is_wrong_is_named(void **state)
{
    (void)state;
    fresh_nt();
    nt_len = 43;
    assert_string_equal(of_nt(), "response-too-short");
    fresh_nt();
    insert(nt_len, (const char[16]){0}, 16); /* the proof, behind what it covers */
    memmove(nt, nt + 16, nt_len -= 16);
    assert_string_equal(of_nt(), "proof-at-end");
    fresh_nt();
    memmove(nt, nt + 16, nt_len -= 16);
    assert_string_equal(of_nt(), "proof-missing");
    fresh_nt();
    insert(16, "0123456789abcdef", 16);
    assert_string_equal(of_nt(), "proof-length");
    fresh_nt();
    insert(16, "0123", 4);
    assert_string_equal(of_nt(), "proof-length");
}

static void types_that_are_not_1_are_named(void **state)
{
    (void)state;
    for (size_t at = 16; at < 18; at++)
        for (uint8_t type = 0; type < 3; type += 2) {
            fresh_nt();
            nt[at] = type;
            assert_string_equal(of_nt(), "resp-type");
        }
}

static void pairs_at_another_place_are_named(void **state)
{
    (void)state;
    fresh_nt();
    memmove(nt + 40, nt + 44, (nt_len -= 4) - 40);
    assert_string_equal(of_nt(), "pairs-displaced");
    fresh_nt();
    insert(44, "\xFF\xFF\xFF\xFF", 4);
    assert_string_equal(of_nt(), "pairs-displaced");
}

static void pairs_that_break_rules_are_named(void **state)
{
    (void)state;
    assert_string_equal(of_pairs("0002000443004f00"
                                 "0006000402000000"
                                 "00000000"),
                        "pairs-big-endian");
    assert_string_equal(of_pairs("06000400020000000600040000000000"
                                 "00000000"),
                        "av-pair-twice");
    assert_string_equal(of_pairs("09000200410009000200410000000000"), "av-pair-twice");
    assert_string_equal(of_pairs("0200040043004f005200500007000800111111111111111100000000"),
                        "pairs-in-characters");
    assert_string_equal(of_pairs("060002000200"
                                 "00000000"),
                        "av-pair-length");
    assert_string_equal(of_pairs("0700040000000000"
                                 "00000000"),
                        "av-pair-length");
    assert_string_equal(of_pairs("0a0004000000000000000000"), "binding-length");
    assert_string_equal(of_pairs("0200040043004f00"), "pairs-no-end");
    assert_string_equal(of_pairs("0100020041000000040000000000"), "pairs-end-length");
    assert_string_equal(of_pairs("02000800430"
                                 "04f00"),
                        "pairs-broken");
    assert_string_equal(of_pairs("0200040043004f000100"), "pairs-broken");
}

static void what_is_refused_before_has_none(void **state)
{
    (void)state;
    const plant_t client = right();
    replay_t *replay = plant(&client);
    replay->type3.len = 63;
    assert_string_equal(judged_by(blob_causes, replay, NTLM_MALFORMED), "");
    diagnosis_t diagnosis = {.causes.count = 1};
    (void)of_pairs("060002000200"
                   "00000000");
    blob_causes(&diagnosis, &(subject_t){.replay = &planted});
    assert_int_equal(diagnosis.causes.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_right_response_has_none),        TEST(a_beginning_that_is_wrong_is_named),
        TEST(types_that_are_not_1_are_named),   TEST(pairs_at_another_place_are_named),
        TEST(pairs_that_break_rules_are_named), TEST(what_is_refused_before_has_none),
    };
    return RUN_GROUP(tests);
}
