/* What may be demanded of a login beyond its proof: the service that it was meant for. (The
 * channel binding and the domain stand in checks.c, in their place among the rules.) */
#include "connection.h"

static const char *const hosts[] = {"web.example.com", "intranet", "::1", NULL};

/* What became of the last login of expect(). */
static const connection_t *last;

static void expect(ntlm_demand_t demand, const char *spn, ntlm_status_t status)
{
    policy.service = demand;
    policy.service_hosts = hosts;
    alice.spn = spn;
    connection_t *c = connect_client();
    ntlm_status_t is = log_in(c, &alice);
    last = c;
    if (is != status)
        fail_msg("'%s' gives %s, not %s", spn ? spn : "(none)", ntlm_status_name(is),
                 ntlm_status_name(status));
}

static void a_login_for_this_service_is_accepted(void **state)
{
    (void)state;
    static const char *const ours[] = {"HTTP/web.example.com",
                                       "http/WEB.example.COM",
                                       "HOST/intranet",
                                       "HTTP/web.example.com:8443",
                                       "HTTP/intranet@EXAMPLE.COM",
                                       "HTTP/web.example.com/EXAMPLE.COM",
                                       "HTTP/intranet:80@EXAMPLE.COM",
                                       "HTTP/[::1]:8080",
                                       "HTTP/[::1]",
                                       "HTTP/web.example.com.",
                                       "HTTP/intranet.:8443"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        expect(NTLM_REQUIRE, ours[i], NTLM_OK);
        expect(NTLM_ALLOW, ours[i], NTLM_OK);
    }
}

static void a_login_for_another_service_is_a_mismatch(void **state)
{
    (void)state;
    static const char *const theirs[] = {"cifs/web.example.com",
                                         "HTTP/elsewhere",
                                         "HTTP/web.example.com.evil.example",
                                         "HTTP/",
                                         "web.example.com",
                                         "HTTP",
                                         "/web.example.com",
                                         "HTTPS/intranet",
                                         "HTTP/intranet2",
                                         "HTTP//intranet",
                                         "HTTP/:80",
                                         "HTTP/.",
                                         "HTTP/intranet..",
                                         "ldap/intranet",
                                         "HTTP/[elsewhere]",
                                         "HTTP/x/intranet",
                                         "HTTP/x@intranet",
                                         "HTTP /intranet",
                                         "HTTP/ intranet"};
    for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++) {
        expect(NTLM_REQUIRE, theirs[i], NTLM_SERVICE_MISMATCH);
        expect(NTLM_ALLOW, theirs[i], NTLM_SERVICE_MISMATCH);
        expect(NTLM_OFF, theirs[i], NTLM_OK);
    }
}

static void a_login_for_no_service_is_refused_where_one_is_required(void **state)
{
    (void)state;
    const char *const none[] = {NULL, ""};
    for (size_t i = 0; i < 2; i++) {
        expect(NTLM_REQUIRE, none[i], NTLM_SERVICE_REQUIRED);
        expect(NTLM_ALLOW, none[i], NTLM_OK);
        expect(NTLM_OFF, none[i], NTLM_OK);
    }
}

static void a_name_that_the_client_does_not_trust_itself_is_none(void **state)
{
    (void)state;
    alice.av_flags = MSV_AV_FLAG_UNTRUSTED_SPN;
    expect(NTLM_REQUIRE, "HTTP/intranet", NTLM_SERVICE_REQUIRED);
    expect(NTLM_ALLOW, "HTTP/intranet", NTLM_OK);
    expect(NTLM_ALLOW, "HTTP/elsewhere", NTLM_SERVICE_MISMATCH);
}

static void the_name_is_looked_at_after_the_proof(void **state)
{
    (void)state;
    alice.nt_hash[3] ^= 1;
    expect(NTLM_REQUIRE, "HTTP/elsewhere", NTLM_WRONG_PASSWORD);
    expect(NTLM_REQUIRE, NULL, NTLM_WRONG_PASSWORD);
}

static void the_name_is_compared_whatever_is_demanded(void **state)
{
    (void)state;
    static const struct {
        const char *spn;
        uint32_t flags;
        ntlm_service_t service;
    } cases[] = {
        {NULL, 0, NTLM_SERVICE_ABSENT},
        {"", 0, NTLM_SERVICE_ABSENT},
        {"HTTP/intranet", 0, NTLM_SERVICE_OK},
        {"HTTP/elsewhere", 0, NTLM_SERVICE_WRONG},
        {"cifs/intranet", 0, NTLM_SERVICE_WRONG},
        {"HTTP/intranet", MSV_AV_FLAG_UNTRUSTED_SPN, NTLM_SERVICE_UNTRUSTED},
        {"HTTP/elsewhere", MSV_AV_FLAG_UNTRUSTED_SPN, NTLM_SERVICE_WRONG},
        {NULL, MSV_AV_FLAG_UNTRUSTED_SPN, NTLM_SERVICE_ABSENT},
    };
    for (int demand = NTLM_OFF; demand <= NTLM_REQUIRE; demand++) {
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            policy.service = (ntlm_demand_t)demand;
            policy.service_hosts = hosts;
            alice.spn = cases[i].spn;
            alice.av_flags = cases[i].flags;
            connection_t *c = connect_client();
            log_in(c, &alice);
            assert_int_equal(c->claim.service, cases[i].service);
        }
    }
}

static void both_are_compared_before_either_refuses(void **state)
{
    (void)state;
    static const uint8_t ours[1][NTLM_BINDING_LEN] = {{1}}, theirs[NTLM_BINDING_LEN] = {2};
    policy.binding = NTLM_ALLOW;
    policy.bindings = ours;
    policy.bindings_count = 1;
    alice.binding = theirs;
    expect(NTLM_ALLOW, "HTTP/elsewhere", NTLM_BINDING_MISMATCH);
    assert_int_equal(last->claim.service, NTLM_SERVICE_WRONG);
}

static void before_the_proof_nothing_is_compared(void **state)
{
    (void)state;
    alice.nt_hash[3] ^= 1;
    expect(NTLM_REQUIRE, "HTTP/intranet", NTLM_WRONG_PASSWORD);
    assert_int_equal(last->claim.service, NTLM_SERVICE_UNCHECKED);
    expect(NTLM_REQUIRE, NULL, NTLM_WRONG_PASSWORD);
    assert_int_equal(last->claim.service, NTLM_SERVICE_ABSENT);
}

static void without_a_list_no_service_is_ours(void **state)
{
    (void)state;
    policy.service = NTLM_ALLOW;
    policy.service_hosts = NULL;
    alice.spn = "HTTP/intranet";
    connection_t *c = connect_client();
    assert_int_equal(log_in(c, &alice), NTLM_SERVICE_MISMATCH);
    assert_int_equal(c->claim.service, NTLM_SERVICE_UNCHECKED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_login_for_this_service_is_accepted),
        TEST(a_login_for_another_service_is_a_mismatch),
        TEST(a_login_for_no_service_is_refused_where_one_is_required),
        TEST(a_name_that_the_client_does_not_trust_itself_is_none),
        TEST(the_name_is_looked_at_after_the_proof),
        TEST(the_name_is_compared_whatever_is_demanded),
        TEST(both_are_compared_before_either_refuses),
        TEST(before_the_proof_nothing_is_compared),
        TEST(without_a_list_no_service_is_ours),
    };
    return RUN_GROUP(tests);
}
