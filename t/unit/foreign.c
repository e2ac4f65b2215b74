/* Directives of other modules: refused with what to write instead, while these are not there. */
#include "configured.h"
#include "pool.h"

#include "../../lib/config/foreign.h"

static const char *answer(const char *(*take)(cmd_parms *, void *, const char *))
{
    static const command_rec row = {.name = "OldOne", .errmsg = "write NewOne"};
    cmd_parms cmd = {.pool = pool, .cmd = &row};
    return take(&cmd, NULL, "on");
}

static void what_is_written_instead_is_said(void **state)
{
    (void)state;
    httpd_stubs_reset();
    assert_string_equal(answer(foreign_winbind),
                        "OldOne is a directive of mod_auth_ntlm_winbind, which is not loaded; "
                        "write NewOne");
    assert_string_equal(
        answer(foreign_sspi),
        "OldOne is a directive of mod_auth_sspi, mod_authnz_sspi or mod_authn_ntlm, "
        "which is not loaded; write NewOne");
}

static void a_module_that_is_loaded_keeps_its_own(void **state)
{
    (void)state;
    static const struct {
        const char *loaded;
        const char *(*keeps)(cmd_parms *, void *, const char *);
        const char *(*not_its)(cmd_parms *, void *, const char *);
    } all[] = {
        {"mod_auth_ntlm_winbind.c", foreign_winbind, foreign_mod_ntlm},
        {"mod_auth_ntlm_winbind.c", foreign_winbind_or_ntlm, foreign_sspi},
        {"mod_auth_ntlm_winbind.c", foreign_any_ntlm, foreign_authn_ntlm},
        {"mod_ntlm.c", foreign_mod_ntlm, foreign_winbind},
        {"mod_ntlm.c", foreign_winbind_or_ntlm, foreign_authn_ntlm},
        {"mod_ntlm.c", foreign_ntlm_or_authn, foreign_winbind},
        {"mod_authn_ntlm.c", foreign_authn_ntlm, foreign_winbind_or_ntlm},
        {"mod_authn_ntlm.c", foreign_sspi, foreign_mod_ntlm},
        {"mod_authn_ntlm.c", foreign_any_ntlm, foreign_winbind},
        {"mod_auth_sspi.c", foreign_sspi, foreign_authn_ntlm},
        {"mod_authnz_sspi.c", foreign_sspi, foreign_any_ntlm},
    };
    for (size_t i = 0; i < COUNT(all); i++) {
        httpd_stubs_reset();
        httpd_stubs.loaded = all[i].loaded;
        assert_string_equal(answer(all[i].keeps), DECLINE_CMD);
        assert_string_not_equal(answer(all[i].not_its), DECLINE_CMD);
    }
    httpd_stubs_reset();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_POOL(what_is_written_instead_is_said),
        TEST_WITH_POOL(a_module_that_is_loaded_keeps_its_own),
    };
    apr_initialize();
    int failed = RUN_GROUP(tests);
    apr_terminate();
    return failed;
}
