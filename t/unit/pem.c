/* Certificates in PEM. */
#include "unit.h"

#include "pool.h"

#include "../../lib/bench/site/pem.h"

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END "-----END CERTIFICATE-----\n"

static void assert_next(const char **pem, const char *wanted)
{
    const bytes_t der = pem_certificate(pool, pem);
    assert_int_equal(der.len, strlen(wanted));
    assert_memory_equal(der.data, wanted, der.len);
}

static void certificates_are_taken_one_after_the_other(void **state)
{
    const char *pem =
        "a comment\n" BEGIN "YWJj\r\nZGVm\n" END "-----BEGIN EC PARAMETERS-----\nAAAA\n"
        "-----END EC PARAMETERS-----\n" BEGIN "Z2hp\n" END;
    (void)state;
    assert_next(&pem, "abcdef");
    assert_next(&pem, "ghi");
    assert_next(&pem, "");
}

static void what_is_no_base64_or_has_no_end_is_none(void **state)
{
    const char *broken = BEGIN "Y!Jj\n" END, *cut = BEGIN "YWJj\n", *nothing = "";
    (void)state;
    assert_next(&broken, "");
    assert_next(&cut, "");
    assert_next(&nothing, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_are_taken_one_after_the_other),
        cmocka_unit_test(what_is_no_base64_or_has_no_end_is_none),
    };
    return RUN_GROUP_IN_POOL(tests);
}
