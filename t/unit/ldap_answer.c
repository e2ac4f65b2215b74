/* The attributes of an entry; what libldap brings is looked at in ldap_client. */
#include "unit.h"

#include "pool.h"

#include "../../lib/creds/ldap/ldap_answer.h"

#define ENTRY(...)                                                                                 \
    (ldap_entry_t)                                                                                 \
    {                                                                                              \
        (const ldap_attribute_t[]){__VA_ARGS__},                                                   \
            sizeof(ldap_attribute_t[]){__VA_ARGS__} / sizeof(ldap_attribute_t)                     \
    }

static const bytes_t one[] = {{(const uint8_t *)"x", 1}},
                     two[] = {{(const uint8_t *)"y", 1}, {(const uint8_t *)"z", 1}};

static void an_attribute_is_found_in_any_case(void **state)
{
    (void)state;
    const ldap_entry_t entry = ENTRY({"uid;lang-de", one, 1}, {"Uid", two, 2}, {"cn", one, 1});
    assert_int_equal(ldap_answer_attribute(&entry, "UID")->count, 2);
    assert_ptr_equal(ldap_answer_attribute(&entry, "cn")->values, one);
    assert_int_equal(ldap_answer_attribute(&entry, "c")->count, 0);
    assert_int_equal(ldap_answer_attribute(&entry, "cnx")->count, 0);
    assert_int_equal(ldap_answer_attribute(&(ldap_entry_t){NULL, 0}, "cn")->count, 0);
}

static void what_stands_there_twice_is_told(void **state)
{
    (void)state;
    const ldap_entry_t entry = ENTRY({"a;x", one, 1}, {"A", one, 1}, {"b", one, 1}, {"B", two, 2},
                                     {"bb", one, 1}, {"c", two, 2});
    assert_false(ldap_answer_has_twice(&entry, "a", false));
    assert_true(ldap_answer_has_twice(&entry, "a", true));
    assert_true(ldap_answer_has_twice(&entry, "b", false));
    assert_false(ldap_answer_has_twice(&entry, "c", true));
    assert_false(ldap_answer_has_twice(&entry, "d", true));
}

/* A search that failed. */
static void no_message_has_no_entries(void **state)
{
    (void)state;
    ldap_answer_t answer = ldap_answer_read(NULL, NULL, pool);
    assert_int_equal(answer.dns->nelts, 0);
    assert_int_equal(answer.entry.count, 0);
    assert_false(answer.cut);
    ldap_answer_forget(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_attribute_is_found_in_any_case),
        cmocka_unit_test(what_stands_there_twice_is_told),
        cmocka_unit_test(no_message_has_no_entries),
    };
    return RUN_GROUP_IN_POOL(tests);
}
