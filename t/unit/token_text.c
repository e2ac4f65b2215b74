/* How a message was written as text, where it cannot be read. */
#include "unit.h"

#include "../../lib/explain/shape/token_text.h"

/* A Type 1 whose base64 has every sign, and a short one with padding. */
#define LONG                                                                                       \
    "TlRMTVNTUAABAAAAB4IIovv/v/77/7/++/+//vv/v/77/7/++/+//vv/v/77/7/++/+//vv/v/77/7/++/+//ng="
#define SHORT "TlRMTVNTUAABAAAABwIAAA=="

static void its_mistake_is(const char *text, const char *id)
{
    const remark_row_t *row = token_mistake(bytes_of(text));
    assert_false(token_holds(bytes_of(text)));
    assert_string_equal(row ? row->id : "none", id);
}

static void a_token_is_read_strictly(void **state)
{
    (void)state;
    uint8_t memory[TOKEN_ROOM];
    writer_t room = writer_to(memory, sizeof memory);
    assert_int_equal(token_message(bytes_of(LONG), &room).len, 65);
    assert_int_equal(token_message(bytes_of(SHORT), &room).len, 16);
    assert_int_equal(token_message(bytes_of("TlRM"), &room).len, 0);
    assert_int_equal(token_message(bytes_of(SHORT " "), &room).len, 0);
    assert_true(token_holds(bytes_of(
        "YEgGBisGAQUFAqA+"
        "MDygDjAMBgorBgEEAYI3AgIKoioEKE5UTE1TU1AAAQAAABeCCOIAAAAAAAAAAAAAAAAAAAAABgIAAAAAAA8=")));
    assert_false(token_holds(bytes_of("YBUGCiqGSIb3EgECAgEAbgowCA==")));
    assert_false(token_holds(bytes_of("")));
}

static void other_alphabets_and_blanks_are_named(void **state)
{
    (void)state;
    its_mistake_is(
        "TlRMTVNTUAABAAAAB4IIovv_v_77_7_--_-__vv_v_77_7_--_-__vv_v_77_7_--_-__vv_v_77_7_--_-__ng=",
        "base64-url-safe");
    its_mistake_is(
        "TlRMTVNTUAABAAAAB4IIovv_v_77_7_--_-__vv_v_77_7_--_-__vv_v_77_7_--_-__vv_v_77_7_--_-__ng",
        "base64-url-safe");
    its_mistake_is(
        "TlRMTVNTUAABAAAAB4IIovv/v/77/7/++/+//vv/v/77/7/++/+//vv/v/77/7/++/+//vv/v/77 /7/++/+//ng=",
        "base64-wrapped");
    its_mistake_is("TlRMTVNTUAABAAAAB4II\t"
                   "ovv/v/77/7/++/+//vv/v/77/7/++/+//vv/v/77/7/++/+//vv/v/77/7/++/+//ng=",
                   "base64-wrapped");
    its_mistake_is(
        "TlRMTVNTUAABAAAAB4IIovv/v/77/7/  / //vv/v/77/7/  / //vv/v/77/7/  / //vv/v/77/7/  / //ng=",
        "base64-plus-lost");
    its_mistake_is(
        "TlRMTVNTUAABAAAAB4IIovv%2fv%2f77%2f7%2f%2B%2B%2f%2B%2f%2fvv%2fv%2f77%2f7%2f%2B%2B%2f%2B%"
        "2f%2fvv%2fv%2f77%2f7%2f%2B%2B%2f%2B%2f%2fvv%2fv%2f77%2f7%2f%2B%2B%2f%2B%2f%2fng%3D",
        "base64-percent-encoded");
    its_mistake_is(SHORT "%0A", "base64-percent-encoded");
}

static void what_was_encoded_otherwise_is_named(void **state)
{
    (void)state;
    its_mistake_is("4e544c4d5353500001000000078208a2fbffbffefbffbffefbffbffefbffbffefbffbffefbffbff"
                   "efbffbffefbffbffefbffbffefbffbffefbffbffefbffbffe",
                   "token-hex");
    its_mistake_is("4E544C4D5353500001000000078208A2FBFFBFFEFBFFBFFEFBFFBFFEFBFFBFFEFBFFBFFEFBFFBFF"
                   "EFBFFBFFEFBFFBFFEFBFFBFFEFBFFBFFEFBFFBFFEFBFFBFFE",
                   "token-hex");
    its_mistake_is("VGxSTVRWTlRVQUFCQUFBQUI0SUlvdnYvdi83Ny83LysrLysvL3Z2L3YvNzcvNy8rKy8rLy92di92Lzc"
                   "3LzcvKysvKy8vdnYvdi83Ny83LysrLysvL25nPQ==",
                   "base64-twice");
    its_mistake_is("NGU1NDRjNGQ1MzUzNTAwMDAxMDAwMDAwMDc4MjA4YTI=", "token-hex");
    its_mistake_is("tlrmtvntuaabaaaab4iiog==", "token-case-changed");
    its_mistake_is("TLRMTVNTUAABAAAAB4IIOG==", "token-case-changed");
    its_mistake_is("NTLMSSP", "token-raw");
    its_mistake_is("", "token-missing");
    its_mistake_is("undefined", "token-null");
    its_mistake_is("[object Object]", "token-null");
    its_mistake_is("None", "token-null");
}

static void what_stands_around_a_token_is_named(void **state)
{
    (void)state;
    its_mistake_is("b'" LONG "'", "base64-python-bytes");
    its_mistake_is("b\"" SHORT "\"", "base64-python-bytes");
    its_mistake_is("\"" LONG "\"", "token-quoted");
    its_mistake_is("'" LONG "'", "token-quoted");
    its_mistake_is("<" LONG ">", "token-quoted");
    its_mistake_is(LONG ",", "token-comma");
    its_mistake_is("token=" LONG, "token-parameter");
    its_mistake_is("TlRMTVNTUAABAAAAB4IIovv\\/v/77", "token-escaped");
    its_mistake_is("token=\"" SHORT "\"", "token-parameter");
    its_mistake_is(SHORT ", NTLM " SHORT, "header-twice");
    its_mistake_is(SHORT ", " SHORT, "header-twice");
    its_mistake_is("NTLM " LONG, "scheme-twice");
}

static void a_token_that_was_cut_is_named(void **state)
{
    (void)state;
    its_mistake_is("TlRMTVNTUAADAAAAGAAYAEAAAAAAAAAAAAAAAAAAAAAAAAAACgAKAFgAAAAAAAAAAAAAAAAAAAAAAAA"
                   "AAAAAAAEBAQEBAQEBAQEBA",
                   "message-truncated");
    its_mistake_is("TlRMTVNTUAADAAAAGAAYAEAAAAAAAAAAAAAAAAAAAAAAAAAACgAKAFgAAAAAAAAAAAAAAAAAAAAAAAA"
                   "AAAAAAAEBAQEBAQEBAQEBAQ",
                   "message-truncated");
    its_mistake_is("TlRMTVNTUAADAAAAGAAYAEAAAAAAAAAAAAAAAAAAAAAAAAAACgAKAFgAAAAAAAAAAAAAAAAAAAAAAAA"
                   "AAAAAAAEBAQEBAQEBAQEBAQEBAQEBAQE",
                   "message-truncated");
    its_mistake_is("TlRMTVNTUAADAAAAGAAYAEAAAAAAAAAAAAAAAAAAAAAAAAAACgAKAFgAAAAAAAAAAAAAAAAAAAAAAAA"
                   "AAAAAAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAWEAbABpAGMAZQA",
                   "base64-no-padding");
}

static void padding_is_named(void **state)
{
    (void)state;
    its_mistake_is("TlRMTVNTUAABAAAABwIAAA", "base64-no-padding");
    its_mistake_is("TlRMTVNTUAABAAAABwIAAA=", "base64-no-padding");
    its_mistake_is("TlRMTVNTUAABAAAABwIAAA====", "base64-more-padding");
    its_mistake_is("TlRMTVNTUAABAAAABwIAAA===", "base64-more-padding");
}

static void what_is_no_message_at_all_is_not_named(void **state)
{
    (void)state;
    its_mistake_is("c2VjcmV0", "none");
    its_mistake_is("c2VjcmV0IQ", "none");
    its_mistake_is("secret secret", "none");
    its_mistake_is("%%%", "none");
    its_mistake_is("b''", "none");
    its_mistake_is("=", "none");
    its_mistake_is(":", "none");
    its_mistake_is("0000:", "token-password");
    its_mistake_is("alice:secret", "token-password");
    its_mistake_is("YWxpY2U6c2VjcmV0", "token-password");
    its_mistake_is(",", "none");
    its_mistake_is("0123456789abcdef", "none");
}

static void a_long_text_is_no_more_than_that(void **state)
{
    (void)state;
    static char text[4 * TOKEN_ROOM];
    memset(text, 'A', sizeof text - 1);
    its_mistake_is(text, "none");
    memset(text, ' ', sizeof text - 1);
    its_mistake_is(text, "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_read_strictly),
        cmocka_unit_test(other_alphabets_and_blanks_are_named),
        cmocka_unit_test(what_was_encoded_otherwise_is_named),
        cmocka_unit_test(what_stands_around_a_token_is_named),
        cmocka_unit_test(a_token_that_was_cut_is_named),
        cmocka_unit_test(padding_is_named),
        cmocka_unit_test(what_is_no_message_at_all_is_not_named),
        cmocka_unit_test(a_long_text_is_no_more_than_that),
    };
    return RUN_GROUP(tests);
}
