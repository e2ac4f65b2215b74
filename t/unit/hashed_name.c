/* Both names, by the number of their mistakes. */
#include "replays.h"

#include <string.h>

#include "../../lib/explain/hashed/hashed_name.h"
#include "../../lib/ntlm/unicode.h"

static hashed_names_t lists[3];

static void make(const char *user, const char *domain)
{
    client_t client = signing_alice();
    client.user = user;
    client.domain = domain;
    hashed_names_free(lists);
    assert_true(hashed_names(replay_login(&client, 0), lists));
}

/* The text, if it is UTF-16LE, of those mistakes. */
static bool has(size_t mistakes, int mistake, const char *text)
{
    uint8_t room[512];
    writer_t utf16 = writer_to(room, sizeof room);
    unicode_write_utf8(&utf16, text);
    for (size_t i = 0; i < lists[mistakes].count; i++) {
        const hashed_name_t *name = &lists[mistakes].list[i];
        if (bytes_equal((bytes_t){name->bytes, name->len}, written(&utf16)) &&
            (mistakes == 0 || name->mistakes[0] == &name_form_remarks[mistake] ||
             name->mistakes[1] == &name_form_remarks[mistake]))
            return true;
    }
    return false;
}

static void right_names_are_those_that_the_proof_is_tried_with(void **state)
{
    (void)state;
    make("Alice", "Corp");
    assert_int_equal(lists[0].count, 3);
    assert_true(has(0, 0, "ALICECorp"));
    assert_true(has(0, 0, "ALICECORP"));
    assert_true(has(0, 0, "ALICE"));
}

static void one_mistake_or_two(void **state)
{
    (void)state;
    make("Alice", "Corp");
    assert_true(has(1, DOMAIN_LOWER, "ALICEcorp"));
    assert_true(has(1, DOMAIN_BEFORE_USER, "CorpALICE"));
    assert_true(has(1, USER_WITH_DOMAIN, "CORP\\ALICE"));
    assert_true(has(2, DOMAIN_LOWER, "alicecorp"));
    assert_true(has(2, USER_LOWER, "alicecorp"));
    assert_true(has(2, USER_AS_SENT, "Alicecorp"));
    assert_false(has(1, USER_LOWER, "alicecorp"));
}

/* The bytes, of that mistake alone. */
static bool has_these(int mistake, const void *bytes, size_t len)
{
    for (size_t i = 0; i < lists[1].count; i++)
        if (lists[1].list[i].mistakes[0] == &name_form_remarks[mistake] &&
            bytes_equal((bytes_t){lists[1].list[i].bytes, lists[1].list[i].len},
                        (bytes_t){bytes, len}))
            return true;
    return false;
}

static void what_stands_around_the_names_is_a_mistake(void **state)
{
    (void)state;
    make("a", "d");
    assert_true(has_these(NAMES_NUL, "A\0d\0\0\0", 6));
    assert_true(has_these(NAMES_NUL_EACH, "A\0\0\0d\0\0\0", 8));
    assert_true(has_these(NAMES_BOM, "\xFF\xFE\x41\0d\0", 6));
    assert_true(has_these(NAMES_BOM_EACH, "\xFF\xFE\x41\0\xFF\xFE\x64\0", 8));
    assert_true(has_these(NAMES_UTF16BE, "\0A\0d", 4));
    assert_true(has_these(NAMES_UTF16BE_BOM, "\xFE\xFF\0A\0d", 6));
    assert_true(has_these(NAMES_UTF8, "Ad", 2));
    assert_true(has_these(DOMAIN_BEFORE_USER, "d\0A\0", 4));
}

static void a_name_that_was_sent_whole_may_be_taken_apart(void **state)
{
    (void)state;
    make("alice@Corp.example", "");
    assert_true(has(1, USER_TAKEN_APART, "ALICECorp.example"));
    assert_true(has(1, USER_TAKEN_APART, "ALICE"));
    assert_true(has(1, USER_TAKEN_APART, "ALICECORP")); /* the CHALLENGE has it */
    assert_true(has(0, 0, "ALICE@CORP.EXAMPLE"));
}

static void nothing_right_is_a_mistake(void **state)
{
    (void)state;
    make("ALICE", "");
    for (size_t i = 0; i < lists[1].count; i++)
        for (size_t j = 0; j < lists[0].count; j++)
            assert_false(bytes_equal((bytes_t){lists[1].list[i].bytes, lists[1].list[i].len},
                                     (bytes_t){lists[0].list[j].bytes, lists[0].list[j].len}));
}

static int forget_names(void **state)
{
    hashed_names_free(lists);
    return forget_hex(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(right_names_are_those_that_the_proof_is_tried_with),
        TEST(one_mistake_or_two),
        TEST(what_stands_around_the_names_is_a_mistake),
        TEST(a_name_that_was_sent_whole_may_be_taken_apart),
        TEST(nothing_right_is_a_mistake),
    };
    return RUN_GROUP_AND(tests, forget_names);
}
