/* The names that a Type 3 claims: exact when they decide, harmless when they are shown. */
#include "unit.h"

#include "../../lib/ntlm/claim.h"

enum { UTF16 = NTLMSSP_NEGOTIATE_UNICODE, OEM = NTLM_NEGOTIATE_OEM };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define ALICE "61006c00690063006500"
#define CORP "43004f0052005000"
#define REPLACED "\xEF\xBF\xBD" /* U+FFFD */

/* A Type 3 whose user lies far outside it. */
#define FAR_USER                                                                                   \
    ("4e544c4d5353500003000000000000000000000000000000000000000000000000000000"                    \
     "02000200f0ffffff00000000000000000000000000000000"                                            \
     "00000000")

static const char too_long[] = "the user or domain name is too long";

/* A claim and its Type 3, in memory of exactly their sizes. */
typedef struct opened_t {
    ntlm_claim_t *claim;
    uint8_t *message;
} opened_t;

static opened_t opened;

static ntlm_claim_t *claim_of(bytes_t user, bytes_t domain, bytes_t workstation, uint32_t flags)
{
    size_t len = 64 + user.len + domain.len + workstation.len;
    opened.message = malloc(len);
    opened.claim = malloc(sizeof *opened.claim);
    memset(opened.claim, 0xA5, sizeof *opened.claim); /* nothing is taken from what was there */
    writer_t out = writer_to(opened.message, len);
    write_bytes(&out, hex("4e544c4d5353500003000000"));
    write_u64(&out, 0);
    write_u64(&out, 0);
    write_field(&out, domain.len, 64);
    write_field(&out, user.len, 64 + domain.len);
    write_field(&out, workstation.len, 64 + domain.len + user.len);
    write_u64(&out, 0);
    write_u32(&out, 0); /* the flags of the Type 3 say nothing about its strings */
    write_bytes(&out, domain);
    write_bytes(&out, user);
    write_bytes(&out, workstation);
    assert_int_equal(written(&out).len, len);
    assert_int_equal(claim_open(opened.claim, written(&out), flags), NTLM_OK);
    assert_null(opened.claim->detail);
    return opened.claim;
}

static int release(void **state)
{
    (void)state;
    free(opened.claim);
    free(opened.message);
    opened = (opened_t){NULL, NULL};
    return 0;
}

static bytes_t repeated(const char *unit, size_t times)
{
    char *digits = calloc(times + 1, strlen(unit));
    for (size_t i = 0; i < times; i++) memcpy(digits + i * strlen(unit), unit, strlen(unit));
    bytes_t bytes = hex(digits);
    free(digits);
    return bytes;
}

static const bytes_t none = {NULL, 0};

/* ---- names that are fine ---- */

static void utf16_names_are_read(void **state)
{
    (void)state;
    ntlm_claim_t *claim =
        claim_of(hex("4a00fc007200670065006e00"), hex(CORP), hex("57001320"), UTF16);
    assert_null(claim_names(claim));
    assert_true(claim->unicode);
    assert_string_equal(claim->user, "J\xC3\xBCrgen");
    assert_string_equal(claim->domain, "CORP");
    assert_string_equal(claim->workstation, "W\xE2\x80\x93");
    assert_bytes(claim->user_utf16, "4a00fc007200670065006e00");
    assert_bytes(claim->domain_utf16, CORP);
}

static void oem_names_are_read_byte_by_byte(void **state)
{
    (void)state;
    ntlm_claim_t *claim = claim_of(hex("616c696365"), hex("c3bc"), hex("5753"), OEM);
    assert_null(claim_names(claim));
    assert_false(claim->unicode);
    assert_string_equal(claim->user, "alice");
    assert_string_equal(claim->domain, "\xC3\x83\xC2\xBC");
    assert_string_equal(claim->workstation, "WS");
    assert_bytes(claim->user_utf16, ALICE);
    assert_bytes(claim->domain_utf16, "c300bc00");
}

static void unicode_wins_when_both_charsets_were_offered(void **state)
{
    (void)state;
    assert_string_equal(claim_of(hex(ALICE), none, none, UTF16 | OEM)->user, "alice");
}

static void domain_and_workstation_may_be_empty(void **state)
{
    (void)state;
    static const uint32_t charsets[] = {UTF16, OEM};
    for (size_t i = 0; i < 2; i++) {
        ntlm_claim_t *claim = claim_of(hex("4100"), none, none, charsets[i]);
        if (charsets[i] == UTF16) assert_null(claim_names(claim));
        assert_string_equal(claim->domain, "");
        assert_string_equal(claim->workstation, "");
        assert_int_equal(claim->domain_utf16.len, 0);
        release(state);
    }
}

static void a_claim_begins_with_nothing_found(void **state)
{
    (void)state;
    ntlm_claim_t *claim = claim_of(hex(ALICE), none, none, UTF16);
    assert_int_equal(claim->mic, NTLM_MIC_UNSEEN);
    assert_int_equal(claim->binding, NTLM_BINDING_UNSEEN);
    assert_int_equal(claim->service, NTLM_SERVICE_UNSEEN);
    assert_int_equal(claim->mic_offset, 0);
    assert_int_equal(claim->response.proof.len, 0);
    assert_key(claim->ntowfv2, "00000000000000000000000000000000");
    assert_key(claim->exported_session_key, "00000000000000000000000000000000");
}

/* ---- messages and names that are not ---- */

static void a_message_that_breaks_the_rules_gives_no_names(void **state)
{
    (void)state;
    static const char *const messages[] = {"", "4e544c4d53535000030000",
                                           "4e544c4d5353500001000000978208e2", FAR_USER};
    static const char *const whys[] = {"the message is too short", "the message is too short",
                                       "it is another type of message",
                                       "a field lies outside the message"};
    for (size_t i = 0; i < COUNT(messages); i++) {
        ntlm_claim_t claim;
        memset(&claim, 0xA5, sizeof claim);
        assert_int_equal(claim_open(&claim, hex(messages[i]), UTF16), NTLM_MALFORMED);
        assert_string_equal(claim.detail, whys[i]);
        assert_string_equal(claim.user, "");
        assert_string_equal(claim.domain, "");
        assert_string_equal(claim.workstation, "");
    }
}

static void an_empty_user_is_refused(void **state)
{
    (void)state;
    assert_refusal(claim_names(claim_of(none, hex(CORP), none, UTF16)), "the user name is empty");
    release(state);
    assert_refusal(claim_names(claim_of(none, none, none, OEM)), "the user name is empty");
}

/* The longest names, and one unit more. unit: its digits in that charset. */
static void check_lengths(const char *unit, uint32_t charset, const char *shown)
{
    static const struct {
        size_t user, domain, workstation;
        bool fits;
    } lengths[] = {{NTLM_USER_MAX, 0, 0, true},
                   {1, NTLM_DOMAIN_MAX, 0, true},
                   {NTLM_USER_MAX, NTLM_DOMAIN_MAX, NTLM_DOMAIN_MAX, true},
                   {NTLM_USER_MAX + 1, 0, 0, false},
                   {1, NTLM_DOMAIN_MAX + 1, 0, false},
                   {NTLM_USER_MAX + 1, NTLM_DOMAIN_MAX + 1, 0, false},
                   {1, 0, NTLM_DOMAIN_MAX + 1, true}, /* the workstation is only shown */
                   {9999, 9999, 9999, false}};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        ntlm_claim_t *claim =
            claim_of(repeated(unit, lengths[i].user), repeated(unit, lengths[i].domain),
                     repeated(unit, lengths[i].workstation), charset);
        const char *why = claim_names(claim);
        size_t most = lengths[i].domain > NTLM_DOMAIN_MAX ? NTLM_DOMAIN_MAX : lengths[i].domain;
        if (lengths[i].fits)
            assert_null(why);
        else
            assert_refusal(why, too_long);
        assert_int_equal(strlen(claim->domain), most * strlen(shown));
        assert_true(strlen(claim->user) <= NTLM_USER_MAX * strlen(shown));
        assert_true(strlen(claim->workstation) <= NTLM_DOMAIN_MAX * strlen(shown));
        release(NULL);
    }
}

static void names_that_are_too_long_are_refused_and_shown_shortened(void **state)
{
    (void)state;
    check_lengths("6100", UTF16, "a");
    check_lengths("ac20", UTF16, "\xE2\x82\xAC"); /* three bytes of UTF-8 each */
    check_lengths("61", OEM, "a");
    check_lengths("fc", OEM, "\xC3\xBC");
}

static void a_name_with_half_a_unit_is_refused(void **state)
{
    (void)state;
    static const char odd[] = "a name has an odd number of UTF-16 bytes";
    assert_refusal(claim_names(claim_of(hex("610062"), none, none, UTF16)), odd);
    release(state);
    assert_refusal(claim_names(claim_of(hex("61"), none, none, UTF16)), odd);
    release(state);
    assert_refusal(claim_names(claim_of(hex(ALICE), hex("43004f"), none, UTF16)), odd);
    release(state);
    assert_refusal(claim_names(claim_of(hex(ALICE), none, hex("570053"), UTF16)),
                   "the workstation name has half a UTF-16 unit");
    release(state);
    assert_null(claim_names(claim_of(hex("616263"), hex("43"), hex("575357"), OEM)));
}

static void a_control_character_in_user_or_domain_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"0000", "610000006200", "61000a00", "0d00",
                                        "1b00", "7f00",         "8500",     "9f00"};
    static const char control[] = "a name holds a control character";
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_refusal(claim_names(claim_of(hex(names[i]), none, none, UTF16)), control);
        release(state);
        assert_refusal(claim_names(claim_of(hex(ALICE), hex(names[i]), none, UTF16)), control);
        release(state);
        assert_refusal(claim_names(claim_of(hex(names[i]), none, none, OEM)), control);
        release(state);
        assert_null(claim_names(claim_of(hex(ALICE), none, hex(names[i]), UTF16)));
        release(state);
    }
}

static void half_a_surrogate_pair_in_user_or_domain_is_refused(void **state)
{
    (void)state;
    static const char half[] = "a name holds half a surrogate pair";
    assert_refusal(claim_names(claim_of(hex("3dd8"), none, none, UTF16)), half);
    release(state);
    assert_refusal(claim_names(claim_of(hex(ALICE), hex("00de4300"), none, UTF16)), half);
    release(state);
    ntlm_claim_t *claim = claim_of(hex("3dd800de"), none, none, UTF16);
    assert_null(claim_names(claim));
    assert_string_equal(claim->user, "\xF0\x9F\x98\x80");
}

/* ---- what is shown ---- */

static void what_is_shown_of_garbage_is_harmless(void **state)
{
    (void)state;
    ntlm_claim_t *claim =
        claim_of(hex("610000000a00"), hex("3dd8430000"), hex("1b005b0032004a00"), UTF16);
    assert_string_equal(claim->user, "a" REPLACED REPLACED);
    assert_string_equal(claim->domain, REPLACED "C" REPLACED);
    assert_string_equal(claim->workstation, REPLACED "[2J");
    release(state);
    claim = claim_of(hex("61000a"), hex("9b43"), hex("7f"), OEM);
    assert_string_equal(claim->user, "a" REPLACED REPLACED);
    assert_string_equal(claim->domain, REPLACED "C");
    assert_string_equal(claim->workstation, REPLACED);
}

static void a_refused_name_is_still_shown_as_it_was_sent(void **state)
{
    (void)state;
    static const struct {
        const char *user, *domain, *shown_user, *shown_domain;
    } names[] = {
        {"610000006200", CORP, "a" REPLACED "b", "CORP"},
        {"610062", CORP, "a" REPLACED, "CORP"},
        {ALICE, "43000a004300", "alice", "C" REPLACED "C"},
        {ALICE, "430044", "alice", "C" REPLACED},
    };
    for (size_t i = 0; i < COUNT(names); i++) {
        ntlm_claim_t *claim = claim_of(hex(names[i].user), hex(names[i].domain), none, UTF16);
        assert_non_null(claim_names(claim));
        assert_string_equal(claim->user, names[i].shown_user);
        assert_string_equal(claim->domain, names[i].shown_domain);
        release(state);
    }
}

static void no_two_units_of_garbage_outgrow_their_room(void **state)
{
    (void)state;
    static const char *const units[] = {"ffff", "3dd8", "00de", "0000", "ac20", "3dd800de"};
    for (size_t i = 0; i < COUNT(units); i++) {
        bytes_t name = repeated(units[i], 1000);
        ntlm_claim_t *claim = claim_of(name, name, name, i % 2 ? UTF16 : OEM);
        assert_true(unicode_is_name(claim->user) && strlen(claim->user) <= 3 * NTLM_USER_MAX);
        assert_true(unicode_is_name(claim->domain) && unicode_is_name(claim->workstation));
        release(state);
    }
}

/* ---- what the proof is about ---- */

static size_t candidates_of(bytes_t user, bytes_t domain, ntlm_candidate_t *tried)
{
    const ntlm_claim_t *claim = claim_of(user, domain, none, UTF16);
    size_t count = 0;
    while (claim_candidate(claim, tried, count)) count++;
    release(NULL);
    return count;
}

static void the_candidates_are_those_that_differ_in_a_fixed_order(void **state)
{
    (void)state;
    ntlm_candidate_t tried[NTLM_CANDIDATES_MAX];
    assert_int_equal(candidates_of(hex(ALICE), hex("63004f00"), tried), 3);
    assert_bytes(((bytes_t){tried[0].bytes, tried[0].len}), "41004c0049004300450063004f00");
    assert_bytes(((bytes_t){tried[1].bytes, tried[1].len}), "41004c0049004300450043004f00");
    assert_bytes(((bytes_t){tried[2].bytes, tried[2].len}), "41004c00490043004500");
    for (int i = 0; i < 3; i++) {
        assert_int_equal(tried[i].form, i);
        assert_int_equal(tried[i].rule, UNICODE_UPPER_WINDOWS7);
        assert_int_equal(tried[i].user_len, 10);
    }
}

static void a_name_that_the_tables_spell_differently_is_tried_by_each(void **state)
{
    (void)state;
    ntlm_candidate_t tried[NTLM_CANDIDATES_MAX];
    assert_int_equal(candidates_of(hex("c203"), none, tried), 2); /* ASCII's is Windows 7's */
    assert_int_equal(tried[1].rule, UNICODE_UPPER_NT4);
    assert_int_equal(candidates_of(hex("c203e400"), hex("6100e400"), tried), 9);
    assert_int_equal(tried[8].form, NTLM_DOMAIN_EMPTY);
    assert_int_equal(tried[8].rule, UNICODE_UPPER_ASCII);
}

/* ---- words ---- */

static void how_a_name_was_hashed_has_one_word(void **state)
{
    (void)state;
    static const char *const forms[] = {"as-sent", "upper", "empty"};
    static const char *const rules[] = {"windows7", "nt4", "ascii"};
    for (int i = 0; i < 3; i++) {
        assert_string_equal(ntlm_domain_form_word((ntlm_domain_form_t)i), forms[i]);
        assert_string_equal(ntlm_upper_rule_word((unicode_rule_t)i), rules[i]);
    }
}

static void what_was_found_has_one_word(void **state)
{
    (void)state;
    static const char *const mics[] = {"absent", "unchecked", "ok", "wrong"};
    static const char *const bindings[] = {"absent", "zero", "unchecked", "ok", "wrong"};
    static const char *const services[] = {"absent", "unchecked", "untrusted", "ok", "wrong"};
    assert_null(ntlm_mic_word(NTLM_MIC_UNSEEN));
    assert_null(ntlm_binding_word(NTLM_BINDING_UNSEEN));
    assert_null(ntlm_service_word(NTLM_SERVICE_UNSEEN));
    for (int i = 0; i < 4; i++)
        assert_string_equal(ntlm_mic_word((ntlm_mic_t)(NTLM_MIC_ABSENT + i)), mics[i]);
    for (int i = 0; i < 5; i++) {
        ntlm_binding_t binding = (ntlm_binding_t)(NTLM_BINDING_ABSENT + i);
        ntlm_service_t service = (ntlm_service_t)(NTLM_SERVICE_ABSENT + i);
        assert_string_equal(ntlm_binding_word(binding), bindings[i]);
        assert_string_equal(ntlm_service_word(service), services[i]);
    }
}

#define TEST(name) cmocka_unit_test_teardown(name, release)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(utf16_names_are_read),
        TEST(oem_names_are_read_byte_by_byte),
        TEST(unicode_wins_when_both_charsets_were_offered),
        TEST(domain_and_workstation_may_be_empty),
        TEST(a_claim_begins_with_nothing_found),
        TEST(a_message_that_breaks_the_rules_gives_no_names),
        TEST(an_empty_user_is_refused),
        TEST(names_that_are_too_long_are_refused_and_shown_shortened),
        TEST(a_name_with_half_a_unit_is_refused),
        TEST(a_control_character_in_user_or_domain_is_refused),
        TEST(half_a_surrogate_pair_in_user_or_domain_is_refused),
        TEST(what_is_shown_of_garbage_is_harmless),
        TEST(a_refused_name_is_still_shown_as_it_was_sent),
        TEST(no_two_units_of_garbage_outgrow_their_room),
        TEST(the_candidates_are_those_that_differ_in_a_fixed_order),
        TEST(a_name_that_the_tables_spell_differently_is_tried_by_each),
        TEST(how_a_name_was_hashed_has_one_word),
        TEST(what_was_found_has_one_word),
    };
    return RUN_GROUP(tests);
}
