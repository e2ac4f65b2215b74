/* What a controller calls this server: asked once, for all processes. */
#include "decider.h"

#include <sys/wait.h>

#include "../../lib/creds/verify/called.h"

static called_t *opened(void)
{
    question_to_t *to = apr_pcalloc(pool, sizeof *to);
    const helpers_how_t how = {.threads = 1,
                               .stall = apr_time_from_sec(30),
                               .queue = apr_time_from_sec(30),
                               .begin = begin_fake,
                               .end = end_fake,
                               .baton = &fake};
    called_t *called = NULL;
    to->backend = &fake_backend;
    to->opened = &fake;
    to->helpers = helpers_open(pool, &how);
    assert_null(called_open(pool, to, &called));
    return called;
}

static void it_is_asked_until_it_is_known(void **state)
{
    (void)state;
    called_t *called = opened();
    fake = (fake_t){.no_names = "it is away", .computer = "WEB", .domain = "CORP", .dns = "c.test"};
    assert_null(called_names(called));
    assert_refusal(called_learn(called, pool), "it is away");
    assert_null(called_names(called));
    assert_null(called_domains(called));
    assert_int_equal(called_since(called), 0);
    fake.no_names = NULL;
    for (int i = 0; i < 3; i++) assert_null(called_learn(called, pool));
    assert_int_equal(fake.asked_names, 2);
    assert_true(called_since(called) > 0);
    assert_string_equal(called_names(called)->computer, "WEB");
    assert_string_equal(called_names(called)->dns, "c.test");
    assert_string_equal(called_domains(called)[0], "CORP");
    assert_string_equal(called_domains(called)[1], "c.test");
    assert_null(called_domains(called)[2]);
}

static void what_one_process_learns_all_know(void **state)
{
    (void)state;
    called_t *called = opened();
    fake = (fake_t){.domain = "CORP", .dns = ""};
    const pid_t child = fork();
    if (child == 0) leave(called_learn(called, pool) == NULL);
    int code = 1;
    waitpid(child, &code, 0);
    assert_int_equal(code, 0);
    assert_string_equal(called_names(called)->domain, "CORP");
    assert_null(called_names(called)->computer);
    assert_null(called_domains(called)[1]);
}

static void *learn_aside(void *called)
{
    apr_pool_t *own;
    apr_pool_create(&own, NULL);
    const bool is_learnt = called_learn(called, own) == NULL;
    apr_pool_destroy(own);
    return is_learnt ? called : NULL;
}

static void while_one_asks_nobody_waits_for_it(void **state)
{
    (void)state;
    called_t *called = opened();
    pthread_t asker;
    void *learnt;
    fake = (fake_t){.domain = "CORP", .dns = "", .blocks = true};
    assert_int_equal(pthread_create(&asker, NULL, learn_aside, called), 0);
    while (fake.begun == 0) apr_sleep(1000);
    assert_refusal(called_learn(called, pool), "it is being asked what this server is called");
    fake.blocks = false;
    pthread_join(asker, &learnt);
    assert_ptr_equal(learnt, called);
    assert_null(called_learn(called, pool));
    assert_int_equal(fake.asked_names, 1);
}

static void what_is_no_name_is_not_learnt(void **state)
{
    (void)state;
    static char long_name[400];
    called_t *called = opened();
    memset(long_name, 'a', sizeof long_name - 1);
    fake = (fake_t){.domain = "", .dns = ""};
    assert_non_null(called_learn(called, pool));
    fake.domain = long_name;
    assert_non_null(called_learn(called, pool));
    assert_null(called_names(called));
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_asked_until_it_is_known),
        cmocka_unit_test(what_one_process_learns_all_know),
        cmocka_unit_test(while_one_asks_nobody_waits_for_it),
        cmocka_unit_test(what_is_no_name_is_not_learnt),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
