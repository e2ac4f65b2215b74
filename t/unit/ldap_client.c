/* libldap, against servers that answer, refuse or say nothing. */
#include "directory.h"

#include <sys/resource.h>

#include "../../lib/system/clock.h"
#include "../../lib/creds/ldap/ldap_client.h"

static ldap_spec_t spec;
static ldap_client_t *ldap;
static ldap_client_call_t call;
static ldap_client_connection_t connection;

/* words: one option and its value, or NULL. */
static void open_with(const char *url, const char *key, const char *value)
{
    apr_table_t *options = apr_table_make(pool, 2);
    if (key) apr_table_setn(options, key, value);
    const char *why = ldap_spec_parse(pool, url, options, &spec);
    if (!why) why = ldap_client_open(pool, &spec, &ldap);
    if (why) fail_msg("%s", why);
    memset(&connection, 0, sizeof connection);
}

static const char *url_of(const char *scheme, int port)
{
    return apr_psprintf(pool, "%s://127.0.0.1:%d/dc=x", scheme, port);
}

static bool connects(int milliseconds)
{
    call = (ldap_client_call_t){.ldap = ldap, .pool = pool};
    call.until = clock_ticks() + 1000 * milliseconds;
    bool ok = ldap_client_connect(&connection, &call);
    assert_true(ok == (connection.handle != NULL));
    assert_true(ok == (call.why == NULL));
    return ok;
}

enum { LONG = 20000, SHORT = 300 };

/* Connects to such a directory, and searches it. */
static ntlm_status_t searched_for(manner_t manner, bool groups, ldap_answer_t *answer)
{
    const ldap_client_query_t query = {"(uid=alice)", groups};
    int port = 0;
    pid_t server = start_directory(manner, &port);
    open_with(url_of("ldap", port), "groupbase", "ou=groups,dc=x");
    assert_true(connects(LONG));
    ntlm_status_t status = ldap_client_search(&connection, &call, &query, answer);
    ldap_client_close(&connection);
    stop_directory(server);
    return status;
}

static ntlm_status_t searched(manner_t manner, ldap_answer_t *answer)
{
    return searched_for(manner, false, answer);
}

static void an_entry_is_read(void **state)
{
    (void)state;
    ldap_answer_t answer;
    assert_int_equal(searched(ONE_ENTRY, &answer), NTLM_OK);
    assert_int_equal(answer.entry.count, 2);
    const ldap_attribute_t *found = answer.entry.attributes;
    assert_string_equal(found[0].name, "uid");
    assert_int_equal(found[0].count, 1);
    assert_bytes(found[0].values[0], "616c696365");
    assert_string_equal(found[1].name, "ipaNTHash");
    assert_bytes(found[1].values[0], ENTRY_HASH);
    const uint8_t *inside_message = found[1].values[0].data;
    assert_int_equal(inside_message[1], 0xd1);
    ldap_answer_forget(&answer);
}

static void no_entry_and_two_are_told_apart(void **state)
{
    (void)state;
    ldap_answer_t answer;
    assert_int_equal(searched(NO_ENTRY, &answer), NTLM_NO_SUCH_USER);
    assert_null(call.why);
    assert_int_equal(searched(TWO_ENTRIES, &answer), NTLM_AMBIGUOUS_USER);
    assert_null(call.why);
}

static void a_base_that_is_not_there_is_an_outage(void **state)
{
    (void)state;
    ldap_answer_t answer;
    assert_int_equal(searched(NO_SUCH_BASE, &answer), NTLM_BACKEND_DOWN);
    assert_string_equal(call.why,
                        "search: No such object: the base is not there, or hidden from us");
}

static void somebody_who_may_be_elsewhere_is_not_unknown(void **state)
{
    (void)state;
    ldap_answer_t answer;
    assert_int_equal(searched(REFERS, &answer), NTLM_BACKEND_DOWN);
    assert_string_equal(call.why, "search: the directory refers us elsewhere");
    assert_true(call.unanswered);
    assert_int_equal(searched(REFERS_ONLY, &answer), NTLM_BACKEND_DOWN);
    assert_string_equal(call.why, "search: the directory refers us elsewhere");
    assert_true(call.unanswered);
}

static void a_search_that_is_refused_says_nothing_of_the_server(void **state)
{
    (void)state;
    ldap_answer_t answer;
    assert_int_equal(searched(ADMIN_LIMIT, &answer), NTLM_BACKEND_DOWN);
    assert_string_equal(call.why, "search: Administrative limit exceeded");
    assert_true(call.unanswered);
    assert_int_equal(searched(NO_SUCH_BASE, &answer), NTLM_BACKEND_DOWN);
    assert_false(call.unanswered);
}

static void names_that_are_none_are_found_at_configuration_time(void **state)
{
    (void)state;
    static const char base[] =
        "the base in the URL is no DN; write for example ou=people,dc=example,dc=com";
    static const char *const bad[] = {"dc", "ou=people,dc", "dc=x,,dc=y", "=x", "dc=x\\"};
    apr_table_t *none = apr_table_make(pool, 1);
    assert_null(ldap_spec_parse(pool, "ldap://a/dc=x", none, &spec));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        spec.address.base = bad[i];
        assert_refusal(ldap_client_open(pool, &spec, &ldap), base);
    }
    spec.address.base = "ou=J\xc3\xbcrgen\\2c Co,dc=x";
    assert_null(ldap_client_open(pool, &spec, &ldap));
    spec.bind_dn = "cn=httpd,x";
    assert_refusal(ldap_client_open(pool, &spec, &ldap),
                   "binddn= is no DN; write for example \"binddn=cn=httpd,dc=example,dc=com\"");
    spec.bind_dn = NULL;
    spec.group_base = "ou=groups,x";
    assert_refusal(ldap_client_open(pool, &spec, &ldap),
                   "groupbase= is no DN; write for example "
                   "\"groupbase=ou=groups,dc=example,dc=com\"");
}

static void what_decides_a_login_names_no_groups(void **state)
{
    (void)state;
    static const char *const bad[] = {"uid",           "SambaNTPassword", "ipaNTHash",
                                      "nsAccountLock", "sambaDomainName", "ownHash"};
    apr_table_t *options = apr_table_make(pool, 1);
    apr_table_setn(options, "hash", "ownHash");
    assert_null(ldap_spec_parse(pool, "ldap://a/dc=x?uid", options, &spec));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        spec.groups = bad[i];
        assert_refusal(ldap_client_open(pool, &spec, &ldap),
                       "groups= takes an attribute that names groups, none that a login is decided "
                       "by; write for example groups=memberOf");
    }
    spec.groups = "memberOf";
    assert_null(ldap_client_open(pool, &spec, &ldap));
}

static void assert_groups(manner_t manner, int count, bool cut)
{
    ldap_answer_t answer;
    assert_int_equal(searched_for(manner, true, &answer), NTLM_OK);
    assert_int_equal(answer.dns->nelts, count);
    assert_int_equal(answer.cut, cut);
    for (int i = 0; i < count; i++)
        assert_bytes(APR_ARRAY_IDX(answer.dns, i, bytes_t), "7569643d616c696365"); /* uid=alice */
    ldap_answer_forget(&answer);
    assert_null(call.why);
}

static void of_groups_all_are_read(void **state)
{
    (void)state;
    ldap_answer_t answer;
    assert_groups(ONE_ENTRY, 1, false);
    assert_groups(TWO_ENTRIES, 2, false);
    assert_groups(NO_ENTRY, 0, false);
    assert_groups(TWO_OF_MORE, 2, true);
    assert_groups(REFERS, 0, true);
    assert_int_equal(searched_for(NO_SUCH_BASE, true, &answer), NTLM_BACKEND_DOWN);
    assert_int_equal(searched_for(ADMIN_LIMIT, true, &answer), NTLM_BACKEND_DOWN);
    assert_true(call.unanswered);
    assert_int_equal(searched_for(REFERS_ONLY, true, &answer), NTLM_BACKEND_DOWN);
}

static void a_bind_that_is_refused_is_said_to_be(void **state)
{
    (void)state;
    int port = 0;
    pid_t server = start_directory(BIND_REFUSED, &port);
    open_with(url_of("ldap", port), NULL, NULL);
    spec.bind_dn = "cn=httpd";
    spec.bind_password = "topsecret";
    assert_false(connects(LONG));
    assert_string_equal(call.why, "bind: Invalid credentials");
    stop_directory(server);
}

static void a_server_that_knows_no_tls_is_refused(void **state)
{
    (void)state;
    int port = 0;
    pid_t server = start_directory(ONE_ENTRY, &port);
    open_with(url_of("ldap", port), "starttls", "on");
    assert_false(connects(LONG));
    assert_string_equal(call.why, "StartTLS: Protocol error");
    stop_directory(server);
}

static void nobody_there_is_said_at_once(void **state)
{
    (void)state;
    open_with(url_of("ldap", silent_port()), NULL, NULL);
    assert_false(connects(LONG));
    assert_string_equal(call.why, "cannot connect: Connection refused");
}

static apr_time_t cpu_time(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return apr_time_make(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec,
                         usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

/* It fails with that sentence when its time is over, and does not spin until then. The
 * first time is not measured: there is more to do. */
static void assert_late(const char *why)
{
    assert_false(connects(SHORT));
    apr_time_t began = clock_ticks(), cpu = cpu_time();
    assert_false(connects(SHORT));
    assert_string_equal(call.why, why);
    assert_true(clock_ticks() - began >= 1000 * SHORT / 2);
    assert_true(cpu_time() - cpu < (clock_ticks() - began) / 2);
}

static void a_server_that_says_nothing_costs_its_time_and_no_more(void **state)
{
    (void)state;
    int port = 0, listener = silent_server(&port);
    open_with(url_of("ldaps", port), NULL, NULL);
    assert_late("TLS: it does not answer in time");
    open_with(url_of("ldap", port), "starttls", "on");
    assert_late("StartTLS: it does not answer in time");
    open_with(url_of("ldap", port), NULL, NULL);
    spec.bind_dn = "cn=httpd";
    spec.bind_password = "topsecret";
    assert_late("bind: it does not answer in time");
    close(listener);
}

static void a_server_that_promises_tls_and_says_nothing_does_so_too(void **state)
{
    (void)state;
    int port = 0;
    pid_t server = start_directory(TLS_PROMISED, &port);
    open_with(url_of("ldap", port), "starttls", "on");
    assert_late("TLS: it does not answer in time");
    stop_directory(server);
}

static void a_search_that_is_not_answered_ends_too(void **state)
{
    (void)state;
    ldap_answer_t answer;
    const ldap_client_query_t query = {.filter = "(uid=alice)"};
    int port = 0, listener = silent_server(&port);
    open_with(url_of("ldap", port), NULL, NULL);
    assert_true(connects(SHORT));
    assert_int_equal(ldap_client_search(&connection, &call, &query, &answer), NTLM_BACKEND_DOWN);
    assert_string_equal(call.why, "search: it does not answer in time");
    ldap_client_close(&connection);
    close(listener);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_is_read),
        cmocka_unit_test(no_entry_and_two_are_told_apart),
        cmocka_unit_test(a_base_that_is_not_there_is_an_outage),
        cmocka_unit_test(somebody_who_may_be_elsewhere_is_not_unknown),
        cmocka_unit_test(a_search_that_is_refused_says_nothing_of_the_server),
        cmocka_unit_test(names_that_are_none_are_found_at_configuration_time),
        cmocka_unit_test(what_decides_a_login_names_no_groups),
        cmocka_unit_test(of_groups_all_are_read),
        cmocka_unit_test(a_bind_that_is_refused_is_said_to_be),
        cmocka_unit_test(a_server_that_knows_no_tls_is_refused),
        cmocka_unit_test(nobody_there_is_said_at_once),
        cmocka_unit_test(a_server_that_says_nothing_costs_its_time_and_no_more),
        cmocka_unit_test(a_server_that_promises_tls_and_says_nothing_does_so_too),
        cmocka_unit_test(a_search_that_is_not_answered_ends_too),
    };
    signal(SIGPIPE, SIG_IGN); /* as httpd does */
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
