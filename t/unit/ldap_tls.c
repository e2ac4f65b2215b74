/* Certificates and keys that cannot be used. */
#include "folder.h"

#include <ldap.h>

#include "../../lib/creds/ldap/ldap_tls.h"

static const char *opened(const ldap_spec_t *spec)
{
    LDAP *holder = NULL;
    void *context = NULL;
    assert_int_equal(ldap_create(&holder), LDAP_SUCCESS);
    const char *why = ldap_tls_open(holder, spec, &context);
    if (!why) assert_true(ldap_tls_use(holder, spec, context));
    assert_true(!why == (context != NULL));
    if (context) ldap_tls_drop(context);
    ldap_unbind_ext(holder, NULL, NULL);
    return why;
}

static void what_the_system_trusts_is_enough(void **state)
{
    (void)state;
    assert_null(opened(&(ldap_spec_t){.verify = false}));
    assert_null(opened(&(ldap_spec_t){.verify = true}));
}

static void files_that_are_no_certificates_are_refused(void **state)
{
    (void)state;
    static const char why[] =
        "cacert=, cert= or key= cannot be used for TLS: look whether they are "
        "PEM, belong together and can be read by the user who starts httpd";
    assert_refusal(opened(&(ldap_spec_t){.verify = true, .cacert = path_of("gone")}), why);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_system_trusts_is_enough),
        cmocka_unit_test(files_that_are_no_certificates_are_refused),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
