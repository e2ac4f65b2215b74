/* The hashes and ciphers, by the published vectors, and what they do when there
 * is no OpenSSL to ask. */
#include "unit.h"

#include <pthread.h>

#include "certificates.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

static bytes_t text(const char *string)
{
    return (bytes_t){(const uint8_t *)string, strlen(string)};
}

#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define ALPHANUMERIC "ABCDEFGHIJKLMNOPQRSTUVWXYZ" LETTERS "0123456789"
#define EIGHTY                                                                                     \
    "1234567890123456789012345678901234567890"                                                     \
    "1234567890123456789012345678901234567890"

/* RFC 1320 A.5 and RFC 1321 A.5: the test suites. */
static const struct {
    const char *in, *md4, *md5;
} digests[] = {
    {"", "31d6cfe0d16ae931b73c59d7e0c089c0", "d41d8cd98f00b204e9800998ecf8427e"},
    {"a", "bde52cb31de33e46245e05fbdbd6fb24", "0cc175b9c0f1b6a831c399e269772661"},
    {"abc", "a448017aaf21d8525fc10ae87aa6729d", "900150983cd24fb0d6963f7d28e17f72"},
    {"message digest", "d9130a8164549fe818874806e1c7014b", "f96b697d7cb7938d525a2f31aaf161d0"},
    {LETTERS, "d79e1c308aa5bbcdeea8ed63df412da9", "c3fcd3d76192e4007dfb496cca67e13b"},
    {ALPHANUMERIC, "043f8582f241db351ce627e153e7f0e4", "d174ab98d277d9f5a5611c2c9f419d9f"},
    {EIGHTY, "e33b4ddc9c38f2199c3e7b164fcc0536", "57edf4a22be3c955ac49da2e2107b67a"},
};

static void md4_and_md5_are_those_of_their_rfcs(void **state)
{
    (void)state;
    uint8_t digest[16];
    for (size_t i = 0; i < sizeof digests / sizeof *digests; i++) {
        assert_true(md4(text(digests[i].in), digest));
        assert_key(digest, digests[i].md4);
        assert_true(md5(text(digests[i].in), digest));
        assert_key(digest, digests[i].md5);
    }
}

static void no_bytes_at_all_have_a_digest(void **state)
{
    (void)state;
    uint8_t digest[16];
    assert_true(md4((bytes_t){NULL, 0}, digest));
    assert_key(digest, digests[0].md4);
    assert_true(md5((bytes_t){NULL, 0}, digest));
    assert_key(digest, digests[0].md5);
}

#define DD50                                                                                       \
    "dddddddddddddddddddddddddddddddddddddddddddddddddd"                                           \
    "dddddddddddddddddddddddddddddddddddddddddddddddddd"

/* RFC 2202 2: test cases 1, 2 (its key padded with zeros, as HMAC pads it), 3, 5. */
static const struct {
    const char *key, *in, *digest;
} macs[] = {
    {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265", "9294727a3638bb1c13f48ef8158bfc9d"},
    {"4a656665000000000000000000000000", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
     "750c783e6ab0b503eaa86e310a5db738"},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", DD50, "56be34521d144c88dbb8c733f0e8b3f6"},
    {"0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c", "546573742057697468205472756e636174696f6e",
     "56461ef2342edc00f9bab995690efd4c"},
};

/* The same, read once: hex() is for one thread. */
static bytes_t hex_key[4], hex_in[4], hex_digest[4];

static void hmac_md5_is_that_of_rfc_2202(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof macs / sizeof *macs; i++) {
        uint8_t digest[16];
        bytes_t in = hex(macs[i].in);
        assert_true(hmac_md5(hex(macs[i].key).data, &in, 1, digest));
        assert_key(digest, macs[i].digest);
    }
}

static void hmac_md5_does_not_see_where_parts_are_split(void **state)
{
    (void)state;
    bytes_t key = hex(macs[1].key), in = hex(macs[1].in), expected = hex(macs[1].digest);
    for (size_t a = 0; a <= in.len; a++)
        for (size_t b = a; b <= in.len; b++) {
            uint8_t digest[16];
            const bytes_t parts[] = {
                {in.data, a}, {NULL, 0}, {in.data + a, b - a}, {in.data + b, in.len - b}};
            assert_true(hmac_md5(key.data, parts, 4, digest));
            assert_memory_equal(digest, expected.data, 16);
        }
}

static void hmac_md5_of_nothing_is_a_value(void **state)
{
    (void)state;
    uint8_t zero[16] = {0}, digest[16];
    /* The HMAC of an empty text under an empty key, by Python's hmac. */
    assert_true(hmac_md5(zero, NULL, 0, digest));
    assert_key(digest, "74e6f7298a9c2d168935f58c001bad88");
}

static void one_use_does_not_change_the_next(void **state)
{
    (void)state;
    for (size_t i = 0; i < 8; i++) {
        uint8_t digest[16];
        bytes_t in = hex(macs[i % 4].in);
        assert_true(hmac_md5(hex(macs[i % 4].key).data, &in, 1, digest));
        assert_key(digest, macs[i % 4].digest);
    }
}

static void *hash_on_and_on(void *right)
{
    for (size_t i = 0; i < 2000; i++) {
        uint8_t digest[16];
        bytes_t in = hex_in[i % 4];
        if (!hmac_md5(hex_key[i % 4].data, &in, 1, digest)) return NULL;
        if (memcmp(digest, hex_digest[i % 4].data, 16) != 0) return NULL;
    }
    return right;
}

static void threads_do_not_disturb_each_other(void **state)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    int right = 0;
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        hex_key[i] = hex(macs[i].key);
        hex_in[i] = hex(macs[i].in);
        hex_digest[i] = hex(macs[i].digest);
    }
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hash_on_and_on, &right), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *result = NULL;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_ptr_equal(result, &right);
    }
}

/* MS-NLMP 4.2.4.2.2: the encrypted session key. */
static const char rc4_key[] = "8de40ccadbc14a82f15cb0ad0de95ca3";
static const char rc4_plain[] = "55555555555555555555555555555555";
static const char rc4_cipher[] = "c5dad2544fc9799094ce1ce90bc9d03e";

static void rc4_begins_its_key_stream_anew_each_time(void **state)
{
    (void)state;
    uint8_t out[16];
    for (int i = 0; i < 2; i++) {
        assert_true(rc4(hex(rc4_key).data, hex(rc4_plain).data, out));
        assert_key(out, rc4_cipher);
        assert_true(rc4(hex(rc4_key).data, hex(rc4_cipher).data, out));
        assert_key(out, rc4_plain);
    }
}

static void rc4_works_in_place(void **state)
{
    (void)state;
    uint8_t block[16];
    memcpy(block, hex(rc4_plain).data, 16);
    assert_true(rc4(hex(rc4_key).data, block, block));
    assert_key(block, rc4_cipher);
}

static void secrets_are_equal_only_in_every_bit(void **state)
{
    (void)state;
    uint8_t a[16], b[16];
    memcpy(a, hex(rc4_key).data, 16);
    memcpy(b, a, 16);
    assert_true(secret_equal(a, b, 16));
    for (unsigned bit = 0; bit < 128; bit++) {
        b[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(secret_equal(a, b, 16));
        assert_true(secret_equal(a, b, bit / 8));
        b[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_true(secret_equal(a, b, 0));
}

static void a_secret_is_wiped_to_its_length_and_no_further(void **state)
{
    (void)state;
    uint8_t secret[6] = {1, 2, 3, 4, 5, 6};
    secret_wipe(secret, 0);
    assert_bytes(((bytes_t){secret, 6}), "010203040506");
    secret_wipe(secret + 1, 4);
    assert_bytes(((bytes_t){secret, 6}), "010000000006");
}

/* ---- opening and closing ---- */

#define assert_zeros(digest) assert_key(digest, "00000000000000000000000000000000")

static void without_crypto_nothing_is_computed_and_results_are_zeros(void **state)
{
    (void)state;
    uint8_t digest[16];
    bytes_t in = hex(rc4_plain);
    crypto_close();
    memset(digest, 0xFF, 16);
    assert_false(md4(in, digest));
    assert_zeros(digest);
    memset(digest, 0xFF, 16);
    assert_false(md5(in, digest));
    assert_zeros(digest);
    memset(digest, 0xFF, 16);
    assert_false(hmac_md5(hex(rc4_key).data, &in, 1, digest));
    assert_zeros(digest);
    memset(digest, 0xFF, 16);
    assert_false(rc4(hex(rc4_key).data, in.data, digest));
    assert_zeros(digest);
    assert_null(crypto_open());
}

static void comparing_and_wiping_need_no_opening(void **state)
{
    (void)state;
    uint8_t secret[2] = {1, 2};
    crypto_close();
    assert_true(secret_equal(secret, secret, 2));
    secret_wipe(secret, 2);
    assert_bytes(((bytes_t){secret, 2}), "0000");
    assert_null(crypto_open());
}

static void opening_and_closing_twice_changes_nothing(void **state)
{
    (void)state;
    assert_null(crypto_open());
    assert_null(crypto_open());
    md4_and_md5_are_those_of_their_rfcs(state);
    crypto_close();
    crypto_close();
    assert_null(crypto_open());
    md4_and_md5_are_those_of_their_rfcs(state);
    hmac_md5_is_that_of_rfc_2202(state);
    rc4_begins_its_key_stream_anew_each_time(state);
}

static void a_missing_legacy_provider_is_told_with_its_package(void **state)
{
    (void)state;
    uint8_t digest[16];
    crypto_close();
    setenv("OPENSSL_MODULES", "/nonexistent", 1);
    const char *why = crypto_open();
    unsetenv("OPENSSL_MODULES");
    if (!why) return; /* an OpenSSL that has it built in */
    assert_non_null(strstr(why, "legacy.so"));
    assert_non_null(strstr(why, "openssl-provider-legacy")); /* Debian 13 */
    assert_non_null(strstr(why, "libssl3"));                 /* Debian 12 */
    assert_false(md5(hex(""), digest));                      /* nothing is left half open */
    assert_null(crypto_open());
    ERR_clear_error();
}

static void other_users_of_openssl_see_nothing_of_it(void **state)
{
    (void)state;
    assert_null(EVP_MD_fetch(NULL, "MD4", NULL));
    assert_null(EVP_CIPHER_fetch(NULL, "RC4", NULL));
    assert_false(OSSL_PROVIDER_available(NULL, "legacy"));
    EVP_MD *sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    assert_non_null(sha256);
    EVP_MD_free(sha256);
    ERR_clear_error();
}

static void a_certificate_is_hashed_as_its_signature_is(void **state)
{
    (void)state;
    uint8_t hash[CERTIFICATE_HASH_MAX];
    for (size_t i = 0; i < sizeof certificates / sizeof *certificates; i++) {
        size_t len = certificate_hash(text(certificates[i].pem), hash);
        assert_int_equal(2 * len, strlen(certificates[i].hash));
        const bytes_t is = {hash, len};
        assert_bytes(is, certificates[i].hash);
    }
}

static void what_is_no_certificate_has_no_hash(void **state)
{
    (void)state;
    uint8_t hash[CERTIFICATE_HASH_MAX];
    assert_int_equal(certificate_hash(text(""), hash), 0);
    assert_int_equal(certificate_hash(text("-----BEGIN CERTIFICATE-----\nMIID\n"), hash), 0);
    assert_int_equal(certificate_hash((bytes_t){NULL, 0}, hash), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(md4_and_md5_are_those_of_their_rfcs),
        cmocka_unit_test(no_bytes_at_all_have_a_digest),
        cmocka_unit_test(hmac_md5_is_that_of_rfc_2202),
        cmocka_unit_test(hmac_md5_does_not_see_where_parts_are_split),
        cmocka_unit_test(hmac_md5_of_nothing_is_a_value),
        cmocka_unit_test(one_use_does_not_change_the_next),
        cmocka_unit_test(threads_do_not_disturb_each_other),
        cmocka_unit_test(rc4_begins_its_key_stream_anew_each_time),
        cmocka_unit_test(rc4_works_in_place),
        cmocka_unit_test(secrets_are_equal_only_in_every_bit),
        cmocka_unit_test(a_secret_is_wiped_to_its_length_and_no_further),
        cmocka_unit_test(without_crypto_nothing_is_computed_and_results_are_zeros),
        cmocka_unit_test(comparing_and_wiping_need_no_opening),
        cmocka_unit_test(opening_and_closing_twice_changes_nothing),
        cmocka_unit_test(a_missing_legacy_provider_is_told_with_its_package),
        cmocka_unit_test(other_users_of_openssl_see_nothing_of_it),
        cmocka_unit_test(a_certificate_is_hashed_as_its_signature_is),
        cmocka_unit_test(what_is_no_certificate_has_no_hash),
    };
    return RUN_GROUP(tests);
}
