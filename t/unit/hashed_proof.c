/* Ways to make a proof, one by one: each fits the login that was made that way, and no other. */
#include "proofs.h"

static const replay_t *login;

static void only_the_right_way_fits_a_right_login(void **state)
{
    (void)state;
    login = subject_of("Secret-1", plant_nothing).replay;
    for (int proof = FIRST_COVER; proof <= PROOF_MISTAKES; proof++)
        assert_int_equal(fits(login, PROOF_MISTAKES, proof), proof == PROOF_MISTAKES);
    for (int made = 0; made < FIRST_COVER; made++) assert_false(fits(login, made, PROOF_MISTAKES));
}

static void each_way_fits_what_was_made_so(void **state)
{
    (void)state;
    login = subject_of("Secret-1", plant_no_challenge).replay;
    assert_true(fits(login, PROOF_MISTAKES, WITHOUT_CHALLENGE));
    assert_false(fits(login, PROOF_MISTAKES, PROOF_MISTAKES));
    login = subject_of("Secret-1", plant_reversed_challenge).replay;
    assert_true(fits(login, PROOF_MISTAKES, CHALLENGE_REVERSED));
    login = subject_of("Secret-1", plant_hash_as_key).replay;
    assert_true(fits(login, PROOF_KEY_NT_HASH, PROOF_MISTAKES));
}

static void prove_over(uint8_t *proof, const replay_t *of, const bytes_t *parts, size_t count)
{
    uint8_t v2[NTLM_KEY_LEN];
    assert_true(ntowfv2(of->key.nt_hash, in_utf16("ALICECORP"), v2));
    assert_true(hmac_md5(v2, parts, count, proof));
}

static void plant_elsewhere(uint8_t *proof, const replay_t *of)
{
    const bytes_t parts[] = {{of->type2.data + 20, 8}, of->claim.response.temp};
    prove_over(proof, of, parts, 2);
}

static void plant_other_pairs(uint8_t *proof, const replay_t *of)
{
    const bytes_t parts[] = {challenge_of(of),
                             {of->claim.response.temp.data, 28},
                             of->challenge.target_info,
                             {(const uint8_t *)"\0\0\0\0", 4}};
    prove_over(proof, of, parts, 4);
}

static void plant_hex(uint8_t *proof, const replay_t *of)
{
    const bytes_t parts[] = {challenge_of(of), of->claim.response.temp};
    uint8_t right[NTLM_PROOF_LEN];
    char digits[2 * NTLM_PROOF_LEN];
    prove_over(right, of, parts, 2);
    hex_write(digits, (bytes_t){right, sizeof right});
    memcpy(proof, digits, NTLM_PROOF_LEN);
}

static void plant_zeros(uint8_t *proof, const replay_t *of)
{
    (void)of;
    memset(proof, 0, NTLM_PROOF_LEN);
}

static void what_was_taken_from_elsewhere_is_named_alone(void **state)
{
    (void)state;
    assert_causes(planted("Secret-1", plant_elsewhere), "challenge-elsewhere");
    assert_causes(planted("Secret-1", plant_other_pairs), "proof-over-other-pairs");
    assert_causes(planted("Secret-1", plant_hex), "proof-hex");
    assert_causes(planted("Secret-1", plant_zeros), "proof-zero");
    assert_causes(planted("Secret-1", plant_no_challenge), "proof-without-challenge");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_the_right_way_fits_a_right_login),
        TEST(each_way_fits_what_was_made_so),
        TEST(what_was_taken_from_elsewhere_is_named_alone),
    };
    return RUN_GROUP(tests);
}
