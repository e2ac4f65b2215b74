/* Certificates of files, and the channel bindings that clients make of them. */
#include "certificates.h"
#include "configured.h"
#include "folder.h"

#include "../../lib/config/certificates.h"
#include "../../lib/ntlm/response.h"

/* RFC 5929 4: the kind of binding, and the certificate's hash. */
static void expected_binding(size_t i, uint8_t binding[NTLM_BINDING_LEN])
{
    static const char kind[] = "746c732d7365727665722d656e642d706f696e743a";
    assert_true(channel_binding(hex(apr_pstrcat(pool, kind, certificates[i].hash, NULL)), binding));
}

static const char *reading(const char *words, const config_bindings_t **bindings)
{
    return read_words(pool, certificates_read, NULL, words, bindings);
}

static void a_certificate_has_the_binding_of_its_hash(void **state)
{
    (void)state;
    uint8_t binding[NTLM_BINDING_LEN], expected[NTLM_BINDING_LEN];
    for (size_t i = 0; i < COUNT(certificates); i++) {
        const char *pem = certificates[i].pem;
        assert_true(certificate_binding((bytes_t){(const uint8_t *)pem, strlen(pem)}, binding));
        expected_binding(i, expected);
        assert_memory_equal(binding, expected, sizeof expected);
    }
    assert_false(certificate_binding(bytes_none(), binding));
    assert_false(certificate_binding((bytes_t){(const uint8_t *)"-----BEGIN", 10}, binding));
}

static void files_are_read_in_their_order_and_once(void **state)
{
    (void)state;
    const config_bindings_t *bindings = NULL, *again = NULL;
    uint8_t expected[NTLM_BINDING_LEN];
    httpd_stubs.root = folder;
    file_with("one.pem", certificates[0].pem, 0644);
    file_with("two.pem",
              apr_pstrcat(pool, "text\n", certificates[1].pem, certificates[0].pem, NULL), 0600);
    assert_null(reading("two.pem one.pem", &bindings));
    assert_int_equal(bindings->count, 2);
    expected_binding(1, expected);
    assert_memory_equal(bindings->values[0], expected, sizeof expected);
    expected_binding(0, expected);
    assert_memory_equal(bindings->values[1], expected, sizeof expected);
    assert_null(reading(apr_pstrcat(pool, path_of("two.pem"), " one.pem", NULL), &again));
    assert_ptr_equal(bindings, again);
    assert_null(reading("one.pem", &again));
    assert_ptr_not_equal(bindings, again);
}

static void files_without_one_are_refused(void **state)
{
    (void)state;
    const config_bindings_t *bindings = NULL;
    const char *path = file_with("empty.pem", "", 0644);
    httpd_stubs.root = folder;
    assert_refusal(reading("", &bindings), "name at least one file");
    assert_refusal(reading("empty.pem", &bindings),
                   apr_pstrcat(pool, path,
                               ": there is no certificate in it; name the file of "
                               "SSLCertificateFile, or the front end's, in PEM "
                               "(-----BEGIN CERTIFICATE-----)",
                               NULL));
    assert_refusal(reading("missing.pem", &bindings),
                   apr_pstrcat(pool, path_of("missing.pem"), ": No such file or directory", NULL));
    assert_non_null(reading(folder, &bindings));
    assert_null(bindings);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_certificate_has_the_binding_of_its_hash),
        cmocka_unit_test(files_are_read_in_their_order_and_once),
        cmocka_unit_test(files_without_one_are_refused),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
