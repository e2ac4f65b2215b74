/* The acceptor's side of SPNEGO: what each token makes of a negotiation. */
#include "negotiate.h"

#include "../../lib/ntlm/spnego/spnego.h"

static spnego_t negotiation;
static spnego_token_t token;
static uint8_t reply[256];
static writer_t out;

static int begins_anew(void **state)
{
    (void)state;
    negotiation = (spnego_t){.stage = SPNEGO_STAGE_NONE};
    out = writer_to(reply, sizeof reply);
    return 0;
}

static ntlm_status_t take(bytes_t bytes)
{
    out.len = 0;
    return spnego_accept(&negotiation, bytes, &token);
}

/* The words of what the client listed, with commas between. */
static const char *mechs(void)
{
    static char words[256];
    words[0] = '\0';
    for (size_t i = 0; i < negotiation.mech_count; i++) {
        strcat(words, i ? "," : "");
        strcat(words, spnego_mech_word((spnego_mech_t)negotiation.mechs[i]));
    }
    return words;
}

static void assert_malformed(bytes_t bytes, const char *why)
{
    assert_int_equal(take(bytes), NTLM_SPNEGO_MALFORMED);
    assert_refusal(token.detail, why);
    assert_int_equal(negotiation.stage, SPNEGO_STAGE_NONE);
    assert_int_equal(negotiation.mech_count, 0);
    assert_false(token.continues);
    assert_true(token.ntlm.len == 0 && token.mic.len == 0);
}

/* ---- NTLM without SPNEGO ---- */

static void a_bare_message_goes_to_the_acceptor_and_its_answer_is_bare(void **state)
{
    (void)state;
    assert_int_equal(take(hex(TYPE1)), NTLM_OK);
    assert_false(token.continues);
    assert_bytes(token.ntlm, TYPE1);
    assert_string_equal(mechs(), "raw");
    spnego_write_challenge(&out, &negotiation, hex(TYPE2));
    assert_bytes(written(&out), TYPE2);
    assert_int_equal(take(hex(TYPE3)), NTLM_OK);
    assert_true(token.continues);
    assert_bytes(token.ntlm, TYPE3);
    const uint8_t mic[NTLM_MAC_LEN] = {0};
    assert_int_equal(spnego_check_mic(&negotiation, &token, mic), NTLM_OK);
    spnego_write_completed(&out, &negotiation, NULL);
    assert_int_equal(written(&out).len, 0);
}

/* ---- NTLM first ---- */

static void ntlm_first_with_its_message_is_taken_at_once(void **state)
{
    (void)state;
    assert_int_equal(take(neg_token_init(OID_NTLM OID_KERBEROS, hex(TYPE1))), NTLM_OK);
    assert_false(token.continues);
    assert_bytes(token.ntlm, TYPE1);
    assert_false(negotiation.mic_required);
    assert_true(negotiation.first_has_token);
    assert_string_equal(mechs(), "ntlm,kerberos");
    spnego_write_challenge(&out, &negotiation, hex(TYPE2));
    assert_bytes(written(&out), "a1253023"
                                "a0030a0101"
                                "a10c" OID_NTLM "a20e040c" TYPE2);
    assert_int_equal(take(neg_token_resp(1, hex(TYPE3), bytes_none())), NTLM_OK);
    assert_true(token.continues);
    assert_bytes(token.ntlm, TYPE3);
}

static void ntlm_first_without_a_message_is_asked_for_it(void **state)
{
    (void)state;
    const bytes_t none = init_of(joined(field(0xA0, 0x30, hex(OID_NTLM)), hex("a2020400")));
    const bytes_t inits[] = {neg_token_init(OID_NTLM, bytes_none()), none};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(take(inits[i]), NTLM_SPNEGO_CONTINUES);
        assert_false(negotiation.mic_required || negotiation.first_has_token);
        spnego_write_choice(&out, &negotiation);
        assert_bytes(written(&out), "a1153013"
                                    "a0030a0101"
                                    "a10c" OID_NTLM);
        assert_int_equal(take(neg_token_resp(1, hex(TYPE1), bytes_none())), NTLM_OK);
        assert_true(token.continues);
        spnego_write_challenge(&out, &negotiation, hex(TYPE2));
        assert_bytes(written(&out), "a1173015"
                                    "a0030a0101"
                                    "a20e040c" TYPE2);
    }
}

/* ---- NTLM behind others ---- */

static void ntlm_behind_another_is_chosen_and_a_mic_asked_for(void **state)
{
    (void)state;
    static const char *const lists[][2] = {
        {OID_KERBEROS OID_NTLM, "kerberos,ntlm"},
        {OID_IAKERB OID_KERBEROS OID_NTLM, "iakerb,kerberos,ntlm"},
        {OID_NEGOEX OID_MS_KERBEROS OID_KERBEROS OID_USER_TO_USER OID_NTLM,
         "negoex,ms-kerberos,kerberos,other,ntlm"},
        {OID_USER_TO_USER OID_SPNEGO OID_NTLM OID_NTLM, "other,ntlm"},
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        begins_anew(NULL);
        assert_int_equal(take(neg_token_init(lists[i][0], hex("6e00"))), NTLM_SPNEGO_CONTINUES);
        assert_int_equal(token.ntlm.len, 0);
        assert_true(negotiation.mic_required && negotiation.first_has_token);
        assert_string_equal(mechs(), lists[i][1]);
        spnego_write_choice(&out, &negotiation);
        assert_bytes(written(&out), "a1153013"
                                    "a0030a0103"
                                    "a10c" OID_NTLM);
        assert_int_equal(take(neg_token_resp(-1, hex(TYPE1), bytes_none())), NTLM_OK);
        assert_true(token.continues);
        spnego_write_challenge(&out, &negotiation, hex(TYPE2));
        assert_bytes(written(&out), "a1173015"
                                    "a0030a0101"
                                    "a20e040c" TYPE2);
    }
}

/* The optimistic token is the first mechanism's, whatever it looks like. */
static void a_message_of_ntlm_that_is_for_another_mechanism_is_not_taken(void **state)
{
    (void)state;
    assert_int_equal(take(neg_token_init(OID_KERBEROS OID_NTLM, hex(TYPE1))),
                     NTLM_SPNEGO_CONTINUES);
    assert_int_equal(token.ntlm.len, 0);
}

static void a_ticket_of_sixteen_kilobytes_is_passed_over(void **state)
{
    (void)state;
    bytes_t init = neg_token_init(OID_KERBEROS OID_NTLM, filler(16384));
    assert_true(init.len > 16384);
    assert_int_equal(take(init), NTLM_SPNEGO_CONTINUES);
    assert_bytes(spnego_mech_types(&negotiation), "3017" OID_KERBEROS OID_NTLM);
    assert_int_equal(take(neg_token_init(OID_KERBEROS, filler(16384))), NTLM_SPNEGO_NO_NTLM);
}

/* ---- no NTLM ---- */

static void without_ntlm_the_client_is_told_so_and_nothing_is_open(void **state)
{
    (void)state;
    assert_int_equal(take(neg_token_init(OID_MS_KERBEROS OID_IAKERB, hex("6e00"))),
                     NTLM_SPNEGO_NO_NTLM);
    assert_null(token.detail);
    assert_int_equal(negotiation.stage, SPNEGO_STAGE_NONE);
    assert_string_equal(mechs(), "ms-kerberos,iakerb");
    spnego_write_reject(&out);
    assert_bytes(written(&out), "a1073005a0030a0102");
    assert_malformed(neg_token_resp(1, hex(TYPE1), bytes_none()),
                     "it is a NegTokenResp, and no NegTokenInit came before it");
}

static void a_ticket_without_spnego_is_no_ntlm(void **state)
{
    (void)state;
    assert_int_equal(take(hex("600f" OID_KERBEROS "01006e00")), NTLM_SPNEGO_NO_NTLM);
    assert_refusal(token.detail, "it is the token of another mechanism, without SPNEGO");
    assert_int_equal(negotiation.stage, SPNEGO_STAGE_NONE);
    assert_string_equal(mechs(), "kerberos");
    assert_malformed(element(0x60, hex(OID_NTLM TYPE1)),
                     "NTLM has no token that begins with its OID");
}

/* ---- what is refused ---- */

static void what_breaks_the_rules_ends_the_negotiation(void **state)
{
    (void)state;
    const bytes_t rejected = neg_token_resp(2, hex(TYPE1), bytes_none());
    const bytes_t asking = neg_token_resp(3, hex(TYPE1), bytes_none());
    const bytes_t kerberos = resp_of(
        joined(field(0xA1, 0x06, hex("2a864886f712010202")), field(0xA2, 0x04, hex(TYPE1))));
    const bytes_t hints = init_of(joined(field(0xA0, 0x30, hex(OID_NTLM)),
                                         joined(field(0xA2, 0x04, hex(TYPE1)), hex("a3023000"))));
    const struct {
        bytes_t token;
        const char *why;
    } wrong[] = {
        {rejected, "the client rejects what was chosen"},
        {asking, "only servers ask for a mechListMIC"},
        {kerberos, "it is about another mechanism than the one that was chosen"},
        {hints, "only servers send a NegTokenInit2"},
        {neg_token_resp(1, bytes_none(), bytes_none()), "it holds no message"},
        {neg_token_resp(1, bytes_none(), hex("6162")), "it holds no message"},
        {hex(""), "it is neither NTLM nor SPNEGO"},
        {hex("4e544c4d535350"), "it is neither NTLM nor SPNEGO"},
        {neg_token_init("", hex(TYPE1)), "its DER is not what RFC 4178 says"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(take(neg_token_init(OID_KERBEROS OID_NTLM, bytes_none())),
                         NTLM_SPNEGO_CONTINUES);
        assert_malformed(wrong[i].token, wrong[i].why);
        assert_malformed(neg_token_resp(1, hex(TYPE1), bytes_none()),
                         "it is a NegTokenResp, and no NegTokenInit came before it");
    }
}

static void a_list_that_is_too_long_is_refused(void **state)
{
    (void)state;
    /* 12 bytes of NTLM, and one OID that fills the list up to its limit of 512 with its heads. */
    const bytes_t rest = element(0x06, filler(492)), one_more = element(0x06, filler(493));
    const bytes_t token_field = field(0xA2, 0x04, hex(TYPE1));
    bytes_t fits = init_of(joined(field(0xA0, 0x30, joined(hex(OID_NTLM), rest)), token_field));
    bytes_t not = init_of(joined(field(0xA0, 0x30, joined(hex(OID_NTLM), one_more)), token_field));
    assert_int_equal(take(fits), NTLM_OK);
    assert_int_equal(negotiation.mech_types_len, SPNEGO_MECH_TYPES_MAX);
    assert_malformed(not, "its list of mechanisms has more than 512 bytes");
}

static void thirty_three_mechanisms_are_refused_even_with_ntlm_among_the_first(void **state)
{
    (void)state;
    char oids[33 * 24 + 1] = OID_NTLM;
    for (int i = 1; i < 32; i++) strcat(oids, OID_IAKERB);
    assert_int_equal(take(neg_token_init(oids, hex(TYPE1))), NTLM_OK);
    assert_string_equal(mechs(), "ntlm,iakerb");
    strcat(oids, OID_IAKERB);
    assert_malformed(neg_token_init(oids, hex(TYPE1)), "it lists more than 32 mechanisms");
}

/* ---- ways round the mechListMIC ---- */

static void a_bare_message_does_not_continue_what_spnego_began(void **state)
{
    (void)state;
    assert_int_equal(take(neg_token_init(OID_KERBEROS OID_NTLM, bytes_none())),
                     NTLM_SPNEGO_CONTINUES);
    assert_int_equal(take(neg_token_resp(1, hex(TYPE1), bytes_none())), NTLM_OK);
    assert_int_equal(take(hex(TYPE3)), NTLM_OK);
    assert_false(token.continues);
    assert_string_equal(mechs(), "raw");
}

static void nor_does_spnego_continue_what_a_bare_message_began(void **state)
{
    (void)state;
    assert_int_equal(take(hex(TYPE1)), NTLM_OK);
    assert_int_equal(take(neg_token_resp(1, hex(TYPE3), hex("6162"))), NTLM_OK);
    assert_false(token.continues);
    assert_bytes(token.ntlm, TYPE3);
    assert_int_equal(negotiation.stage, SPNEGO_STAGE_NONE);
    assert_int_equal(take(hex(TYPE1)), NTLM_OK);
    assert_malformed(neg_token_resp(1, hex(TYPE1), bytes_none()),
                     "it is a NegTokenResp, and no NegTokenInit came before it");
}

static void another_neg_token_init_begins_anew(void **state)
{
    (void)state;
    assert_int_equal(take(neg_token_init(OID_KERBEROS OID_NTLM, bytes_none())),
                     NTLM_SPNEGO_CONTINUES);
    spnego_write_choice(&out, &negotiation);
    assert_int_equal(take(neg_token_init(OID_NTLM, hex(TYPE3))), NTLM_OK);
    assert_false(token.continues || negotiation.mic_required || negotiation.chosen);
    assert_string_equal(mechs(), "ntlm");
    assert_bytes(spnego_mech_types(&negotiation), "300c" OID_NTLM);
}

static void a_mic_in_a_neg_token_init_is_none(void **state)
{
    (void)state;
    bytes_t fields = joined(field(0xA0, 0x30, hex(OID_NTLM)), field(0xA2, 0x04, hex(TYPE3)));
    assert_int_equal(take(init_of(joined(fields, field(0xA3, 0x04, filler(16))))), NTLM_OK);
    assert_int_equal(token.mic.len, 0);
}

static void a_type_3_without_a_negotiation_is_for_the_acceptor_to_refuse(void **state)
{
    (void)state;
    assert_int_equal(take(neg_token_resp(1, hex(TYPE3), bytes_none())), NTLM_OK);
    assert_false(token.continues);
    assert_bytes(token.ntlm, TYPE3);
    assert_malformed(neg_token_resp(1, hex(TYPE2), bytes_none()),
                     "it is a NegTokenResp, and no NegTokenInit came before it");
}

/* ---- the mechListMIC ---- */

static void the_mic_is_demanded_where_ntlm_was_not_first_and_checked_wherever_it_is(void **state)
{
    (void)state;
    static const char right[] = "01000000aabbccddeeff001100000000";
    static const struct {
        const char *mic;
        ntlm_status_t first, behind;
    } rows[] = {
        {"", NTLM_OK, NTLM_SPNEGO_MIC_REQUIRED},
        {right, NTLM_OK, NTLM_OK},
        {"01000000aabbccddeeff001000000000", NTLM_SPNEGO_BAD_MIC, NTLM_SPNEGO_BAD_MIC},
        {"01000000000000000000000000000000", NTLM_SPNEGO_BAD_MIC, NTLM_SPNEGO_BAD_MIC},
        {"01000000aabbccddeeff0011000000", NTLM_SPNEGO_BAD_MIC, NTLM_SPNEGO_BAD_MIC},
        {"01000000aabbccddeeff00110000000000", NTLM_SPNEGO_BAD_MIC, NTLM_SPNEGO_BAD_MIC},
        {"01", NTLM_SPNEGO_BAD_MIC, NTLM_SPNEGO_BAD_MIC},
    };
    const uint8_t *expected = hex(right).data;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bytes_t resp = neg_token_resp(1, hex(TYPE3), hex(rows[i].mic));
        assert_int_equal(take(neg_token_init(OID_NTLM, hex(TYPE1))), NTLM_OK);
        assert_int_equal(take(resp), NTLM_OK);
        assert_int_equal(spnego_check_mic(&negotiation, &token, expected), rows[i].first);
        assert_int_equal(take(neg_token_init(OID_IAKERB OID_NTLM, hex(TYPE1))),
                         NTLM_SPNEGO_CONTINUES);
        assert_int_equal(take(resp), NTLM_OK);
        assert_int_equal(spnego_check_mic(&negotiation, &token, expected), rows[i].behind);
    }
}

static void an_empty_mic_is_none(void **state)
{
    (void)state;
    bytes_t fields = joined(field(0xA2, 0x04, hex(TYPE3)), hex("a3020400"));
    assert_int_equal(take(neg_token_init(OID_IAKERB OID_NTLM, hex(TYPE1))), NTLM_SPNEGO_CONTINUES);
    assert_int_equal(take(resp_of(fields)), NTLM_OK);
    const uint8_t expected[NTLM_MAC_LEN] = {0};
    assert_int_equal(spnego_check_mic(&negotiation, &token, expected), NTLM_SPNEGO_MIC_REQUIRED);
}

static void the_end_is_confirmed_with_our_mic_or_without_one(void **state)
{
    (void)state;
    assert_int_equal(take(neg_token_init(OID_NTLM, hex(TYPE1))), NTLM_OK);
    spnego_write_completed(&out, &negotiation, NULL);
    assert_bytes(written(&out), "a1073005a0030a0100");
    out.len = 0;
    spnego_write_completed(&out, &negotiation, hex("01000000aabbccddeeff001100000000").data);
    assert_bytes(written(&out), "a11b3019a0030a0100a312041001000000aabbccddeeff001100000000");
}

static void no_reply_has_more_beside_the_type_2_than_is_said(void **state)
{
    (void)state;
    static uint8_t room[8192];
    size_t most = 0;
    for (size_t len = 12; len < 4096; len += 37) {
        writer_t wide = writer_to(room, sizeof room);
        assert_int_equal(take(neg_token_init(OID_NTLM, hex(TYPE1))), NTLM_OK);
        bytes_t type2 = filler(len);
        spnego_write_challenge(&wide, &negotiation, type2);
        assert_in_range(written(&wide).len, len, len + SPNEGO_REPLY_OVERHEAD);
        if (wide.len - len > most) most = wide.len - len;
    }
    assert_int_equal(most, SPNEGO_REPLY_OVERHEAD);
    writer_t narrow = writer_to(room, SPNEGO_REPLY_OVERHEAD);
    spnego_write_completed(&narrow, &negotiation, hex("01000000aabbccddeeff001100000000").data);
    assert_false(narrow.overflow);
}

#define EACH(function) cmocka_unit_test_setup(function, begins_anew)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(a_bare_message_goes_to_the_acceptor_and_its_answer_is_bare),
        EACH(ntlm_first_with_its_message_is_taken_at_once),
        EACH(ntlm_first_without_a_message_is_asked_for_it),
        EACH(ntlm_behind_another_is_chosen_and_a_mic_asked_for),
        EACH(a_message_of_ntlm_that_is_for_another_mechanism_is_not_taken),
        EACH(a_ticket_of_sixteen_kilobytes_is_passed_over),
        EACH(without_ntlm_the_client_is_told_so_and_nothing_is_open),
        EACH(a_ticket_without_spnego_is_no_ntlm),
        EACH(what_breaks_the_rules_ends_the_negotiation),
        EACH(a_list_that_is_too_long_is_refused),
        EACH(thirty_three_mechanisms_are_refused_even_with_ntlm_among_the_first),
        EACH(a_bare_message_does_not_continue_what_spnego_began),
        EACH(nor_does_spnego_continue_what_a_bare_message_began),
        EACH(another_neg_token_init_begins_anew),
        EACH(a_mic_in_a_neg_token_init_is_none),
        EACH(a_type_3_without_a_negotiation_is_for_the_acceptor_to_refuse),
        EACH(the_mic_is_demanded_where_ntlm_was_not_first_and_checked_wherever_it_is),
        EACH(an_empty_mic_is_none),
        EACH(the_end_is_confirmed_with_our_mic_or_without_one),
        EACH(no_reply_has_more_beside_the_type_2_than_is_said),
    };
    return RUN_GROUP(tests);
}
