/* Why a client came by NTLM: by what it listed, what it asked for and what it says of it. */
#include "unit.h"
#include "pool.h"

#include "../../lib/http/reason.h"

static const char host[] = "web.example.com";

static const spnego_t raw = {.stage = SPNEGO_STAGE_RAW, .mechs = {SPNEGO_RAW}, .mech_count = 1};
static const spnego_t ntlm_alone = {
    .stage = SPNEGO_STAGE_OPEN, .mechs = {SPNEGO_NTLM}, .mech_count = 1};
static const spnego_t kerberos_behind = {
    .stage = SPNEGO_STAGE_OPEN, .mechs = {SPNEGO_NTLM, SPNEGO_KERBEROS}, .mech_count = 2};
static const spnego_t with_ticket = {.stage = SPNEGO_STAGE_OPEN,
                                     .first_has_token = true,
                                     .mechs = {SPNEGO_MS_KERBEROS, SPNEGO_KERBEROS, SPNEGO_NTLM},
                                     .mech_count = 3};

static const char *why(const spnego_t *negotiation, const char *asked, ntlm_service_t service,
                       uint32_t av_flags)
{
    static ntlm_claim_t claim;
    claim_clear(&claim);
    claim.service = service;
    claim.response.said.flags = av_flags;
    return reason_word(reason_of(negotiation, asked, host, &claim));
}

static void every_reason_has_its_word(void **state)
{
    (void)state;
    assert_null(reason_word(REASON_UNKNOWN));
    for (reason_t reason = REASON_UNKNOWN + 1; reason < REASON_COUNT; reason++)
        assert_non_null(reason_word(reason));
}

static void what_the_client_has_says_it(void **state)
{
    (void)state;
    static const spnego_t none = {.stage = SPNEGO_STAGE_NONE};
    assert_null(why(&none, host, NTLM_SERVICE_OK, 0));
    assert_string_equal(why(&raw, "10.0.0.1", NTLM_SERVICE_ABSENT, 0), "raw");
    assert_string_equal(why(&with_ticket, "10.0.0.1", NTLM_SERVICE_ABSENT, 0), "kerberos-first");
    assert_string_equal(why(&ntlm_alone, host, NTLM_SERVICE_OK, 0), "kerberos-not-offered");
    assert_string_equal(why(&ntlm_alone, "WEB.example.com", NTLM_SERVICE_UNSEEN, 0),
                        "kerberos-not-offered");
    assert_null(why(&kerberos_behind, host, NTLM_SERVICE_OK, 0));
}

static void what_it_asked_for_says_it(void **state)
{
    (void)state;
    static const char *const addresses[] = {"10.0.0.1", "::1", "2001:db8::7"};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        assert_string_equal(why(&ntlm_alone, addresses[i], NTLM_SERVICE_OK, 0), "ip-address");
    assert_string_equal(why(&kerberos_behind, "intranet", NTLM_SERVICE_OK, 0), "alias");
    assert_string_equal(why(&kerberos_behind, NULL, NTLM_SERVICE_ABSENT, 0), "no-spn");
    assert_string_equal(why(&kerberos_behind, host, NTLM_SERVICE_ABSENT, 0), "no-spn");
    assert_string_equal(
        why(&kerberos_behind, host, NTLM_SERVICE_UNTRUSTED, MSV_AV_FLAG_UNTRUSTED_SPN),
        "unverified-spn");
    assert_null(why(&kerberos_behind, host, NTLM_SERVICE_UNSEEN, MSV_AV_FLAG_UNTRUSTED_SPN));
}

static void what_it_listed_is_told_in_its_order(void **state)
{
    (void)state;
    static const spnego_t nothing = {.stage = SPNEGO_STAGE_NONE};
    assert_null(reason_mechs(pool, &nothing));
    assert_string_equal(reason_mechs(pool, &raw), "raw");
    assert_string_equal(reason_mechs(pool, &with_ticket), "ms-kerberos,kerberos,ntlm");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reason_has_its_word),
        cmocka_unit_test(what_the_client_has_says_it),
        cmocka_unit_test(what_it_asked_for_says_it),
        TEST_WITH_POOL(what_it_listed_is_told_in_its_order),
    };
    apr_initialize();
    int failed = RUN_GROUP(tests);
    apr_terminate();
    return failed;
}
