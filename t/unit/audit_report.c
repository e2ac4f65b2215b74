/* The table for people. */
#include "unit.h"

#include <time.h>

#include "audited.h"

#include "../../lib/audit/audit_report.h"

static char *memory;

static int begin_report(void **state)
{
    setenv("TZ", "UTC", 1);
    tzset();
    return begin_tally(state);
}

static int end_report(void **state)
{
    free(memory);
    memory = NULL;
    return end_tally(state);
}

static const char *report(bool all_rows)
{
    size_t len;
    free(memory);
    FILE *out = open_memstream(&memory, &len);
    audit_report_text(out, &tally, all_rows);
    fclose(out);
    return memory;
}

static void assert_says(const char *text)
{
    if (!strstr(memory, text)) fail_msg("it does not say: %s\nbut: %s", text, memory);
}

static void assert_does_not_say(const char *text)
{
    if (strstr(memory, text)) fail_msg("it says: %s\nnamely: %s", text, memory);
}

static void the_whole_of_it(void **state)
{
    (void)state;
    audit_line_t fine = login_of("alice", "WS 1");
    fine.fields[AUDIT_BINDING] = bytes_of("ok");
    add(fine);
    add(negotiate_of("bob", "kerberos,ntlm", "alias"));
    add(negotiate_of("bob", "kerberos,ntlm", "alias"));
    add(password_of("carol", "off"));
    tally.lines = 9;
    report(false);
    assert_string_equal(
        memory,
        "3 logins in 9 lines, from 2026-11-28 11:00:00 to 2026-11-28 11:00:00\n"
        "  NTLM                                       1    33.3 %\n"
        "  Negotiate                                  2    66.7 %\n"
        "  Basic                                      0     0.0 %\n"
        "  note: lines without a time that can be read, which count: 1\n"
        "\n"
        "Would be refused by\n"
        "  NTLMRequireMIC on                          0     0.0 %\n"
        "  NTLMExtendedProtection require             2    66.7 %\n"
        "  NTLMServiceNames require                   0     0.0 %\n"
        "  NTLMRequireTLS on                          0     0.0 %\n"
        "\n"
        "Came by NTLM, and could have come by Kerberos\n"
        "  Negotiate, with Kerberos listed            2    66.7 %\n"
        "\n"
        "Why they came by NTLM (of those by Negotiate), and what to write\n"
        "  alias                                      2   100.0 %\n"
        "      it asked for another name than ServerName\n"
        "        setspn -S HTTP/ALIAS http-web\n"
        "        ServerAlias ALIAS\n"
        "\n"
        "Who: 1 of 2 rows\n"
        "  user      workstation  client      logins       MIC   binding   service       TLS  "
        "Kerberos  last\n"
        "  CORP\\bob  WS1          10.0.0.1         2         -         2         -         -    "
        " "
        "    2  2026-11-28 11:00:00\n"
        "\n"
        "Change these passwords: they came by Basic, which nobody asked for\n"
        "  user      workstation  client       times  in clear  last                 agent\n"
        "  carol     -            10.0.0.2         1         1  -                    "
        "curl/8.20.0\n");
    report(true);
    assert_says("Who logs in: 2 of 2 rows");
    assert_says("  CORP\\alice  \"WS 1\"       10.0.0.1 ");
}

static void what_was_left_out_is_said(void **state)
{
    (void)state;
    audit_line_t json = login_of("alice", "WS1");
    add(json);
    report(false);
    assert_does_not_say("note:");
    json.source = AUDIT_JSON_LOG;
    add(json);
    tally.before = 3;
    tally.unreadable = 4;
    report(false);
    assert_says("note: lines before --since, which do not count: 3");
    assert_says("note: lines that cannot be read, and do not count: 4");
    assert_says("those in both count twice");
}

static void others_are_said_to_be_others(void **state)
{
    (void)state;
    tally.logins.most = 1;
    add(login_of("alice", "WS1"));
    add(login_of("alice", "WS2"));
    report(false);
    assert_says("  (others)    -            -                1         -         1 ");
    assert_says("note: there is room for 1 rows; who came behind them is in (others)");
}

static void nobody_is_a_table_too(void **state)
{
    (void)state;
    report(false);
    assert_says("0 logins in 0 lines, from - to -\n");
    assert_says("Who: 0 of 0 rows\n");
    assert_does_not_say("nan");
    assert_does_not_say("Change these passwords");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin_report, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_whole_of_it),
        TEST(what_was_left_out_is_said),
        TEST(others_are_said_to_be_others),
        TEST(nobody_is_a_table_too),
    };
    return RUN_GROUP(tests);
}
