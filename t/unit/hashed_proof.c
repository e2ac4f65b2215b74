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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_the_right_way_fits_a_right_login),
        TEST(each_way_fits_what_was_made_so),
    };
    return RUN_GROUP(tests);
}
