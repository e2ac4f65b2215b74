/* What Samba writes for a hash, and for the state of an account. */
#include "unit.h"

#include "../../lib/creds/smbpasswd.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void a_hash_that_is_not_there_is_told_from_one_that_is_wrong(void **state)
{
    (void)state;
    static const char *const missing[] = {
        "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", "********************************",
        "NO PASSWORDXXXXXXXXXXXXXXXXXXXXX", "NO PASSWORD*********************"};
    static const char *const wrong[] = {"",
                                        "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
                                        "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
                                        "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX*",
                                        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                                        "NO PASSWORDXXXXXXXXXXXXXXXXXXXX*",
                                        "NO PASSWORD"};
    for (size_t i = 0; i < COUNT(missing); i++)
        assert_true(smbpasswd_is_no_hash(bytes_of(missing[i])));
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_false(smbpasswd_is_no_hash(bytes_of(wrong[i])));
    uint8_t nt_hash[NTLM_KEY_LEN];
    smbpasswd_blank(nt_hash);
    assert_key(nt_hash, "31d6cfe0d16ae931b73c59d7e0c089c0");
}

static void flags_are_capital_letters_and_blanks(void **state)
{
    (void)state;
    static const struct {
        const char *letters;
        smbpasswd_flags_t flags;
    } read[] = {
        {"", {0}},
        {"U          ", {0}},
        {"DU         ", {.disabled = true}},
        {"UL", {.locked = true}},
        {" N ", {.no_password = true}},
        {"W", {.is_computer = true}},
        {"S", {.is_computer = true}},
        {"I", {.is_computer = true}},
        {"NDLW", {true, true, true, true}},
    };
    for (size_t i = 0; i < COUNT(read); i++) {
        smbpasswd_flags_t flags;
        assert_true(smbpasswd_flags(bytes_of(read[i].letters), &flags));
        assert_memory_equal(&flags, &read[i].flags, sizeof flags);
    }
    static const char *const wrong[] = {"d", "D]", "[D", "D1", "\xC3\x84", "U\t"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        smbpasswd_flags_t flags;
        assert_false(smbpasswd_flags(bytes_of(wrong[i]), &flags));
    }
    smbpasswd_flags_t flags;
    assert_false(smbpasswd_flags((bytes_t){(const uint8_t *)"D\0", 2}, &flags));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hash_that_is_not_there_is_told_from_one_that_is_wrong),
        cmocka_unit_test(flags_are_capital_letters_and_blanks),
    };
    return RUN_GROUP(tests);
}
