/* Hashes and texts of others, by known answers. */
#include "unit.h"

#include "../../lib/explain/hashed/digests.h"

static uint8_t room[256];

static bytes_t digested(digest_kind_t kind, const char *text)
{
    const bytes_t parts[] = {bytes_of(text), bytes_of("c")};
    return (bytes_t){room, digest_of(kind, parts, 2, room)};
}

/* RFC 1321 A.5, FIPS 180-4: of "abc", in two parts. */
static void hashes_are_those_of_their_standards(void **state)
{
    (void)state;
    assert_bytes(digested(DIGEST_MD5, "ab"), "900150983cd24fb0d6963f7d28e17f72");
    assert_bytes(digested(DIGEST_SHA1, "ab"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_bytes(digested(DIGEST_SHA256, "ab"),
                 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(digested(DIGEST_SHA384, "ab").len, 48);
    assert_int_equal(digested(DIGEST_SHA512, "ab").len, 64);
}

/* RFC 2202 2, test 2; RFC 4231 4.3. */
static void a_key_of_any_length_is_a_key(void **state)
{
    (void)state;
    const bytes_t parts[] = {bytes_of("what do ya want "), bytes_of("for nothing?")};
    size_t len = digest_hmac(DIGEST_MD5, bytes_of("Jefe"), parts, 2, room);
    assert_bytes(((bytes_t){room, len}), "750c783e6ab0b503eaa86e310a5db738");
    len = digest_hmac(DIGEST_SHA256, bytes_of("Jefe"), parts, 2, room);
    assert_bytes(((bytes_t){room, len}),
                 "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static bytes_t changed(bool (*change)(writer_t *, bytes_t), const char *text)
{
    writer_t out = writer_to(room, sizeof room);
    assert_true(change(&out, bytes_of(text)));
    return written(&out);
}

static void texts_follow_unicode_and_no_language(void **state)
{
    (void)state;
    assert_true(bytes_equal(changed(digest_write_nfd, "\xC3\xA4x"), bytes_of("a\xCC\x88x")));
    assert_true(bytes_equal(changed(digest_write_lower, "\xC3\x84I"), bytes_of("\xC3\xA4i")));
    assert_true(bytes_equal(changed(digest_write_upper, "\xC3\xA4i"), bytes_of("\xC3\x84I")));
    assert_int_equal(changed(digest_write_nfd, "").len, 0);
}

static void utf16_is_lowered_unit_by_unit(void **state)
{
    (void)state;
    const uint8_t text[] = {'A', 0, 0xC4, 0, 0x3D, 0xD8, 0x07, 0xDC, 'x'};
    writer_t out = writer_to(room, sizeof room);
    digest_write_lower_utf16(&out, (bytes_t){text, sizeof text});
    assert_bytes(written(&out), "6100e4003dd807dc");
}

static void base64_has_lines_if_it_shall(void **state)
{
    (void)state;
    writer_t out = writer_to(room, sizeof room);
    digest_write_base64(&out, bytes_of("Man is distinguished"), 0);
    assert_true(bytes_equal(written(&out), bytes_of("TWFuIGlzIGRpc3Rpbmd1aXNoZWQ=")));
    out.len = 0;
    digest_write_base64(&out, bytes_of("Man is dist"), 8);
    assert_true(bytes_equal(written(&out), bytes_of("TWFuIGlz\nIGRpc3Q=\n")));
    out.len = 0;
    digest_write_base64(&out, bytes_none(), 64);
    assert_int_equal(out.len, 0);
}

static void a_certificate_in_pem_has_its_lines(void **state)
{
    (void)state;
    writer_t out = writer_to(room, sizeof room);
    digest_write_pem(&out, bytes_of("Man is distinguished, not only by his reason, but"));
    assert_true(bytes_equal(
        written(&out), bytes_of("-----BEGIN CERTIFICATE-----\n"
                                "TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBvbmx5IGJ5IGhpcyByZWFzb24sIGJ1\n"
                                "dA==\n-----END CERTIFICATE-----\n")));
}

static void big_endian_units_are_the_others_turned(void **state)
{
    (void)state;
    writer_t out = writer_to(room, sizeof room);
    digest_write_utf16be(&out, (bytes_t){(const uint8_t *)"a\0\x3D\xD8z", 5});
    assert_bytes(written(&out), "0061d83d");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_those_of_their_standards),
        cmocka_unit_test(a_key_of_any_length_is_a_key),
        cmocka_unit_test(texts_follow_unicode_and_no_language),
        cmocka_unit_test(utf16_is_lowered_unit_by_unit),
        cmocka_unit_test(base64_has_lines_if_it_shall),
        cmocka_unit_test(a_certificate_in_pem_has_its_lines),
        cmocka_unit_test(big_endian_units_are_the_others_turned),
    };
    return RUN_GROUP(tests);
}
