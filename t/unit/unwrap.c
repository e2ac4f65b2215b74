/* NTLM inside of SPNEGO, and tokens that hold none. */
#include "unit.h"

#include "../../lib/explain/unwrap.h"

#define SIGNATURE "4e544c4d53535000"
#define SPNEGO "06062b0601050502"
#define NTLMSSP "060a2b06010401823702020a"
#define KERBEROS "06092a864886f712010202"

static void a_bare_message_needs_no_unwrapping(void **state)
{
    (void)state;
    unwrapped_t contents = unwrap(hex(SIGNATURE "01000000"));
    assert_null(contents.why);
    assert_null(contents.wrapping);
    assert_bytes(contents.message, SIGNATURE "01000000");
}

static void the_message_in_a_neg_token_init_is_found(void **state)
{
    (void)state;
    unwrapped_t contents = unwrap(hex("604806062b0601050502a03e303ca00e300c060a2b06010401823702020a"
                                      "a22a04284e544c4d5353500001000000"
                                      "178208e200000000000000000000000000000000060200000000000f"));
    assert_null(contents.why);
    assert_string_equal(contents.wrapping, "NegTokenInit");
    assert_string_equal(contents.mech, "NTLMSSP");
    assert_int_equal(contents.message.len, 40);
}

static void the_message_in_a_neg_token_resp_is_found(void **state)
{
    (void)state;
    unwrapped_t contents = unwrap(hex("a1153013a0030a0101a20c040a" SIGNATURE "0200"));
    assert_null(contents.why);
    assert_string_equal(contents.wrapping, "NegTokenResp");
    assert_bytes(contents.message, SIGNATURE "0200");
}

static void what_is_not_ntlm_is_named(void **state)
{
    (void)state;
    static const char *const others[][2] = {
        {"601d" SPNEGO "a0133011a00d300b" KERBEROS "a200", "its DER is not what RFC 4178 says"},
        {"6020" SPNEGO "a0163014a00d300b" KERBEROS "a20304016e",
         "it is SPNEGO with a Kerberos token"},
        {"6021" SPNEGO "a0173015a00e300c" NTLMSSP "a20304016e",
         "it is SPNEGO with a token that is not NTLM"},
        {"600b" KERBEROS, "it is a Kerberos token"},
        {"6003060155", "it is a GSS-API token, neither NTLM nor SPNEGO"},
        {"a1073005a0030a0102", "it is SPNEGO without a message of a mechanism in it"},
        {"", "it is neither NTLM nor SPNEGO"},
        {"4e544c4d535350", "it is neither NTLM nor SPNEGO"},
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_refusal(unwrap(hex(others[i][0])).why, others[i][1]);
}

static void lengths_that_lie_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"60",           "6080", "6084000000ff",
                                        "60820100",     "a1",   "a103300aa000",
                                        "a1043002a27f", "60ff", "608300"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        unwrapped_t contents = unwrap(hex(wrong[i]));
        assert_non_null(contents.why);
        assert_int_equal(contents.message.len, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bare_message_needs_no_unwrapping),
        cmocka_unit_test(the_message_in_a_neg_token_init_is_found),
        cmocka_unit_test(the_message_in_a_neg_token_resp_is_found),
        cmocka_unit_test(what_is_not_ntlm_is_named),
        cmocka_unit_test(lengths_that_lie_are_refused),
    };
    return RUN_GROUP(tests);
}
