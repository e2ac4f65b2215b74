/* The same for programs. */
#include "unit.h"

#include "audited.h"

#include "../../lib/audit/audit_report_json.h"

static char *memory;

static int end_report(void **state)
{
    free(memory);
    memory = NULL;
    return end_tally(state);
}

/* Without blanks and line ends, which json.h knows about. */
static const char *report(bool all_rows)
{
    size_t len;
    FILE *out = open_memstream(&memory, &len);
    audit_report_json(out, &tally, all_rows);
    fclose(out);
    char *to = memory;
    for (const char *from = memory; *from; from++)
        if (*from != ' ' && *from != '\n') *to++ = *from;
    *to = '\0';
    return memory;
}

static void all_figures_are_members(void **state)
{
    (void)state;
    audit_line_t fine = login_of("alice", "WS1");
    fine.fields[AUDIT_BINDING] = bytes_of("ok");
    add(fine);
    add(negotiate_of("bob\\\\x", "kerberos,ntlm", "alias"));
    add(password_of("carol", "off"));
    tally.lines = 9;
    assert_string_equal(
        report(false),
        "{\"lines\":9,\"unreadable_lines\":0,\"undated_lines\":1,\"lines_before\":0,\"logins\":2,"
        "\"first\":\"2026-11-28T11:00:00Z\",\"last\":\"2026-11-28T11:00:00Z\","
        "\"schemes\":{\"NTLM\":1,\"Negotiate\":1,\"Basic\":0},"
        "\"refused\":{\"NTLMRequireMIC\":0,\"NTLMExtendedProtection\":1,\"NTLMServiceNames\":0,"
        "\"NTLMRequireTLS\":0},\"kerberos_listed\":1,"
        "\"why\":[{\"why\":\"alias\",\"logins\":1,"
        "\"meaning\":\"itaskedforanothernamethanServerName\","
        "\"write\":[\"setspn-SHTTP/ALIAShttp-web\",\"ServerAliasALIAS\"]}],"
        "\"who\":[{\"user\":\"bob\\\\\\\\x\",\"domain\":\"CORP\",\"workstation\":\"WS1\","
        "\"client\":\"10.0.0.1\",\"agent\":null,\"logins\":1,"
        "\"refused\":{\"NTLMRequireMIC\":0,\"NTLMExtendedProtection\":1,\"NTLMServiceNames\":0,"
        "\"NTLMRequireTLS\":0},\"kerberos_listed\":1,\"last\":\"2026-11-28T11:00:00Z\"}],"
        "\"others\":null,"
        "\"basic_unasked\":[{\"user\":\"carol\",\"domain\":null,\"workstation\":null,"
        "\"client\":\"10.0.0.2\",\"agent\":\"curl/8.20.0\",\"times\":1,\"without_tls\":1,"
        "\"last\":null}],\"basic_unasked_others\":null}");
}

static void all_rows_are_those_of_nothing_in_the_way_too(void **state)
{
    (void)state;
    audit_line_t fine = login_of("alice", "WS1");
    fine.fields[AUDIT_BINDING] = bytes_of("ok");
    add(fine);
    assert_non_null(strstr(report(true), "\"user\":\"alice\""));
    free(memory);
    assert_non_null(strstr(report(false), "\"who\":[]"));
}

static void others_are_a_sum(void **state)
{
    (void)state;
    tally.logins.most = tally.basic.most = 0;
    add(login_of("alice", "WS1"));
    add(password_of("carol", "on"));
    report(false);
    assert_non_null(strstr(memory, "\"who\":[],\"others\":{\"logins\":1,\"refused\":{"));
    assert_non_null(strstr(memory, "\"basic_unasked_others\":{\"times\":1,\"without_tls\":0,"
                                   "\"last\":null}"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin_tally, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_figures_are_members),
        TEST(all_rows_are_those_of_nothing_in_the_way_too),
        TEST(others_are_a_sum),
    };
    return RUN_GROUP(tests);
}
