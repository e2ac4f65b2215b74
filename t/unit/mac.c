/* The signature of NTLM under a message, as the specification and captures have it. */
#include "unit.h"

#include "../../lib/ntlm/spnego/mac.h"

/* MS-NLMP 4.2.4: the ExportedSessionKey, and the text "Plaintext". */
#define SESSION_KEY "55555555555555555555555555555555"
#define PLAINTEXT "50006c00610069006e007400650078007400"

enum { SIGN = NTLMSSP_NEGOTIATE_SIGN, EXCHANGE = NTLMSSP_NEGOTIATE_KEY_EXCH };

static void assert_mac(uint32_t flags, bool from_client, const char *expected)
{
    uint8_t mac[NTLM_MAC_LEN];
    assert_true(message_mac(hex(SESSION_KEY).data, flags, from_client, hex(PLAINTEXT), mac));
    assert_bytes(((bytes_t){mac, sizeof mac}), expected);
}

static void the_checksum_is_that_of_the_specification(void **state)
{
    (void)state;
    assert_mac(NTLMSSP_NEGOTIATE_128, true,
               "01000000"
               "70352851f2564309"
               "00000000");
    assert_mac(NTLMSSP_NEGOTIATE_128 | SIGN, true,
               "01000000"
               "70352851f2564309"
               "00000000");
}

static void each_direction_has_its_own_keys(void **state)
{
    (void)state;
    assert_mac(NTLMSSP_NEGOTIATE_128, false,
               "01000000"
               "a6139944aa644dd5"
               "00000000");
    assert_mac(NTLMSSP_NEGOTIATE_128 | EXCHANGE, false,
               "01000000"
               "e01b84f3fbde503c"
               "00000000");
}

static void it_is_encrypted_where_a_key_was_exchanged_by_as_much_of_the_key_as_was_agreed(
    void **state)
{
    (void)state;
    assert_mac(EXCHANGE | NTLMSSP_NEGOTIATE_128, true,
               "01000000"
               "74d045342c4f1cd5"
               "00000000");
    assert_mac(EXCHANGE | NTLMSSP_NEGOTIATE_128 | NTLMSSP_NEGOTIATE_56, true,
               "01000000"
               "74d045342c4f1cd5"
               "00000000");
    assert_mac(EXCHANGE | NTLMSSP_NEGOTIATE_56, true,
               "01000000"
               "1eed1d7c7e57c36a"
               "00000000");
    assert_mac(EXCHANGE | NTLMSSP_NEGOTIATE_56, false,
               "01000000"
               "70cb6b4f70443c5b"
               "00000000");
    assert_mac(EXCHANGE, true,
               "01000000"
               "6c8958e0f2ff80e4"
               "00000000");
    assert_mac(EXCHANGE, false,
               "01000000"
               "2c8588a8250fa099"
               "00000000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_checksum_is_that_of_the_specification),
        cmocka_unit_test(each_direction_has_its_own_keys),
        cmocka_unit_test(
            it_is_encrypted_where_a_key_was_exchanged_by_as_much_of_the_key_as_was_agreed),
    };
    return RUN_GROUP(tests);
}
