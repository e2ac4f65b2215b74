/* NTLM inside of SPNEGO, and tokens that hold none. */
#include "unit.h"

#include "../../lib/explain/unwrap.h"

#define NO_MESSAGE "it is SPNEGO without a message of a mechanism in it"
#define SIGNATURE "4e544c4d53535000"
#define SPNEGO "06062b0601050502"
#define NTLMSSP "060a2b06010401823702020a"
#define KERBEROS "06092a864886f712010202"
#define IAKERB "06062b0601050205"

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

/* MS-SPNG 2.2.1: as a server of SMB begins. */
static void the_tokens_of_servers_are_read_too(void **state)
{
    (void)state;
    unwrapped_t hints = unwrap(hex("6020" SPNEGO "a0163014a00e300c" NTLMSSP "a30230"
                                   "00"));
    assert_refusal(hints.why, NO_MESSAGE);
    assert_string_equal(hints.wrapping, "NegTokenInit");
    assert_string_equal(hints.mech, "NTLMSSP");
    unwrapped_t chosen = unwrap(hex("a1153013a0030a0103a10c" NTLMSSP));
    assert_refusal(chosen.why, NO_MESSAGE ": request-mic, the client goes on");
    assert_string_equal(chosen.mech, "NTLMSSP");
}

static void the_first_mechanism_is_named(void **state)
{
    (void)state;
    static const char *const firsts[][2] = {
        {"6023" SPNEGO "a0193017a0153013" IAKERB KERBEROS, "IAKERB"},
        {"6028" SPNEGO "a01e301ca01a3018" NTLMSSP NTLMSSP, "NTLMSSP"},
        {"601b" SPNEGO "a011300fa00d300b" IAKERB "06012a", "IAKERB"},
        {"6015" SPNEGO "a00b3009a0073005"
         "0603550403",
         "another mechanism"},
        {"6008" IAKERB, "IAKERB"},
    };
    for (size_t i = 0; i < sizeof firsts / sizeof firsts[0]; i++) {
        unwrapped_t contents = unwrap(hex(firsts[i][0]));
        assert_string_equal(contents.mech, firsts[i][1]);
        assert_memory_equal(contents.why, "it is ", 6); /* the token is whole */
    }
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
        {"6021" SPNEGO "a0173015a00e300c" NTLMSSP "a20304016e"
         "00",
         "there are bytes behind the token"},
        {"600b" KERBEROS, "it is a Kerberos token"},
        {"6008" IAKERB, "it is a GSS-API token, neither NTLM nor SPNEGO"},
        {"6018" NTLMSSP SIGNATURE "01000000", "it is a GSS-API token, neither NTLM nor SPNEGO"},
        {"6003060155", "it is a GSS-API token, neither NTLM nor SPNEGO"},
        {"a1073005a0030a0100", NO_MESSAGE ": accept-completed, the login has succeeded"},
        {"a1073005a0030a0101", NO_MESSAGE ": accept-incomplete, the client goes on"},
        {"a1073005a0030a0102", NO_MESSAGE ": reject, the login is refused"},
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
        cmocka_unit_test(the_tokens_of_servers_are_read_too),
        cmocka_unit_test(the_first_mechanism_is_named),
        cmocka_unit_test(what_is_not_ntlm_is_named),
        cmocka_unit_test(lengths_that_lie_are_refused),
    };
    return RUN_GROUP(tests);
}
