/* Walking httpd's tree of directives. */
#include "configured.h"
#include "pool.h"

#include "../../lib/config/conftree.h"

/* Listen 80
 * <VirtualHost> <Location> AuthType NTLM </Location> Require "valid-user" </VirtualHost>
 * ServerName web */
enum { LISTEN, HOST, LOCATION, AUTH_TYPE, REQUIRE, SERVER_NAME, ALL };
static ap_directive_t tree[ALL];

static int a_tree(void **state)
{
    static const ap_directive_t all[ALL] = {
        [LISTEN] = {.directive = "Listen", .args = "80", .next = &tree[HOST]},
        [HOST] = {.directive = "<VirtualHost",
                  .args = "*:80>",
                  .first_child = &tree[LOCATION],
                  .next = &tree[SERVER_NAME],
                  .filename = "web.conf",
                  .line_num = 3},
        [LOCATION] = {.directive = "<Location",
                      .args = "/>",
                      .first_child = &tree[AUTH_TYPE],
                      .parent = &tree[HOST],
                      .next = &tree[REQUIRE]},
        [AUTH_TYPE] = {.directive = "AuthType", .args = "NTLM", .parent = &tree[LOCATION]},
        [REQUIRE] = {.directive = "require", .args = " \"valid-user\" x", .parent = &tree[HOST]},
        [SERVER_NAME] = {.directive = "ServerName", .args = "web"},
    };
    memcpy(tree, all, sizeof tree);
    return a_pool(state);
}

#define WITH_A_TREE(test) cmocka_unit_test_setup_teardown(test, a_tree, no_pool)

static void every_directive_is_visited_once_in_order(void **state)
{
    (void)state;
    const ap_directive_t *at = tree;
    for (int i = 0; i < ALL; i++, at = conftree_next(at)) assert_ptr_equal(at, &tree[i]);
    assert_null(at);
}

static void the_end_of_all_sections_is_the_end(void **state)
{
    (void)state;
    tree[HOST].next = NULL;
    assert_null(conftree_next(&tree[REQUIRE]));
}

static void a_directive_is_found_in_any_case_from_there_on(void **state)
{
    (void)state;
    assert_ptr_equal(conftree_find(tree, "REQUIRE"), &tree[REQUIRE]);
    assert_ptr_equal(conftree_find(&tree[REQUIRE], "Require"), &tree[REQUIRE]);
    assert_null(conftree_find(&tree[SERVER_NAME], "Require"));
    assert_null(conftree_find(tree, "Requir"));
    assert_null(conftree_find(NULL, "Require"));
}

static void only_the_first_word_is_compared(void **state)
{
    (void)state;
    assert_true(conftree_says(pool, &tree[AUTH_TYPE], "authtype", "ntlm"));
    assert_true(conftree_says(pool, &tree[REQUIRE], "Require", "valid-user"));
    assert_false(conftree_says(pool, &tree[REQUIRE], "Require", "x"));
    assert_false(conftree_says(pool, &tree[AUTH_TYPE], "AuthType", "NTL"));
    assert_false(conftree_says(pool, &tree[AUTH_TYPE], "AuthName", "NTLM"));
}

static void any_word_of_a_list_is_found(void **state)
{
    (void)state;
    ap_directive_t offer = {.directive = "NTLMOffer", .args = "Negotiate \"NTLM\"  basic "};
    assert_true(conftree_lists(pool, &offer, "ntlmoffer", "Negotiate"));
    assert_true(conftree_lists(pool, &offer, "NTLMOffer", "NTLM"));
    assert_true(conftree_lists(pool, &offer, "NTLMOffer", "Basic"));
    assert_false(conftree_lists(pool, &offer, "NTLMOffer", "Bas"));
    assert_false(conftree_lists(pool, &offer, "NTLMOffers", "Basic"));
    offer.args = "";
    assert_false(conftree_lists(pool, &offer, "NTLMOffer", "Basic"));
}

static void what_stands_in_a_host_is_for_that_server(void **state)
{
    (void)state;
    const server_rec main_server = {.port = 80};
    const server_rec web = {.defn_name = "web.conf", .defn_line_number = 3};
    const server_rec next = {.defn_name = "web.conf", .defn_line_number = 9};
    const server_rec other = {.defn_name = "other.conf", .defn_line_number = 3};
    assert_ptr_equal(conftree_host(&tree[AUTH_TYPE]), &tree[HOST]);
    assert_null(conftree_host(&tree[SERVER_NAME]));
    assert_true(conftree_serves(&tree[AUTH_TYPE], &web));
    assert_false(conftree_serves(&tree[AUTH_TYPE], &main_server));
    assert_false(conftree_serves(&tree[AUTH_TYPE], &next));
    assert_false(conftree_serves(&tree[AUTH_TYPE], &other));
    assert_true(conftree_serves(&tree[SERVER_NAME], &main_server));
    assert_true(conftree_serves(&tree[SERVER_NAME], &web));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_A_TREE(every_directive_is_visited_once_in_order),
        WITH_A_TREE(the_end_of_all_sections_is_the_end),
        WITH_A_TREE(a_directive_is_found_in_any_case_from_there_on),
        WITH_A_TREE(only_the_first_word_is_compared),
        WITH_A_TREE(any_word_of_a_list_is_found),
        WITH_A_TREE(what_stands_in_a_host_is_for_that_server),
    };
    apr_initialize();
    int failed = RUN_GROUP(tests);
    apr_terminate();
    return failed;
}
