/* The client's side of NTLMv2, by the values of MS-NLMP 4.2. */
#include "unit.h"

#include "../../lib/ntlm/basic/answer.h"
#include "../../lib/ntlm/unicode.h"

/* MS-NLMP 4.2.1, 4.2.4.1 and 4.2.4.2 */
#define NT_HASH "a4f49c406510bdcab6824ee7c30fd852"
#define KEY "0c868a403bfd7a93a3001ef22ef02e3f"
#define CHALLENGE "0123456789abcdef"
#define PAIRS "02000c0044006f006d00610069006e0001000c0053006500720076006500720000000000"
#define RESPONSE                                                                                   \
    "68cd0ab851e51c96aabc927bebef6a1c"                                                             \
    "01010000000000000000000000000000aaaaaaaaaaaaaaaa00000000" PAIRS "00000000"
#define ZEROS "00000000000000000000000000000000"

static uint8_t key[NTLM_KEY_LEN], room[256];

static bytes_t in_utf16(const char *text)
{
    static uint8_t names[2][64];
    static int next;
    writer_t out = writer_to(names[next++ % 2], sizeof names[0]);
    assert_true(unicode_write_utf8(&out, text));
    return written(&out);
}

static bool answers(writer_t *out, uint64_t timestamp)
{
    const answer_t said = {timestamp, 0xAAAAAAAAAAAAAAAAU, hex(PAIRS)};
    return answer_write(out, hex(KEY).data, hex(CHALLENGE).data, &said);
}

static void the_published_key_is_computed(void **state)
{
    (void)state;
    assert_true(answer_key(hex(NT_HASH).data, in_utf16("User"), in_utf16("Domain"), key));
    assert_key(key, KEY);
}

static void the_published_response_is_written(void **state)
{
    (void)state;
    writer_t out = writer_to(room, sizeof room);
    assert_true(answers(&out, 0));
    assert_bytes(written(&out), RESPONSE);
}

/* User and domain are in two cases: the first is always upper, the second never changed. */
static void the_user_is_hashed_in_upper_case_and_the_domain_as_it_is(void **state)
{
    (void)state;
    assert_true(answer_key(hex(NT_HASH).data, in_utf16("uSER"), in_utf16("Domain"), key));
    assert_key(key, KEY);
    assert_true(answer_key(hex(NT_HASH).data, in_utf16("USER"), in_utf16("DOMAIN"), key));
    assert_memory_not_equal(key, hex(KEY).data, sizeof key);
}

/* Windows 7 and later leave the final sigma alone: it is not the capital one. */
static void upper_case_is_that_of_windows_7(void **state)
{
    (void)state;
    uint8_t other[NTLM_KEY_LEN];
    assert_true(answer_key(hex(NT_HASH).data, in_utf16("σ"), bytes_none(), key));
    assert_true(answer_key(hex(NT_HASH).data, in_utf16("Σ"), bytes_none(), other));
    assert_memory_equal(key, other, sizeof key);
    assert_true(answer_key(hex(NT_HASH).data, in_utf16("ς"), bytes_none(), key));
    assert_memory_not_equal(key, other, sizeof key);
}

static void names_that_are_too_long_have_no_key(void **state)
{
    (void)state;
    static const uint8_t name[2 * ANSWER_NAMES_MAX + 2];
    const bytes_t longest = {name, 2 * ANSWER_NAMES_MAX};
    assert_true(answer_key(hex(NT_HASH).data, longest, bytes_none(), key));
    assert_memory_not_equal(key, hex(ZEROS).data, sizeof key);
    assert_false(answer_key(hex(NT_HASH).data, longest, (bytes_t){name, 2}, key));
    assert_key(key, ZEROS);
}

static void it_says_which_time_it_is(void **state)
{
    (void)state;
    ntlmv2_response_t response;
    writer_t out = writer_to(room, sizeof room);
    assert_true(answers(&out, 0x0123456789ABCDEFU));
    assert_null(ntlmv2_response_parse(written(&out), &response));
    assert_bytes(((bytes_t){response.temp.data + 8, 8}), "efcdab8967452301");
}

static void it_is_appended(void **state)
{
    (void)state;
    writer_t out = writer_to(room, sizeof room);
    write_u16(&out, 0x4142);
    assert_true(answers(&out, 0));
    assert_bytes(written(&out), "4241" RESPONSE);
}

static void without_room_there_is_no_proof(void **state)
{
    (void)state;
    for (size_t cap = 0; cap < sizeof RESPONSE / 2; cap++) {
        writer_t out = writer_to(room, cap);
        memset(room, 0, sizeof room);
        assert_false(answers(&out, 0));
        assert_int_equal(written(&out).len, 0);
        assert_true(bytes_are_zero((bytes_t){room, NTLM_PROOF_LEN}));
    }
}

static void without_crypto_there_is_none(void **state)
{
    (void)state;
    writer_t out = writer_to(room, sizeof room);
    crypto_close();
    assert_false(answer_key(hex(NT_HASH).data, in_utf16("User"), in_utf16("Domain"), key));
    assert_key(key, ZEROS);
    assert_false(answers(&out, 0));
    assert_true(bytes_are_zero((bytes_t){room, NTLM_PROOF_LEN}));
    assert_null(crypto_open());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_key_is_computed),
        cmocka_unit_test(the_published_response_is_written),
        cmocka_unit_test(the_user_is_hashed_in_upper_case_and_the_domain_as_it_is),
        cmocka_unit_test(upper_case_is_that_of_windows_7),
        cmocka_unit_test(names_that_are_too_long_have_no_key),
        cmocka_unit_test(it_says_which_time_it_is),
        cmocka_unit_test(it_is_appended),
        cmocka_unit_test(without_room_there_is_no_proof),
        cmocka_unit_test(without_crypto_there_is_none),
    };
    return RUN_GROUP(tests);
}
