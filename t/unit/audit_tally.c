/* Sums and rows of logins, however many there are. */
#include "unit.h"

#include "audited.h"

static const audit_row_t *found[8];
static size_t found_count;

static void keep_row(const audit_row_t *row, void *closure)
{
    (void)closure;
    if (found_count < sizeof found / sizeof found[0]) found[found_count] = row;
    found_count++;
}

static size_t look(const audit_rows_t *rows)
{
    found_count = 0;
    audit_rows_each(rows, keep_row, NULL);
    return found_count;
}

static void logins_and_unasked_passwords_count_and_nothing_else(void **state)
{
    (void)state;
    audit_line_t line = login_of("alice", "WS1");
    assert_true(audit_tally_counts(&line) && audit_tally_is_login(&line));
    line.is_kept = true;
    assert_false(audit_tally_counts(&line));
    line = login_of("alice", "WS1");
    line.fields[AUDIT_STATUS] = bytes_of("wrong-password");
    assert_false(audit_tally_counts(&line));
    line = password_of("bob", "on");
    assert_true(audit_tally_counts(&line) && !audit_tally_is_login(&line));
    line.fields[AUDIT_SCHEME] = bytes_of("-");
    assert_false(audit_tally_counts(&line));
}

static void logins_of_a_user_workstation_and_client_are_one_row(void **state)
{
    (void)state;
    audit_line_t other = login_of("alice", "WS1");
    add(login_of("alice", "WS1"));
    add(login_of("bob", "WS1"));
    other.at += 60;
    add(other);
    other.client = bytes_of("10.0.0.2");
    other.is_dated = false;
    other.at = 0;
    add(other);
    assert_int_equal(look(&tally.logins), 3);
    assert_string_equal(found[0]->user, "alice");
    assert_string_equal(found[0]->client, "10.0.0.1");
    assert_int_equal(found[0]->sums.count, 2);
    assert_int_equal(found[0]->sums.last, 1795863660);
    assert_string_equal(found[1]->client, "10.0.0.2");
    assert_int_equal(found[1]->sums.last, 0);
    assert_string_equal(found[2]->user, "bob");
    assert_int_equal(tally.sums.count, 4);
    assert_int_equal(tally.undated, 1);
    assert_int_equal(tally.first, 1795863600);
    assert_int_equal(tally.sums.last, 1795863660);
    assert_int_equal(tally.from[AUDIT_ERROR_LOG], 4);
}

static void what_would_be_refused_is_summed_by_directive(void **state)
{
    (void)state;
    audit_line_t bare = login_of("alice", "WS1");
    bare.fields[AUDIT_MIC] = bytes_of("absent");
    add(login_of("alice", "WS1"));
    add(bare);
    assert_int_equal(tally.sums.refused[AUDIT_DEMAND_MIC], 1);
    assert_int_equal(tally.sums.refused[AUDIT_DEMAND_BINDING], 2);
    assert_int_equal(tally.sums.refused[AUDIT_DEMAND_SERVICE], 0);
    assert_int_equal(tally.sums.refused[AUDIT_DEMAND_TLS], 0);
    assert_true(audit_sums_break(&tally.sums, 1 << AUDIT_DEMAND_MIC));
    assert_false(audit_sums_break(&tally.sums, 1 << AUDIT_DEMAND_TLS));
    assert_true(audit_sums_break(&tally.sums, AUDIT_DEMANDS_ALL));
    assert_false(audit_sums_break(&tally.sums, 0));
}

static void reasons_are_those_of_negotiate(void **state)
{
    (void)state;
    add(negotiate_of("alice", "ms-kerberos,kerberos,ntlm", "no-spn"));
    add(negotiate_of("alice", "ntlm", "kerberos-not-offered"));
    add(negotiate_of("alice", "kerberos,ntlm", "a-new-word"));
    add(login_of("alice", "WS1"));
    assert_int_equal(tally.why[audit_remedy_of(bytes_of("no-spn"))], 1);
    assert_int_equal(tally.why[audit_remedy_of(bytes_of("kerberos-not-offered"))], 1);
    assert_int_equal(tally.why[0], 1);
    assert_int_equal(tally.sums.kerberos, 2);
    assert_int_equal(tally.schemes[SCHEME_NEGOTIATE], 3);
    assert_int_equal(tally.schemes[SCHEME_NTLM], 1);
}

static void unasked_passwords_have_rows_of_their_own(void **state)
{
    (void)state;
    add(password_of("bob", "off"));
    add(password_of("bob", "on"));
    assert_int_equal(look(&tally.basic), 1);
    assert_int_equal(found[0]->sums.count, 2);
    assert_int_equal(found[0]->sums.refused[AUDIT_DEMAND_TLS], 1);
    assert_int_equal(found[0]->sums.refused[AUDIT_DEMAND_MIC], 0);
    assert_string_equal(found[0]->agent, "curl/8.20.0");
    assert_int_equal(tally.sums.count, 0);
    assert_int_equal(look(&tally.logins), 0);
}

/* More workstations than there are rows, of one who is let in; a flood of passwords besides. */
static void who_comes_when_all_rows_are_taken_is_among_the_others(void **state)
{
    (void)state;
    char name[32];
    tally.logins.most = 3;
    tally.basic.most = 2;
    for (unsigned i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "x%u", i);
        add(password_of(name, "off"));
        add(login_of("alice", name));
    }
    add(login_of("alice", "x0"));
    assert_int_equal(look(&tally.logins), 3);
    assert_int_equal(found[0]->sums.count, 2);
    assert_int_equal(tally.logins.others.count, 7);
    assert_int_equal(tally.logins.others.refused[AUDIT_DEMAND_BINDING], 7);
    assert_int_equal(tally.sums.count, 11);
    assert_int_equal(look(&tally.basic), 2);
    assert_int_equal(tally.basic.others.count, 8);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin_tally, end_tally)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(logins_and_unasked_passwords_count_and_nothing_else),
        TEST(logins_of_a_user_workstation_and_client_are_one_row),
        TEST(what_would_be_refused_is_summed_by_directive),
        TEST(reasons_are_those_of_negotiate),
        TEST(unasked_passwords_have_rows_of_their_own),
        TEST(who_comes_when_all_rows_are_taken_is_among_the_others),
    };
    return RUN_GROUP(tests);
}
