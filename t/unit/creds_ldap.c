/* The backend, over servers that come and go. */
#include "directory.h"

#include <fcntl.h>

#include <apr_thread_proc.h>

#include "../../lib/system/clock.h"
#include "../../lib/creds/ldap/creds_ldap.h"

static void *source;
static creds_account_t account;
static const char *why;

static const char *open_source(const char *url, const char *key, const char *value)
{
    apr_table_t *options = apr_table_make(pool, 2);
    if (key) apr_table_setn(options, key, value);
    return creds_ldap_backend.open(pool, NULL, url, options, &source);
}

static void opens(const char *url, const char *key, const char *value)
{
    const char *refusal = open_source(url, key, value);
    if (refusal) fail_msg("%s", refusal);
}

static const creds_home_t nothing;

static ntlm_status_t found(const char *user, const char *domain, bool fresh)
{
    creds_login_t login = creds_login(pool, user, domain, &nothing);
    login.fresh = fresh;
    memset(&account, 0, sizeof account);
    why = NULL;
    return creds_ldap_backend.find(source, pool, &login, &account, &why);
}

static const char *url_of(int port)
{
    return apr_psprintf(pool, "ldap://127.0.0.1:%d/dc=x", port);
}

static void the_backend_is_called_ldap_and_takes_a_url(void **state)
{
    (void)state;
    assert_string_equal(creds_ldap_backend.name, "ldap");
    assert_int_equal(creds_ldap_backend.source_word, CREDS_SOURCE_TEXT);
    assert_null(creds_ldap_backend.verify);
    assert_null(creds_ldap_backend.each);
    assert_refusal(open_source("ldap://a/dc=x", "cache", "x"),
                   "cache= takes whole seconds, up to 3600 (0: nothing is remembered)");
}

static void an_account_is_found_and_remembered(void **state)
{
    (void)state;
    int port = 0;
    pid_t server = start_directory(ONE_ENTRY, &port);
    opens(url_of(port), NULL, NULL);
    assert_int_equal(found("ALICE", "", false), NTLM_OK);
    assert_string_equal(account.name, "alice");
    assert_null(account.domain);
    assert_key(account.key.nt_hash, ENTRY_HASH);
    assert_int_equal(account.key.state, NTLM_OK);
    assert_false(account.cached);
    apr_uint64_t generation = account.generation;
    assert_int_equal(found("ALICE", "", false), NTLM_OK);
    assert_true(account.cached);
    assert_int_equal(found("ALICE", "", true), NTLM_OK);
    assert_false(account.cached);
    assert_true(account.generation == generation);
    stop_directory(server);
    assert_int_equal(found("ALICE", "", false), NTLM_OK);
    assert_key(account.key.nt_hash, ENTRY_HASH);
    assert_int_equal(found("ALICE", "", true), NTLM_BACKEND_DOWN);
    assert_int_equal(found("bob", "", false), NTLM_BACKEND_DOWN);
}

static void forced_searches_are_limited(void **state)
{
    (void)state;
    int port = 0;
    pid_t server = start_directory(NO_ENTRY, &port);
    opens(url_of(port), NULL, NULL);
    for (int i = 0; i < 5; i++) assert_int_equal(found("carol", "", true), NTLM_NO_SUCH_USER);
    stop_directory(server);
    assert_int_equal(found("carol", "", true), NTLM_NO_SUCH_USER); /* nobody was asked */
    assert_false(account.cached);
    assert_int_equal(found("carol", "", false), NTLM_NO_SUCH_USER);
    assert_true(account.cached);
}

static void an_outage_never_makes_the_last_answer_the_last_word(void **state)
{
    (void)state;
    int port = 0;
    pid_t server = start_directory(ONE_ENTRY, &port);
    opens(url_of(port), NULL, NULL);
    assert_int_equal(found("alice", "", false), NTLM_OK);
    stop_directory(server);
    for (int i = 0; i < 12; i++) assert_int_equal(found("alice", "", true), NTLM_BACKEND_DOWN);
}

static void a_search_that_is_refused_leaves_the_server_in_use(void **state)
{
    (void)state;
    int port = 0;
    pid_t server = start_directory(ADMIN_LIMIT, &port);
    opens(url_of(port), NULL, NULL);
    for (int i = 0; i < 3; i++) { /* it is asked each time, or it would not be told */
        assert_int_equal(found("alice", "", false), NTLM_BACKEND_DOWN);
        assert_string_equal(why, apr_psprintf(pool,
                                              "LDAP server ldap://127.0.0.1:%d cannot look a "
                                              "login up: search: Administrative limit exceeded",
                                              port));
    }
    stop_directory(server);
}

static void each_of_three_servers_has_its_time(void **state)
{
    (void)state;
    int port = 0, a = 0, b = 0, one = silent_server(&a), two = silent_server(&b);
    pid_t server = start_directory(ONE_ENTRY, &port);
    opens(apr_psprintf(pool, "ldap://127.0.0.1:%d 127.0.0.1:%d 127.0.0.1:%d/dc=x", a, b, port),
          "timeout", "3");
    assert_int_equal(found("alice", "", false), NTLM_OK);
    close(one);
    close(two);
    stop_directory(server);
}

/* What one of many at once is told. */
static void *find_one(apr_thread_t *thread, void *told)
{
    apr_pool_t *own = apr_thread_pool_get(thread);
    creds_login_t login = creds_login(own, "alice", "", &nothing);
    creds_account_t nobody = {0};
    (void)creds_ldap_backend.find(source, own, &login, &nobody, told);
    return NULL;
}

/* Many servers: those who hold a connection hold it much longer than the last one waits. */
static void who_gets_no_connection_is_told(void **state)
{
    (void)state;
    enum { MANY = 9, SERVERS = 8 };
    apr_thread_t *threads[MANY];
    const char *told[MANY] = {0}, *url = "ldap://";
    int listeners[SERVERS], without = 0;
    for (int i = 0, port = 0; i < SERVERS; i++, port = 0) {
        listeners[i] = silent_server(&port);
        url = apr_psprintf(pool, "%s127.0.0.1:%d ", url, port);
    }
    opens(apr_pstrcat(pool, url, "/dc=x", NULL), "timeout", "1");
    for (int i = 0; i < MANY; i++)
        assert_int_equal(apr_thread_create(&threads[i], NULL, find_one, &told[i], pool), 0);
    for (int i = 0; i < MANY; i++) {
        apr_status_t rv;
        apr_thread_join(&rv, threads[i]);
        without += told[i] && strstr(told[i], "all LDAP connections of this child") != NULL;
    }
    assert_int_equal(without, 1);
    for (int i = 0; i < SERVERS; i++) close(listeners[i]);
}

static void nothing_is_remembered_without_a_cache(void **state)
{
    (void)state;
    int port = 0;
    pid_t server = start_directory(ONE_ENTRY, &port);
    opens(url_of(port), "cache", "0");
    assert_int_equal(found("alice", "", false), NTLM_OK);
    assert_int_equal(found("alice", "", false), NTLM_OK);
    assert_false(account.cached);
    stop_directory(server);
    assert_int_equal(found("alice", "", false), NTLM_BACKEND_DOWN);
}

static int descriptors(void)
{
    int count = 0;
    for (int fd = 0; fd < 1024; fd++) count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void a_stale_connection_is_replaced_without_a_word(void **state)
{
    (void)state;
    int port = 0, before = 0;
    pid_t server = start_directory(ONE_ENTRY_AND_GONE, &port);
    opens(url_of(port), "cache", "0");
    for (int i = 0; i < 20; i++) {
        assert_int_equal(found("alice", "", false), NTLM_OK);
        assert_null(why);
        if (i == 0) before = descriptors();
    }
    assert_int_equal(descriptors(), before);
    stop_directory(server);
}

static void an_outage_is_said_once_and_its_end_too(void **state)
{
    (void)state;
    int port = silent_port();
    opens(url_of(port), NULL, NULL);
    assert_int_equal(found("alice", "", false), NTLM_BACKEND_DOWN);
    assert_string_equal(why, apr_psprintf(pool,
                                          "LDAP server ldap://127.0.0.1:%d cannot be used: cannot "
                                          "connect: Connection refused",
                                          port));
    assert_int_equal(found("alice", "", false), NTLM_BACKEND_DOWN);
    assert_null(why);
    pid_t server = start_directory(ONE_ENTRY, &port);
    apr_time_t give_up = apr_time_now() + apr_time_from_sec(20);
    while (found("alice", "", false) != NTLM_OK) {
        assert_null(why);
        assert_true(apr_time_now() < give_up);
        apr_sleep(10000);
    }
    assert_string_equal(why,
                        apr_psprintf(pool, "LDAP server ldap://127.0.0.1:%d answers again", port));
    stop_directory(server);
}

static void the_next_server_is_asked(void **state)
{
    (void)state;
    int port = 0;
    pid_t server = start_directory(ONE_ENTRY, &port);
    opens(apr_psprintf(pool, "ldap://127.0.0.1:%d 127.0.0.1:%d/dc=x", silent_port(), port), "cache",
          "0");
    assert_int_equal(found("alice", "", false), NTLM_OK);
    assert_non_null(strstr(why, "cannot be used: cannot connect: Connection refused"));
    assert_int_equal(found("alice", "", false), NTLM_OK);
    assert_null(why);
    stop_directory(server);
}

static void two_entries_are_no_account(void **state)
{
    (void)state;
    int port = 0;
    pid_t server = start_directory(TWO_ENTRIES, &port);
    opens(url_of(port), NULL, NULL);
    assert_int_equal(found("alice", "", false), NTLM_AMBIGUOUS_USER);
    assert_false(account.cached);
    assert_int_equal(found("alice", "", false), NTLM_AMBIGUOUS_USER);
    assert_true(account.cached); /* as anybody is */
    assert_int_equal(found("alice", "", true), NTLM_AMBIGUOUS_USER);
    assert_false(account.cached);
    stop_directory(server);
}

static void an_account_of_another_domain_is_told_beside_also_from_memory(void **state)
{
    (void)state;
    int port = 0;
    pid_t server = start_directory(ONE_ENTRY, &port);
    opens(url_of(port), "domain", "CORP");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(found("alice", "HOME", false), NTLM_NO_SUCH_USER);
        assert_true(account.cached == (i == 1));
        assert_string_equal(account.others->name, "alice");
        assert_string_equal(account.others->domain, "CORP");
        assert_key(account.others->key.nt_hash, ENTRY_HASH);
        assert_true(account.others->until > clock_ticks());
        assert_true(account.others->generation != 0);
    }
    assert_int_equal(found("bob", "HOME", false), NTLM_NO_SUCH_USER);
    assert_null(account.others);
    stop_directory(server);
}

static void names_that_cannot_be_are_not_searched_for(void **state)
{
    (void)state;
    static const char *const names[] = {"", "a\nb", "a\xff", "\\CORP\\alice", "CORP\\"};
    char *large = apr_pcalloc(pool, 4097);
    memset(large, 'a', 4096);
    opens(url_of(silent_port()), NULL, NULL);
    assert_int_equal(found(large, "", false), NTLM_NO_SUCH_USER);
    for (size_t i = 0; i < 3; i++) assert_int_equal(found(names[i], "", false), NTLM_NO_SUCH_USER);
    assert_int_equal(found("alice", "", false), NTLM_BACKEND_DOWN); /* which would be said */
}

static void each_account_says_until_when_it_is_good(void **state)
{
    (void)state;
    int port = 0;
    pid_t server = start_directory(ONE_ENTRY, &port);
    opens(url_of(port), "cache", "3600");
    apr_time_t before = clock_ticks();
    assert_int_equal(found("alice", "", false), NTLM_OK);
    apr_time_t until = account.until;
    assert_true(until >= before + apr_time_from_sec(3600));
    assert_true(until <= clock_ticks() + apr_time_from_sec(3600));
    assert_int_equal(found("ALICE", "", false), NTLM_OK); /* another spelling, one memory */
    assert_true(account.cached);
    assert_true(account.until == until);
    assert_true(creds_ldap_backend.generation(source, pool, &why) == 0);
    stop_directory(server);
}

static void groups_are_found_and_remembered(void **state)
{
    (void)state;
    int port = 0;
    pid_t server = start_directory(ONE_ENTRY, &port);
    opens(url_of(port), "groupbase", "ou=groups,dc=x");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(found("alice", "", false), NTLM_OK);
        assert_int_equal(account.cached, i);
        assert_string_equal(account.groups[0], "uid=alice");
        assert_null(account.groups[1]);
    }
    apr_uint64_t generation = account.generation;
    opens(url_of(port), "cache", "0");
    assert_int_equal(found("alice", "", false), NTLM_OK);
    assert_null(account.groups);
    assert_true(account.generation != generation);
    stop_directory(server);
    port = 0;
    server = start_directory(NO_ENTRY, &port);
    opens(url_of(port), "groupbase", "ou=groups,dc=x");
    assert_int_equal(found("bob", "", false), NTLM_NO_SUCH_USER);
    assert_null(account.groups);
    stop_directory(server);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_backend_is_called_ldap_and_takes_a_url),
        cmocka_unit_test(an_account_is_found_and_remembered),
        cmocka_unit_test(forced_searches_are_limited),
        cmocka_unit_test(an_outage_never_makes_the_last_answer_the_last_word),
        cmocka_unit_test(a_search_that_is_refused_leaves_the_server_in_use),
        cmocka_unit_test(each_of_three_servers_has_its_time),
        cmocka_unit_test(who_gets_no_connection_is_told),
        cmocka_unit_test(nothing_is_remembered_without_a_cache),
        cmocka_unit_test(a_stale_connection_is_replaced_without_a_word),
        cmocka_unit_test(an_outage_is_said_once_and_its_end_too),
        cmocka_unit_test(the_next_server_is_asked),
        cmocka_unit_test(two_entries_are_no_account),
        cmocka_unit_test(an_account_of_another_domain_is_told_beside_also_from_memory),
        cmocka_unit_test(names_that_cannot_be_are_not_searched_for),
        cmocka_unit_test(groups_are_found_and_remembered),
        cmocka_unit_test(each_account_says_until_when_it_is_good),
    };
    signal(SIGPIPE, SIG_IGN); /* as httpd does */
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
