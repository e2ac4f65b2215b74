/* Proofs that do not fit, and the mistakes that give exactly them. */
#include "proofs.h"

static void a_password_in_another_encoding_is_named(void **state)
{
    (void)state;
    assert_causes(planted("Secret-1", plant_utf8_password), "password-utf8");
    assert_causes(planted("Secret-1", plant_md5_password), "nt-hash-md5");
}

static void a_domain_in_lower_case_is_named(void **state)
{
    (void)state;
    assert_causes(planted("Secret-1", plant_lower_domain), "domain-lower-cased");
}

static void two_mistakes_are_named_together(void **state)
{
    (void)state;
    assert_causes(planted("Secret-1", plant_utf8_and_lower), "domain-lower-cased+password-utf8");
}

static void a_challenge_that_is_not_covered_is_named(void **state)
{
    (void)state;
    assert_causes(planted("Secret-1", plant_no_challenge), "proof-without-challenge");
    assert_causes(planted("Secret-1", plant_reversed_challenge), "challenge-reversed");
}

static void a_wrong_password_has_no_cause(void **state)
{
    (void)state;
    assert_causes(planted("Secret-1", plant_wrong_password), "");
}

static void without_the_password_nothing_is_said(void **state)
{
    (void)state;
    assert_causes(planted(NULL, plant_utf8_password), "");
}

/* The same login with another response, as long as a recording may have one. */
static diagnosis_t of_length(size_t len, plant_t *plant)
{
    static uint8_t temp[65536], proof[NTLM_PROOF_LEN];
    diagnosis_t diagnosis = {.causes.count = 0};
    const subject_t subject = subject_of("Secret-1", plant_wrong_password);
    replay_t *login = (replay_t *)(uintptr_t)subject.replay;
    login->claim.response.temp = (bytes_t){temp, len};
    plant(proof, login);
    login->claim.response.proof.data = proof;
    proof_causes(&diagnosis, &subject);
    return diagnosis;
}

static void a_long_response_is_tried_for_one_mistake_only(void **state)
{
    (void)state;
    assert_causes(of_length(16383, plant_utf8_and_lower), "domain-lower-cased+password-utf8");
    assert_causes(of_length(16384, plant_utf8_and_lower), "");
    assert_causes(of_length(65535, plant_lower_domain), "domain-lower-cased");
}

static void a_login_that_is_right_has_no_cause(void **state)
{
    (void)state;
    assert_causes(planted("Secret-1", plant_nothing), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_password_in_another_encoding_is_named),
        TEST(a_domain_in_lower_case_is_named),
        TEST(two_mistakes_are_named_together),
        TEST(a_challenge_that_is_not_covered_is_named),
        TEST(a_wrong_password_has_no_cause),
        TEST(without_the_password_nothing_is_said),
        TEST(a_long_response_is_tried_for_one_mistake_only),
        TEST(a_login_that_is_right_has_no_cause),
    };
    return RUN_GROUP(tests);
}
