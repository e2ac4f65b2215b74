/* What clients have taken for the channel binding of a certificate. */
#include "ways.h"

#include "../../lib/explain/hashed/hashed_binding.h"
#include "../../lib/ntlm/response.h"

static const char sha256[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

static const guessed_binding_t right = {
    .certificate = {.der = {(const uint8_t *)"abc", 3}, .right = DIGEST_SHA256},
    .tls_unique = {(const uint8_t *)"Finished", 8}};

/* The ids that fit, with blanks between them. */
static const char *found(bytes_t wanted)
{
    static char ids[256];
    const remark_row_t *const tables[] = {binding_hash_remarks, binding_data_remarks,
                                          binding_struct_remarks, binding_value_remarks};
    *ids = '\0';
    for (unsigned table = 0; table < 4; table++)
        for (unsigned i = 0; tables[table][i].id; i++) {
            guessed_binding_t guess = right;
            guess.certificate.way = table == 0 ? i + 1 : 0;
            guess.data_way = table == 1 ? i + 1 : 0;
            guess.struct_way = table == 2 ? i + 1 : 0;
            guess.value_way = table == 3 ? i + 1 : 0;
            if (strcmp(tables[table][i].id, "binding-sha256") == 0) continue; /* it is right */
            if (!binding_comes_out(&guess, wanted)) continue;
            if (*ids) strcat(ids, " ");
            strcat(ids, tables[table][i].id);
        }
    return ids;
}

static uint8_t struct_bytes[256];
static writer_t parts;

static void begin(void)
{
    parts = writer_to(struct_bytes, sizeof struct_bytes);
}

static void addresses(uint32_t type)
{
    for (int i = 0; i < 4; i++) write_u32(&parts, i % 2 ? 0 : type);
}

static void data(const char *prefix)
{
    write_bytes(&parts, bytes_of(prefix));
    write_bytes(&parts, hex(sha256));
}

static const char *found_by(digest_kind_t kind)
{
    uint8_t digest[DIGEST_MAX];
    const bytes_t all = written(&parts);
    assert_true(digest_of(kind, &all, 1, digest) > 0);
    return found((bytes_t){digest, NTLM_BINDING_LEN});
}

static const char *found_with(const char *prefix)
{
    begin();
    addresses(0);
    write_u32(&parts, (uint32_t)strlen(prefix) + 32);
    data(prefix);
    return found_by(DIGEST_MD5);
}

static void the_right_one_is_that_of_the_specification(void **state)
{
    uint8_t binding[NTLM_BINDING_LEN];
    (void)state;
    begin();
    data("tls-server-end-point:");
    assert_true(channel_binding(written(&parts), binding));
    assert_true(binding_comes_out(&right, (bytes_t){binding, sizeof binding}));
    assert_string_equal(found((bytes_t){binding, sizeof binding}), "");
}

static void prefixes_are_guessed(void **state)
{
    (void)state;
    assert_string_equal(found_with("tls-server-end-point"), "binding-without-colon");
    assert_string_equal(found_with(""), "binding-without-prefix");
    assert_string_equal(found_with("TLS-SERVER-END-POINT:"), "binding-prefix-upper-cased");
    assert_string_equal(found_with("tls-server-end-point: "), "binding-prefix-blank");
    assert_string_equal(found_with("tls-unique:"), "binding-prefix-tls-unique");
    begin();
    addresses(0);
    write_u32(&parts, 11 + 8);
    write_bytes(&parts, bytes_of("tls-unique:Finished"));
    assert_string_equal(found_by(DIGEST_MD5), "binding-tls-unique");
    begin();
    addresses(0);
    write_u32(&parts, 22 + 32);
    write_bytes(&parts, (bytes_t){(const uint8_t *)"tls-server-end-point:", 22});
    data("");
    assert_string_equal(found_by(DIGEST_MD5), "binding-prefix-nul");
}

static void structs_are_guessed(void **state)
{
    (void)state;
    begin();
    data("tls-server-end-point:");
    assert_string_equal(found_by(DIGEST_MD5), "binding-without-struct");
    begin();
    addresses(0);
    write_u32(&parts, 53U << 24);
    data("tls-server-end-point:");
    assert_string_equal(found_by(DIGEST_MD5), "binding-struct-big-endian");
    begin();
    write_u32(&parts, 53);
    data("tls-server-end-point:");
    assert_string_equal(found_by(DIGEST_MD5), "binding-struct-without-addresses");
    begin();
    addresses(0);
    data("tls-server-end-point:");
    assert_string_equal(found_by(DIGEST_MD5), "binding-struct-without-length");
    begin();
    addresses(255);
    write_u32(&parts, 53);
    data("tls-server-end-point:");
    assert_string_equal(found_by(DIGEST_MD5), "binding-struct-null-address");
    begin();
    addresses(0);
    addresses(0);
    write_u64(&parts, 53);
    data("tls-server-end-point:");
    assert_string_equal(found_by(DIGEST_MD5), "binding-struct-64-bit");
    begin();
    for (int i = 0; i < 6; i++) write_u32(&parts, 0);
    write_u32(&parts, 53);
    write_u32(&parts, 32);
    data("tls-server-end-point:");
    assert_string_equal(found_by(DIGEST_MD5), "binding-struct-of-windows");
}

static void values_are_guessed(void **state)
{
    uint8_t digest[DIGEST_MAX];
    char digits[2 * DIGEST_MAX];
    size_t len;
    (void)state;
    assert_string_equal(found((bytes_t){hex(sha256).data, 16}), "binding-is-hash");
    begin();
    addresses(0);
    write_u32(&parts, 53);
    data("tls-server-end-point:");
    assert_string_equal(found_by(DIGEST_SHA256), "binding-struct-sha256");
    assert_string_equal(found_by(DIGEST_SHA1), "binding-struct-sha1");
    const bytes_t all = written(&parts);
    len = digest_of(DIGEST_MD5, &all, 1, digest);
    hex_write(digits, (bytes_t){digest, len});
    assert_string_equal(found((bytes_t){(const uint8_t *)digits, 16}), "binding-md5-hex");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_one_is_that_of_the_specification),
        cmocka_unit_test(prefixes_are_guessed),
        cmocka_unit_test(structs_are_guessed),
        cmocka_unit_test(values_are_guessed),
    };
    return RUN_GROUP(tests);
}
