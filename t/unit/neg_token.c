/* Tokens of SPNEGO, taken apart and written. */
#include "negotiate.h"

#include "../../lib/ntlm/spnego/neg_token.h"

static void a_neg_token_init_is_taken_apart(void **state)
{
    (void)state;
    neg_token_t parsed;
    bytes_t fields =
        joined(field(0xA0, 0x30, hex(OID_IAKERB OID_KERBEROS OID_NTLM)), hex("a10403020102"));
    fields = joined(fields, joined(field(0xA2, 0x04, hex("6162")), field(0xA3, 0x04, hex("63"))));
    assert_null(neg_token_parse(init_of(fields), &parsed));
    assert_int_equal(parsed.kind, NEG_TOKEN_INIT);
    assert_int_equal(parsed.mech_count, 3);
    assert_int_equal(parsed.mechs[0], SPNEGO_IAKERB);
    assert_int_equal(parsed.mechs[1], SPNEGO_KERBEROS);
    assert_int_equal(parsed.mechs[2], SPNEGO_NTLM);
    assert_bytes(parsed.mech_types, "301f" OID_IAKERB OID_KERBEROS OID_NTLM);
    assert_bytes(parsed.token, "6162");
    assert_bytes(parsed.mic, "63");
    assert_int_equal(parsed.state, NEG_STATE_ABSENT);
    assert_false(parsed.has_hints);
}

static void only_the_list_must_be_there(void **state)
{
    (void)state;
    neg_token_t parsed;
    assert_null(neg_token_parse(neg_token_init(OID_NTLM, bytes_none()), &parsed));
    assert_int_equal(parsed.mech_count, 1);
    assert_true(parsed.token.data && parsed.token.len == 0);
    assert_true(parsed.mic.data && parsed.mic.len == 0);
}

static void the_hints_of_a_server_are_seen(void **state)
{
    (void)state;
    neg_token_t parsed;
    bytes_t hints = element(0xA3, element(0x30, element(0xA0, hex("1b0161"))));
    bytes_t fields = joined(field(0xA0, 0x30, hex(OID_NTLM)), hints);
    assert_null(neg_token_parse(init_of(fields), &parsed));
    assert_true(parsed.has_hints);
    assert_int_equal(parsed.mic.len, 0);
    assert_null(neg_token_parse(init_of(joined(fields, field(0xA4, 0x04, hex("63")))), &parsed));
    assert_bytes(parsed.mic, "63");
    bytes_t no_hints = joined(field(0xA0, 0x30, hex(OID_NTLM)), field(0xA4, 0x04, hex("63")));
    assert_non_null(neg_token_parse(init_of(no_hints), &parsed));
}

static void a_neg_token_resp_is_taken_apart(void **state)
{
    (void)state;
    neg_token_t parsed;
    assert_null(neg_token_parse(hex("a1153013a0030a0103a10c" OID_NTLM), &parsed));
    assert_int_equal(parsed.kind, NEG_TOKEN_RESP);
    assert_int_equal(parsed.state, NEG_REQUEST_MIC);
    assert_int_equal(parsed.mech_count, 1);
    assert_int_equal(parsed.mechs[0], SPNEGO_NTLM);
    assert_null(neg_token_parse(neg_token_resp(1, hex("61"), hex("62")), &parsed));
    assert_int_equal(parsed.state, NEG_ACCEPT_INCOMPLETE);
    assert_int_equal(parsed.mech_count, 0);
    assert_bytes(parsed.token, "61");
    assert_bytes(parsed.mic, "62");
    assert_null(neg_token_parse(hex("a1023000"), &parsed));
    assert_int_equal(parsed.state, NEG_STATE_ABSENT);
}

static void the_token_of_a_mechanism_by_itself_is_seen(void **state)
{
    (void)state;
    neg_token_t parsed;
    assert_null(neg_token_parse(hex("600f" OID_KERBEROS "01006e00"), &parsed));
    assert_int_equal(parsed.kind, NEG_TOKEN_OF_MECH);
    assert_int_equal(parsed.mech_count, 1);
    assert_int_equal(parsed.mechs[0], SPNEGO_KERBEROS);
    assert_bytes(parsed.token, "01006e00");
}

/* tampered: what becomes of a good token's fields. */
static void what_breaks_the_rules_is_refused_with_a_reason(void **state)
{
    (void)state;
    static const char order[] = "its DER has more than RFC 4178 says, or in another order";
    static const char other[] = "its DER is not what RFC 4178 says";
    static const char state_is_none[] = "its negState is none that RFC 4178 has";
    const bytes_t list = field(0xA0, 0x30, hex(OID_NTLM)), token = field(0xA2, 0x04, hex("61"));
    const struct {
        bytes_t token;
        const char *why;
    } wrong[] = {
        {hex(""), "it is neither NTLM nor SPNEGO"},
        {hex("30820100"), "it is neither NTLM nor SPNEGO"},
        {hex("61"
             "00"),
         "it is neither NTLM nor SPNEGO"},
        {joined(neg_token_init(OID_NTLM, hex("61")), hex("00")),
         "there are bytes behind the token"},
        {joined(neg_token_resp(1, hex("61"), hex("")), hex("00")),
         "there are bytes behind the token"},
        {joined(hex("600b" OID_KERBEROS), hex("00")), "there are bytes behind the token"},
        {init_of(joined(token, list)), other},
        {init_of(joined(joined(list, token), token)), order},
        {init_of(joined(joined(list, token), hex("a10403020102"))), order},
        {init_of(joined(list, hex("a500"))), order},
        {init_of(token), other},
        {init_of(bytes_none()), other},
        {init_of(hex("a0023000")), "it lists no mechanism"},
        {init_of(element(0xA0, hex("3000"
                                   "3000"))),
         "it lists no mechanism"},
        {init_of(element(0xA0, joined(element(0x30, hex(OID_NTLM)), hex("0500")))), order},
        {init_of(element(0xA0, element(0x30, hex("0400" OID_NTLM)))), other},
        {init_of(element(0xA0, hex(OID_NTLM))), other},
        {init_of(joined(list, element(0xA2, hex("030161")))), other},
        {init_of(joined(list, element(0xA2, hex("040161"
                                                "0400")))),
         order},
        {init_of(joined(list, hex("a200"))), other},
        {element(0x60, hex("0606")), "the message is too short"},
        {element(0x60, hex(OID_SPNEGO)), other},
        {element(0x60, hex(OID_SPNEGO "a1023000")), other},
        {element(0x60,
                 joined(hex(OID_SPNEGO), joined(element(0xA0, element(0x30, list)), hex("0500")))),
         order},
        {element(0x60,
                 joined(hex(OID_SPNEGO), element(0xA0, joined(element(0x30, list), hex("0500"))))),
         order},
        {element(0x60, hex("0400")), other},
        {hex("a1053003a0010a"), "the message is too short"},
        {hex("a1073005a0030a0104"), state_is_none},
        {hex("a1083006a0040a020001"), state_is_none},
        {hex("a1063004a0020a00"), state_is_none},
        {hex("a1073005a003020101"), other},
        {resp_of(joined(token, hex("a0030a0101"))), order},
        {resp_of(hex("a203040161"
                     "a203040161")),
         order},
        {element(0xA1, hex("3000"
                           "3000")),
         order},
        {element(0xA1, hex("3100")), other},
        {hex("a100"), other},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        neg_token_t parsed;
        const char *why = neg_token_parse(wrong[i].token, &parsed);
        if (!why || strcmp(why, wrong[i].why) != 0)
            fail_msg("token %zu: %s, not %s", i, why ? why : "taken", wrong[i].why);
    }
}

static void thirty_two_mechanisms_are_taken_and_one_more_is_refused(void **state)
{
    (void)state;
    char oids[33 * 24 + 1] = OID_NTLM;
    neg_token_t parsed;
    for (int i = 1; i < 32; i++) strcat(oids, OID_IAKERB);
    assert_null(neg_token_parse(neg_token_init(oids, hex("61")), &parsed));
    assert_int_equal(parsed.mech_count, 32);
    assert_int_equal(parsed.mechs[31], SPNEGO_IAKERB);
    strcat(oids, OID_IAKERB);
    assert_refusal(neg_token_parse(neg_token_init(oids, hex("61")), &parsed),
                   "it lists more than 32 mechanisms");
}

static void elements_in_each_other_without_end_are_refused(void **state)
{
    (void)state;
    static const unsigned tags[] = {0x60, 0xA0, 0xA1, 0xA2, 0x30};
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        neg_token_t parsed;
        bytes_t nested = bytes_none();
        for (int depth = 0; depth < 200; depth++) nested = element(tags[i], nested);
        assert_non_null(neg_token_parse(nested, &parsed));
        assert_non_null(neg_token_parse(init_of(element(0xA0, nested)), &parsed));
        assert_non_null(neg_token_parse(resp_of(nested), &parsed));
    }
}

static void lengths_without_end_are_refused_wherever_they_stand(void **state)
{
    (void)state;
    static const char *const lengths[] = {"80", "84ffffffff", "8800000000000000ff", "ff",
                                          "83ffffff"};
    static const char good[] = "601c" OID_SPNEGO "a0123010"
                               "a00e300c" OID_NTLM;
    static const size_t heads[] = {0, 2, 10, 12, 14, 16, 18}; /* where elements begin */
    for (size_t h = 0; h < sizeof heads / sizeof heads[0]; h++)
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
            char digits[256];
            neg_token_t parsed;
            snprintf(digits, sizeof digits, "%.*s%s%s0000", (int)(2 * heads[h] + 2), good,
                     lengths[i], good + 2 * heads[h] + 4);
            assert_non_null(neg_token_parse(hex(digits), &parsed));
        }
    neg_token_t parsed;
    assert_null(neg_token_parse(hex(good), &parsed));
}

static void lengths_longer_than_needed_are_taken(void **state)
{
    (void)state;
    neg_token_t parsed;
    assert_null(neg_token_parse(hex("60820020" OID_SPNEGO "a082001430820010"
                                    "a00e300c" OID_NTLM),
                                &parsed));
    assert_bytes(parsed.mech_types, "300c" OID_NTLM);
}

static void assert_written(const neg_resp_t *resp, const char *digits)
{
    uint8_t room[64];
    writer_t out = writer_to(room, sizeof room);
    neg_token_write_resp(&out, resp);
    assert_bytes(written(&out), digits);
}

static void replies_are_written_as_acceptors_of_others_do(void **state)
{
    (void)state;
    neg_resp_t resp = {NEG_REQUEST_MIC, true, bytes_none(), bytes_none()};
    assert_written(&resp, "a1153013a0030a0103a10c060a2b06010401823702020a");
    resp = (neg_resp_t){NEG_REJECT, false, bytes_none(), bytes_none()};
    assert_written(&resp, "a1073005a0030a0102");
    resp = (neg_resp_t){NEG_ACCEPT_COMPLETED, false, bytes_none(),
                        hex("01000000260ec7093b1cccb900000000")};
    assert_written(&resp, "a11b3019a0030a0100a312041001000000260ec7093b1cccb900000000");
    resp = (neg_resp_t){NEG_ACCEPT_INCOMPLETE, true, hex("4e54"), bytes_none()};
    assert_written(&resp, "a11b3019a0030a0101a10c060a2b06010401823702020aa20404024e54");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_neg_token_init_is_taken_apart),
        cmocka_unit_test(only_the_list_must_be_there),
        cmocka_unit_test(the_hints_of_a_server_are_seen),
        cmocka_unit_test(a_neg_token_resp_is_taken_apart),
        cmocka_unit_test(the_token_of_a_mechanism_by_itself_is_seen),
        cmocka_unit_test(what_breaks_the_rules_is_refused_with_a_reason),
        cmocka_unit_test(thirty_two_mechanisms_are_taken_and_one_more_is_refused),
        cmocka_unit_test(elements_in_each_other_without_end_are_refused),
        cmocka_unit_test(lengths_without_end_are_refused_wherever_they_stand),
        cmocka_unit_test(lengths_longer_than_needed_are_taken),
        cmocka_unit_test(replies_are_written_as_acceptors_of_others_do),
    };
    return RUN_GROUP(tests);
}
