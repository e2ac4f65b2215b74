/* What clients have taken for the hash of a certificate. */
#include "ways.h"

#include "../../lib/explain/hashed/hashed_certificate.h"

static const bytes_t der = {(const uint8_t *)"abc", 3};
static const char sha256[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

static bytes_t guessed(const char *id)
{
    static uint8_t room[512];
    writer_t out = writer_to(room, sizeof room);
    const guessed_certificate_t guess = {
        .der = der, .right = DIGEST_SHA256, .way = *id ? way_of(binding_hash_remarks, id) : 0};
    assert_true(hashed_certificate(&out, &guess));
    return written(&out);
}

static void assert_digest(const char *id, digest_kind_t kind)
{
    uint8_t digest[DIGEST_MAX];
    size_t len;
    len = digest_of(kind, &der, 1, digest);
    assert_these(guessed(id), digest, len);
}

static void digests_are_guessed(void **state)
{
    (void)state;
    assert_digest("", DIGEST_SHA256);
    assert_digest("binding-sha1", DIGEST_SHA1);
    assert_digest("binding-md5", DIGEST_MD5);
    assert_digest("binding-sha256", DIGEST_SHA256);
    assert_digest("binding-sha384", DIGEST_SHA384);
    assert_digest("binding-sha512", DIGEST_SHA512);
}

static void texts_of_the_digest_are_guessed(void **state)
{
    (void)state;
    assert_these(guessed("binding-hex"), sha256, 64);
    assert_memory_equal(guessed("binding-hex-upper").data, "BA7816BF", 8);
    assert_memory_equal(guessed("binding-hex-colons").data, "BA:78:16:BF", 11);
    assert_memory_equal(guessed("binding-base64").data, "ungWv48Bz+o=", 10);
}

static void other_bytes_are_guessed(void **state)
{
    const bytes_t once = hex(sha256), pem = bytes_of("-----BEGIN CERTIFICATE-----\nYWJj\n"
                                                     "-----END CERTIFICATE-----\n");
    uint8_t digest[DIGEST_MAX];
    size_t len;
    (void)state;
    assert_these(guessed("binding-not-hashed"), "abc", 3);
    assert_these(guessed("binding-hash-cut"), once.data, 16);
    len = digest_of(DIGEST_SHA256, &once, 1, digest);
    assert_these(guessed("binding-hash-twice"), digest, len);
    len = digest_of(DIGEST_SHA256, &pem, 1, digest);
    assert_these(guessed("binding-pem"), digest, len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_are_guessed),
        cmocka_unit_test(texts_of_the_digest_are_guessed),
        cmocka_unit_test(other_bytes_are_guessed),
    };
    return RUN_GROUP(tests);
}
