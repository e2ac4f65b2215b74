/* NTLMOffer: which schemes a place offers and takes. */
#include "configured.h"
#include "pool.h"

#include "../../lib/config/offer.h"

static const char *reading(const char *words, schemes_t *schemes)
{
    static const config_member_t none = {.offset = 0};
    return read_words(pool, offer_read, &none, words, schemes);
}

static void words_are_schemes_in_their_order(void **state)
{
    (void)state;
    schemes_t schemes = 0;
    assert_null(reading("NTLM", &schemes));
    assert_int_equal(schemes, SCHEMES_NTLM_ALONE);
    assert_null(reading("negotiate NTLM BASIC", &schemes));
    assert_int_equal(schemes_at(schemes, 0), SCHEME_NEGOTIATE);
    assert_int_equal(schemes_at(schemes, 1), SCHEME_NTLM);
    assert_int_equal(schemes_at(schemes, 2), SCHEME_BASIC);
}

static void what_is_wrong_is_said_and_changes_nothing(void **state)
{
    (void)state;
    schemes_t schemes = 0;
    assert_refusal(reading("", &schemes),
                   "name at least one of NTLM, Negotiate and Basic, in the order in which they are "
                   "to be offered");
    assert_refusal(reading("NTLM Kerberos", &schemes),
                   "'Kerberos' is none of NTLM, Negotiate and Basic");
    assert_refusal(reading("NTLM Basic ntlm", &schemes), "'ntlm' is named twice; once is enough");
    assert_int_equal(schemes, 0);
}

static void what_a_place_offers_is_offered_somewhere(void **state)
{
    (void)state;
    assert_false(offer_anywhere(SCHEME_NTLM));
    offer_learn(SCHEMES_NTLM_ALONE);
    offer_learn(schemes_with(0, SCHEME_BASIC));
    assert_true(offer_anywhere(SCHEME_NTLM));
    assert_true(offer_anywhere(SCHEME_BASIC));
    assert_false(offer_anywhere(SCHEME_NEGOTIATE));
    assert_false(offer_anywhere(SCHEME_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_POOL(words_are_schemes_in_their_order),
        TEST_WITH_POOL(what_is_wrong_is_said_and_changes_nothing),
        TEST_WITH_POOL(what_a_place_offers_is_offered_somewhere),
    };
    apr_initialize();
    int failed = RUN_GROUP(tests);
    apr_terminate();
    return failed;
}
