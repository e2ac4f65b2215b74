/* SipHash-2-4, against the vectors of its authors. */
#include "unit.h"

#include "../../lib/creds/file/creds_hash.h"

/* The key is 00 01 ... 0f, and the text as many bytes, 00 01 02 ... */
static void it_gives_what_its_authors_say(void **state)
{
    (void)state;
    static const struct {
        size_t len;
        uint64_t hash;
    } vectors[] = {
        {0, 0x726fdb47dd0e0e31},  {1, 0x74f839c593dc67fd},  {2, 0x0d6c8009d9a94f5a},
        {7, 0xab0200f58b01d137},  {8, 0x93f5f5799a932462},  {9, 0x9e0082df0ba9e4b0},
        {15, 0xa129ca6149be45e5}, {63, 0x958a324ceb064572},
    };
    uint8_t key[CREDS_HASH_KEY_LEN], text[64];
    for (uint8_t i = 0; i < sizeof key; i++) key[i] = i;
    for (uint8_t i = 0; i < sizeof text; i++) text[i] = i;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        assert_true(creds_hash(key, (bytes_t){text, vectors[i].len}) == vectors[i].hash);
}

static void another_key_gives_another_hash(void **state)
{
    (void)state;
    const uint8_t one[CREDS_HASH_KEY_LEN] = {1}, other[CREDS_HASH_KEY_LEN] = {2};
    const uint8_t last[CREDS_HASH_KEY_LEN] = {[CREDS_HASH_KEY_LEN - 1] = 1};
    assert_true(creds_hash(one, bytes_of("alice")) != creds_hash(other, bytes_of("alice")));
    assert_true(creds_hash(one, bytes_of("alice")) != creds_hash(last, bytes_of("alice")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_gives_what_its_authors_say),
        cmocka_unit_test(another_key_gives_another_hash),
    };
    return RUN_GROUP(tests);
}
