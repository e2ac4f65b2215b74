/* What NTLMCredentials names: opened once, asked in order, followed when it changes. */
#include "configured.h"
#include "folder.h"

#include <sys/wait.h>

#include <ap_provider.h>
#include <apr_thread_proc.h>
#include <http_core.h>

#include "../../lib/config/sources.h"
#include "../../lib/creds/file/creds_keep.h"
#include "../../lib/creds/file/creds_live.h"
#include "../../lib/creds/verify/verify.h"
#include "../../lib/helpers/crew.h"

static int opened;
static process_rec process;
static server_rec servers[2], *where; /* where the lines stand */

/* Says what it was given. */
static const char *open_it(apr_pool_t *p, struct server_rec *server, const char *spec,
                           const apr_table_t *options, void **source)
{
    assert_ptr_equal(server, where);
    if (!spec) spec = "none";
    if (strcmp(spec, "bad") == 0) return "that is bad";
    opened++;
    const char *key = apr_table_get(options, "key");
    *source = apr_pstrcat(p, spec, key ? " key=" : "", key, NULL);
    return NULL;
}

static const creds_option_t options_of_it[] = {{.name = "key"}, {CREDS_DOMAIN_ROW}, {0}};
static const creds_backend_t plain = {.name = "plain", .options = options_of_it, .open = open_it};
static const creds_backend_t of_files = {
    .name = "path", .source_word = CREDS_SOURCE_PATH, .options = options_of_it, .open = open_it};
static const creds_backend_t wordless = {.name = "wordless",
                                         .source_word = CREDS_SOURCE_NONE,
                                         .one_a_server = true,
                                         .options = options_of_it,
                                         .open = open_it};

static void decide_nothing(void *own, void *thread, apr_pool_t *p, const creds_logon_t *logon,
                           creds_verdict_t *verdict)
{
    (void)own, (void)thread, (void)p, (void)logon, (void)verdict;
}

static apr_pool_t *around; /* the pool of all tests, while one has its own */

static int own_pool(void **state)
{
    (void)state;
    around = pool;
    const int failed = apr_pool_create(&pool, around) != APR_SUCCESS;
    process.pconf = pool;
    servers[0].process = &process;
    return failed;
}

static int pool_of_all(void **state)
{
    (void)state;
    apr_pool_destroy(pool);
    pool = around;
    return 0;
}

static int two_backends(void **state)
{
    httpd_stubs_reset();
    opened = 0;
    int failed = own_pool(state);
    ap_register_provider(pool, CREDS_PROVIDER_GROUP, "plain", CREDS_PROVIDER_VERSION, &plain);
    ap_register_provider(pool, CREDS_PROVIDER_GROUP, "path", CREDS_PROVIDER_VERSION, &of_files);
    where = &servers[0];
    return failed;
}

#define WITH_BACKENDS(test) cmocka_unit_test_setup_teardown(test, two_backends, pool_of_all)

static const char *adding(const char *words, const apr_array_header_t **sources)
{
    char **argv;
    int argc = 0;
    assert_int_equal(apr_tokenize_to_argv(words, &argv, pool), APR_SUCCESS);
    while (argv[argc]) argc++;
    return sources_add(where, pool, argc, argv, sources);
}

static const creds_source_t *nth(const apr_array_header_t *sources, int i)
{
    return APR_ARRAY_IDX(sources, i, const creds_source_t *);
}

static void sources_are_opened_with_their_options(void **state)
{
    (void)state;
    const apr_array_header_t *sources = NULL;
    assert_null(adding("plain one key=value domain=CORP", &sources));
    assert_null(adding("path conf/two", &sources));
    assert_null(adding("path /three", &sources));
    assert_int_equal(sources->nelts, 3);
    assert_ptr_equal(nth(sources, 0)->backend, &plain);
    assert_string_equal(nth(sources, 0)->opened, "one key=value");
    assert_string_equal(nth(sources, 0)->domain, "CORP");
    assert_string_equal(nth(sources, 1)->opened, "/srv/httpd/conf/two");
    assert_null(nth(sources, 1)->domain);
    assert_string_equal(nth(sources, 2)->opened, "/three");
}

static void the_same_lines_are_opened_once(void **state)
{
    (void)state;
    const apr_array_header_t *here = NULL, *there = NULL, *turned = NULL;
    assert_null(adding("plain one", &here));
    assert_null(adding("plain two", &here));
    assert_null(adding("plain one", &there));
    assert_ptr_not_equal(here, there);
    assert_null(adding("plain two", &there));
    assert_ptr_equal(here, there);
    assert_int_equal(opened, 2);
    assert_null(adding("plain two", &turned));
    assert_null(adding("plain one", &turned));
    assert_ptr_not_equal(here, turned);
    assert_null(adding("plain one key=value", &turned));
    assert_int_equal(opened, 3);
}

static void a_backend_may_take_options_alone_and_be_opened_for_each_server(void **state)
{
    (void)state;
    const apr_array_header_t *one = NULL, *same = NULL, *other = NULL;
    ap_register_provider(pool, CREDS_PROVIDER_GROUP, "wordless", CREDS_PROVIDER_VERSION, &wordless);
    assert_null(adding("wordless", &one));
    assert_string_equal(nth(one, 0)->opened, "none");
    assert_null(adding("wordless key=value", &one));
    assert_string_equal(nth(one, 1)->opened, "none key=value");
    assert_null(adding("wordless", &same));
    assert_ptr_equal(nth(one, 0), nth(same, 0));
    assert_int_equal(opened, 2);
    assert_non_null(strstr(adding("wordless", &same), "'wordless' is named twice here"));
    assert_non_null(strstr(adding("wordless one", &same), "option 1 is not written as key="));
    where = &servers[1];
    assert_null(adding("wordless", &other));
    assert_ptr_not_equal(nth(one, 0), nth(other, 0));
    assert_int_equal(opened, 3);
}

static void wrong_lines_are_refused(void **state)
{
    (void)state;
    const apr_array_header_t *sources = NULL;
    static const char takes[] = " takes a backend and its source; write for example: "
                                "NTLMCredentials file conf/ntlm.passwd";
    assert_refusal(adding("", &sources), takes);
    assert_refusal(adding("plain", &sources), takes);
    assert_refusal(adding("plain bad", &sources), " plain: that is bad");
    assert_non_null(strstr(adding("plain one two", &sources), "option 1 is not written as key="));
    assert_non_null(
        strstr(adding("plain one a=1 =2", &sources), "option 2 is not written as key="));
    assert_refusal(adding("plain one a=1 a=2", &sources), " plain: the option 'a' is given twice");
    assert_null(sources);
    assert_null(adding("plain one", &sources));
    const apr_array_header_t *before = sources;
    assert_non_null(strstr(adding("plain one", &sources), "'plain one' is named twice here"));
    assert_ptr_equal(sources, before);
}

static void a_path_that_is_none_is_refused(void **state)
{
    (void)state;
    const apr_array_header_t *sources = NULL;
    char *path = apr_pcalloc(pool, 10000);
    memset(path, 'x', 9999);
    assert_refusal(adding(apr_pstrcat(pool, "path ", path, NULL), &sources),
                   " path: that is no valid path");
    assert_null(sources);
}

static void backends_that_are_known_are_listed_in_order(void **state)
{
    (void)state;
    const apr_array_header_t *sources = NULL;
    sources_register(pool);
    const char *why = adding("fil /etc/passwd", &sources);
    assert_non_null(why);
    assert_non_null(strstr(why, "unknown backend 'fil'; known: file, ldap, path, plain. Write"));
}

/* ---- files that change ---- */

#define HASH "8846f7eaee8fb117ad06bdd830b7586c"

static creds_file_t *begun(int state, const char *defined)
{
    creds_file_t *file = NULL;
    httpd_stubs_reset();
    httpd_stubs.state = state;
    httpd_stubs.defined = defined;
    assert_null(creds_live_open(pool, file_with("live", "alice:" HASH "\n", 0600), false, &file));
    assert_int_equal(sources_follow(pool, pool, pool, NULL), OK);
    return file;
}

static void files_are_followed_when_httpd_serves(void **state)
{
    (void)state;
    assert_non_null(begun(AP_SQ_MS_CREATE_CONFIG, NULL)->shelf);
    assert_int_equal(sources_look(pool, NULL), OK);
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        apr_pool_t *pchild;
        apr_pool_create(&pchild, pool);
        sources_child(pchild, &servers[0]);
        apr_pool_destroy(pchild);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    apr_pool_clear(pool);
    creds_keep_nothing(pool);
}

static void nothing_is_followed_where_httpd_has_no_children(void **state)
{
    (void)state;
    assert_null(begun(AP_SQ_MS_CREATE_PRE_CONFIG, NULL)->shelf);
    assert_null(begun(AP_SQ_MS_CREATE_CONFIG, "DEBUG")->shelf);
    assert_null(begun(AP_SQ_MS_CREATE_CONFIG, "ONE_PROCESS")->shelf);
    assert_int_equal(sources_look(pool, NULL), OK);
    sources_child(pool, &servers[0]);
    apr_pool_clear(pool);
}

/* Those who wait for a controller leave half of a child's threads to pages. */
static void threads_are_left_when_a_child_begins(void **state)
{
    (void)state;
    const apr_array_header_t *lines = NULL;
    const creds_backend_t decides = {.name = "decides",
                                     .source_word = CREDS_SOURCE_NONE,
                                     .options = options_of_it,
                                     .open = open_it,
                                     .verify = decide_nothing};
    ap_register_provider(pool, CREDS_PROVIDER_GROUP, "decides", CREDS_PROVIDER_VERSION, &decides);
    where = &servers[0];
    assert_null(adding("decides", &lines));
    const helpers_t *helpers = verify_helpers(nth(lines, 0));
    httpd_stubs.threads = 25;
    sources_child(pool, &servers[0]);
    assert_int_equal(helpers->how.waiting_max, 12);
    httpd_stubs.threads = 1;
    sources_child(pool, &servers[0]);
    assert_int_equal(helpers->how.waiting_max, 0);
}

static void what_is_wrong_is_logged(void **state)
{
    (void)state;
    apr_proc_t proc;
    int code;
    apr_exit_why_e why;
    begun(AP_SQ_MS_CREATE_CONFIG, NULL);
    assert_int_equal(rename(file_with("new", "alice\n", 0600), path_of("live")), 0);
    assert_int_equal(apr_proc_wait_all_procs(&proc, &code, &why, APR_WAIT, pool), APR_CHILD_DONE);
    assert_int_equal(apr_proc_other_child_alert(&proc, APR_OC_REASON_DEATH, code), APR_SUCCESS);
    assert_ptr_equal(strstr(httpd_stubs.logged, "mod_auth_ntlmv2: "), httpd_stubs.logged);
    assert_non_null(strstr(httpd_stubs.logged, ":1: there is no colon"));
    apr_pool_clear(pool);
    creds_keep_nothing(pool);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        WITH_BACKENDS(sources_are_opened_with_their_options),
        WITH_BACKENDS(the_same_lines_are_opened_once),
        WITH_BACKENDS(a_backend_may_take_options_alone_and_be_opened_for_each_server),
        WITH_BACKENDS(wrong_lines_are_refused),
        WITH_BACKENDS(a_path_that_is_none_is_refused),
        WITH_BACKENDS(backends_that_are_known_are_listed_in_order),
        cmocka_unit_test_setup_teardown(files_are_followed_when_httpd_serves, own_pool,
                                        pool_of_all),
        cmocka_unit_test_setup_teardown(nothing_is_followed_where_httpd_has_no_children, own_pool,
                                        pool_of_all),
        WITH_BACKENDS(threads_are_left_when_a_child_begins),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_logged, own_pool, pool_of_all),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
