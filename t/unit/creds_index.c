/* How accounts lie in memory: anywhere, and found at once. */
#include "unit.h"
#include "pool.h"

#include <apr_strings.h>

#include "../../lib/creds/file/creds_index.h"
#include "../../lib/creds/file/creds_table.h"

#define HASH "8846f7eaee8fb117ad06bdd830b7586c"

static creds_table_t *table_of(const char *text)
{
    creds_table_t *table = NULL;
    const char *why = creds_table_parse(pool, "FILE", text, strlen(text), &table);
    if (why) fail_msg("%s", why);
    return table;
}

static void entries_have_numbers_in_the_order_of_the_file(void **state)
{
    (void)state;
    creds_table_t *table = table_of("zoe:" HASH "\n# x\nCORP\\al:" HASH "\nbob:" HASH "\n");
    assert_int_equal(creds_index_find(table, "ZOE"), 1);
    assert_int_equal(creds_index_find(table, "corp\\AL"), 2);
    assert_int_equal(creds_index_find(table, "bob"), 3);
    assert_int_equal(creds_index_find(table, "al"), CREDS_NO_ENTRY);
    assert_string_equal(creds_entry_name(table, 2), "CORP\\al");
    assert_string_equal(creds_entry_user(table, 2), "al");
    assert_null(creds_entry_user(table, 1));
}

static void those_of_one_user_hang_together(void **state)
{
    (void)state;
    creds_table_t *table =
        table_of("A\\bob:" HASH "\nB\\zoe:" HASH "\nB\\BOB:" HASH "\nbob:" HASH "\n");
    assert_int_equal(creds_index_find_user(table, "Bob"), 3);
    assert_int_equal(creds_entry_next(table, 3), 1);
    assert_int_equal(creds_entry_next(table, 1), CREDS_NO_ENTRY);
}

static void what_is_no_name_is_not_found(void **state)
{
    (void)state;
    creds_table_t *table = table_of("bob:" HASH "\n");
    char *longest = apr_palloc(pool, 5000);
    memset(longest, 'x', 4999);
    longest[4999] = '\0';
    assert_int_equal(creds_index_find(table, longest), CREDS_NO_ENTRY);
    assert_int_equal(creds_index_find(table, "\xFF"), CREDS_NO_ENTRY);
    assert_int_equal(creds_index_find_user(table, "bob\xC3"), CREDS_NO_ENTRY);
}

static void a_third_of_the_slots_is_free(void **state)
{
    (void)state;
    for (apr_size_t entries = 0; entries < 3000; entries++) {
        apr_uint32_t slots = creds_index_slots(entries);
        assert_int_equal(slots & (slots - 1), 0);
        assert_true(slots > entries && slots * 2 >= entries * 3);
        assert_true(slots <= 2 || slots < entries * 3 + 3);
    }
    assert_int_equal(creds_index_slots(1000000), 1 << 21);
}

static void a_table_is_the_same_wherever_it_is(void **state)
{
    (void)state;
    creds_table_t *table = table_of("alice:" HASH "\nCORP\\bob:" HASH "\n");
    const apr_size_t size = table->size;
    creds_table_t *copy = apr_pmemdup(pool, table, size);
    memset(table, 0, size);
    assert_int_equal(creds_index_find(copy, "Alice"), 1);
    assert_int_equal(creds_index_find_user(copy, "bob"), 2);
    assert_string_equal(creds_entry_name(copy, 1), "alice");
}

static const apr_uint32_t *slots_of(const creds_table_t *table)
{
    return (const apr_uint32_t *)(const void *)((const char *)table + table->by_name.slots);
}

/* The longest way that leads to a free slot. */
static apr_uint32_t longest_way(const creds_table_t *table)
{
    apr_uint32_t longest = 0, way = 0;
    for (apr_uint32_t i = 0; i <= 2 * table->by_name.mask; i++) {
        way = slots_of(table)[i & table->by_name.mask] == 0 ? 0 : way + 1;
        if (way > longest) longest = way;
    }
    return longest;
}

/* The names stand in another order each time, so that none can be chosen to meet. */
static void ways_are_short_and_no_two_tables_alike(void **state)
{
    (void)state;
    enum { ENTRIES = 20000 };
    char *text = apr_palloc(pool, ENTRIES * 64 + 1), *end = text;
    for (int i = 0; i < ENTRIES; i++) end += sprintf(end, "u%d:" HASH "\n", i);
    creds_table_t *one = table_of(text), *other = table_of(text);
    assert_true(longest_way(one) < 400 && longest_way(other) < 400);
    int same = 0;
    for (apr_uint32_t i = 0; i <= one->by_name.mask; i++)
        same += slots_of(one)[i] != 0 && slots_of(one)[i] == slots_of(other)[i];
    assert_true(same < ENTRIES / 8);
}

/* ---- what another process has made ---- */

/* Asks everything; a sanitizer sees what is not there. */
static void ask_all(const creds_table_t *table)
{
    static const char *const names[] = {"alice", "CORP\\bob", "bob", "zoe", "", "HOME\\bob"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        (void)creds_index_find(table, names[i]);
        apr_uint32_t number = creds_index_find_user(table, names[i]);
        for (; number != CREDS_NO_ENTRY; number = creds_entry_next(table, number))
            (void)strlen(creds_entry_name(table, number));
    }
}

static void a_table_is_sound_as_it_was_made(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "alice:" HASH "\n",
                                        "CORP\\bob:" HASH "\nHOME\\bob:" HASH};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const creds_table_t *table = table_of(texts[i]);
        assert_true(creds_index_is_sound(table, table->size));
        assert_false(creds_index_is_sound(table, table->size - 1));
        assert_false(creds_index_is_sound(table, 0));
    }
}

static void no_table_leads_out_of_itself(void **state)
{
    (void)state;
    static const uint8_t changes[] = {0x01, 0x02, 0x10, 0x80, 0xFF};
    const creds_table_t *table =
        table_of("alice:" HASH "\nCORP\\bob:" HASH "\nbob:" HASH "\nHOME\\bob:" HASH "\n");
    const apr_size_t size = table->size;
    int refused = 0;
    for (apr_size_t i = 0; i < size * sizeof changes; i++) {
        uint8_t *copy = malloc(size); /* of its very size */
        memcpy(copy, table, size);
        copy[i / sizeof changes] ^= changes[i % sizeof changes];
        creds_table_t *changed = (creds_table_t *)(void *)copy;
        if (creds_index_is_sound(changed, size))
            ask_all(changed);
        else
            refused++;
        free(copy);
    }
    assert_true(refused > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_have_numbers_in_the_order_of_the_file),
        cmocka_unit_test(those_of_one_user_hang_together),
        cmocka_unit_test(what_is_no_name_is_not_found),
        cmocka_unit_test(a_third_of_the_slots_is_free),
        cmocka_unit_test(a_table_is_the_same_wherever_it_is),
        cmocka_unit_test(ways_are_short_and_no_two_tables_alike),
        cmocka_unit_test(a_table_is_sound_as_it_was_made),
        cmocka_unit_test(no_table_leads_out_of_itself),
    };
    return RUN_GROUP_IN_POOL(tests);
}
