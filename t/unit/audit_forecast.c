/* Which directives would have refused a login, field by field. */
#include "unit.h"

#include "../../lib/audit/audit_forecast.h"

enum {
    MIC = 1 << AUDIT_DEMAND_MIC,
    BINDING = 1 << AUDIT_DEMAND_BINDING,
    SERVICE = 1 << AUDIT_DEMAND_SERVICE,
    TLS = 1 << AUDIT_DEMAND_TLS
};

static audit_line_t login(const char *scheme, const char *tls, const char *mic, const char *binding,
                          const char *service)
{
    audit_line_t line = audit_line_empty(AUDIT_ERROR_LOG);
    line.fields[AUDIT_SCHEME] = bytes_of(scheme);
    line.fields[AUDIT_TLS] = bytes_of(tls);
    line.fields[AUDIT_MIC] = bytes_of(mic);
    line.fields[AUDIT_BINDING] = bytes_of(binding);
    line.fields[AUDIT_SERVICE] = bytes_of(service);
    return line;
}

static void each_demand_takes_one_word(void **state)
{
    (void)state;
    static const struct {
        const char *scheme, *tls, *mic, *binding, *service;
        audit_demands_t refusing;
    } rows[] = {
        {"NTLM", "on", "ok", "ok", "ok", 0},
        {"Negotiate", "on", "ok", "ok", "ok", 0},
        {"NTLM", "off", "ok", "ok", "ok", TLS},
        {"NTLM", "on", "absent", "ok", "ok", MIC},
        {"NTLM", "on", "unchecked", "ok", "ok", MIC},
        {"NTLM", "on", "ok", "absent", "ok", BINDING},
        {"NTLM", "on", "ok", "zero", "ok", BINDING},
        {"NTLM", "on", "ok", "wrong", "ok", BINDING},
        {"NTLM", "on", "ok", "unchecked", "ok", BINDING},
        {"NTLM", "on", "ok", "ok", "absent", SERVICE},
        {"NTLM", "on", "ok", "ok", "untrusted", SERVICE},
        {"NTLM", "on", "ok", "ok", "wrong", SERVICE},
        {"NTLM", "on", "ok", "ok", "unchecked", SERVICE},
        {"Basic", "on", "ok", "ok", "ok", MIC | BINDING | SERVICE},
        {"Basic", "off", "-", "-", "-", MIC | BINDING | SERVICE | TLS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        audit_line_t line =
            login(rows[i].scheme, rows[i].tls, rows[i].mic, rows[i].binding, rows[i].service);
        if (audit_forecast(&line) != rows[i].refusing)
            fail_msg("row %zu: %#x", i, audit_forecast(&line));
    }
}

static void directives_are_named_in_any_case(void **state)
{
    (void)state;
    audit_demands_t demands;
    assert_true(audit_demands_read("NTLMRequireMIC", &demands));
    assert_int_equal(demands, MIC);
    assert_true(audit_demands_read("ntlmrequiretls,NTLMSERVICENAMES", &demands));
    assert_int_equal(demands, TLS | SERVICE);
    static const char *const wrong[] = {"",
                                        "mic",
                                        "NTLMRequireMIC,",
                                        ",NTLMRequireMIC",
                                        "NTLMRequireMIC NTLMRequireTLS",
                                        "NTLMExtendedProtectionAndSomethingMoreThanThat"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (audit_demands_read(wrong[i], &demands)) fail_msg("taken: %s", wrong[i]);
}

static void kerberos_is_listed_by_either_of_its_names_and_under_negotiate_alone(void **state)
{
    (void)state;
    static const struct {
        const char *scheme, *mechs;
        bool lists;
    } rows[] = {
        {"Negotiate", "kerberos", true},
        {"Negotiate", "ntlm,ms-kerberos", true},
        {"Negotiate", "ms-kerberos,ntlm", true},
        {"Negotiate", "iakerb,ntlm", false},
        {"Negotiate", "raw", false},
        {"Negotiate", "-", false},
        {"Negotiate", "kerberos5", false},
        {"NTLM", "kerberos", false},
        {"Negotiate", "negoex,kerberos", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        audit_line_t line = audit_line_empty(AUDIT_JSON_LOG);
        line.fields[AUDIT_SCHEME] = bytes_of(rows[i].scheme);
        line.fields[AUDIT_MECHS] = bytes_of(rows[i].mechs);
        if (audit_lists_kerberos(&line) != rows[i].lists) fail_msg("row %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_demand_takes_one_word),
        cmocka_unit_test(directives_are_named_in_any_case),
        cmocka_unit_test(kerberos_is_listed_by_either_of_its_names_and_under_negotiate_alone),
    };
    return RUN_GROUP(tests);
}
