/* Keys that come out of a password in place of its NT hash. */
#include "unit.h"

#include <string.h>

#include "../../lib/explain/hashed/hashed_password.h"
#include "../../lib/ntlm/crypto.h"
#include "../../lib/ntlm/response.h"
#include "../../lib/ntlm/unicode.h"

static hashed_password_t list[HASHED_PASSWORDS_MAX];
static uint8_t nt_hash[NTLM_KEY_LEN];

static size_t keys_of(const char *password)
{
    uint8_t room[512];
    writer_t utf16 = writer_to(room, sizeof room);
    assert_true(unicode_write_utf8(&utf16, password));
    assert_true(ntowfv1(written(&utf16), nt_hash));
    return hashed_passwords(list, bytes_of(password), nt_hash);
}

static const hashed_password_t *key_of(const char *password, const char *id)
{
    const size_t count = keys_of(password);
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].mistake->id, id) == 0) return &list[i];
    return NULL;
}

static void assert_is_md4(const hashed_password_t *made, const void *text, size_t len)
{
    uint8_t wanted[NTLM_KEY_LEN];
    assert_non_null(made);
    assert_true(md4((bytes_t){text, len}, wanted));
    assert_int_equal(made->len, NTLM_KEY_LEN);
    assert_memory_equal(made->key, wanted, NTLM_KEY_LEN);
}

static void each_encoding_is_its_own_key(void **state)
{
    (void)state;
    assert_is_md4(key_of("ab", "password-utf8"), "ab", 2);
    assert_is_md4(key_of("ab", "password-utf16be"), "\0a\0b", 4);
    assert_is_md4(key_of("ab", "password-bom"),
                  "\xFF\xFE"
                  "a\0b\0",
                  6);
    assert_is_md4(key_of("ab", "password-nul"), "a\0b\0\0\0", 6);
    assert_is_md4(key_of("ab", "password-utf32"), "a\0\0\0b\0\0\0", 8);
    assert_is_md4(key_of("\xC3\xA4", "password-latin1"), "\xE4", 1);
    assert_is_md4(key_of("ab", "password-utf16be-bom"), "\xFE\xFF\0a\0b", 6);
    assert_is_md4(key_of("ab", "password-utf8-nul"), "ab", 3);
    assert_is_md4(key_of("\xE2\x82\xAC\xC3\xA4", "password-cp1252"), "\x80\xE4", 2);
    assert_null(key_of("\xC3\xA4", "password-cp1252"));
    assert_null(key_of("\xE2\x82\xAC\xD0\x96", "password-cp1252"));
    assert_is_md4(key_of("ab", "password-newline"), "a\0b\0\n\0", 6);
}

static void a_hash_in_hex_is_a_key_of_32_bytes(void **state)
{
    (void)state;
    char digits[2 * NTLM_KEY_LEN];
    const hashed_password_t *made = key_of("ab", "nt-hash-hex");
    assert_non_null(made);
    hex_write(digits, (bytes_t){nt_hash, NTLM_KEY_LEN});
    assert_int_equal(made->len, sizeof digits);
    assert_memory_equal(made->key, digits, sizeof digits);
    const hashed_password_t *upper = key_of("ab", "nt-hash-hex-upper");
    assert_non_null(upper);
    for (size_t i = 0; i < sizeof digits; i++)
        if (digits[i] >= 'a') digits[i] = (char)(digits[i] - 'a' + 'A');
    assert_memory_equal(upper->key, digits, sizeof digits);
    assert_is_md4(key_of("ab", "nt-hash-twice"), nt_hash, NTLM_KEY_LEN);
}

static void a_hash_may_be_another_one(void **state)
{
    uint8_t wanted[NTLM_KEY_LEN];
    (void)state;
    assert_true(md5(bytes_of("ab"), wanted));
    assert_memory_equal(key_of("ab", "nt-hash-md5-utf8")->key, wanted, sizeof wanted);
    assert_true(md5((bytes_t){(const uint8_t *)"a\0b", 4}, wanted));
    assert_memory_equal(key_of("ab", "nt-hash-md5")->key, wanted, sizeof wanted);
}

/* What gives the right key is no mistake, and of ASCII one encoding is named. */
static void what_is_right_is_no_mistake(void **state)
{
    (void)state;
    assert_null(key_of("ab", "password-nfd"));
    assert_null(key_of("ab", "password-lower-cased"));
    assert_null(key_of("ab", "password-trimmed"));
    assert_null(key_of("ab", "password-ascii"));
    assert_null(key_of("ab", "password-latin1"));
    assert_null(key_of("", "password-empty"));
    assert_non_null(key_of("ab", "password-empty"));
    const size_t count = keys_of("T\xC3\xA4st: 1%41\\");
    for (size_t i = 0; i < count; i++) assert_memory_not_equal(list[i].key, nt_hash, NTLM_KEY_LEN);
}

static void a_password_too_long_has_none(void **state)
{
    (void)state;
    static char password[5000];
    memset(password, 'x', sizeof password - 1);
    assert_int_equal(hashed_passwords(list, bytes_of(password), nt_hash), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_encoding_is_its_own_key),
        cmocka_unit_test(a_hash_in_hex_is_a_key_of_32_bytes),
        cmocka_unit_test(a_hash_may_be_another_one),
        cmocka_unit_test(what_is_right_is_no_mistake),
        cmocka_unit_test(a_password_too_long_has_none),
    };
    return RUN_GROUP(tests);
}
