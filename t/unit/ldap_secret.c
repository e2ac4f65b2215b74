/* Where the password of the service account comes from. */
#include "folder.h"

#include "../../lib/creds/ldap/ldap_secret.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *secret_of(const char *from)
{
    const char *secret = NULL, *why = ldap_secret_read(pool, from, &secret);
    if (why) fail_msg("%s: %s", from, why);
    return secret;
}

static const char *refusal_of(const char *from)
{
    const char *secret = NULL, *why = ldap_secret_read(pool, from, &secret);
    assert_null(secret);
    return why;
}

static const char *from_file(const char *text, mode_t mode)
{
    return apr_pstrcat(pool, "file:", file_with("pw", text, mode), NULL);
}

static const char *from_script(const char *text)
{
    const char *script = apr_pstrcat(pool, "#!/bin/sh\n", text, "\n", NULL);
    return apr_pstrcat(pool, "exec:", file_with("script", script, 0700), NULL);
}

static void a_file_is_taken_without_the_newline_at_its_end(void **state)
{
    (void)state;
    assert_string_equal(secret_of(from_file("secret\n", 0600)), "secret");
    assert_string_equal(secret_of(from_file("secret\r\n", 0640)), "secret");
    assert_string_equal(secret_of(from_file("secret", 0400)), "secret");
    assert_string_equal(secret_of(from_file(" two words\nand a line\n\n", 0600)),
                        " two words\nand a line\n");
}

static void a_file_that_everybody_may_read_is_refused(void **state)
{
    (void)state;
    static const mode_t modes[] = {0644, 0604, 0602, 0666};
    for (size_t i = 0; i < COUNT(modes); i++) {
        const char *why = refusal_of(from_file("topsecret\n", modes[i]));
        assert_string_equal(why,
                            apr_psprintf(pool,
                                         "bindpw=file: everybody may read or write %s; chmod 600 "
                                         "it (httpd reads it before it gives up root)",
                                         path_of("pw")));
    }
}

static void what_is_no_fit_file_is_refused(void **state)
{
    (void)state;
    char *large = apr_pcalloc(pool, LDAP_SECRET_MAX + 2);
    memset(large, 'a', LDAP_SECRET_MAX + 1);
    assert_refusal(refusal_of("file:pw"),
                   "bindpw=file: takes a whole path; write bindpw=file:/etc/...");
    assert_refusal(refusal_of(apr_pstrcat(pool, "file:", path_of("gone"), NULL)),
                   apr_psprintf(pool, "bindpw=file: cannot open %s: No such file or directory",
                                path_of("gone")));
    assert_refusal(refusal_of(apr_pstrcat(pool, "file:", folder, NULL)),
                   apr_psprintf(pool, "bindpw=file: %s is not a regular file", folder));
    assert_refusal(refusal_of(from_file("\n", 0600)), "bindpw=file: the password is empty");
    assert_refusal(refusal_of(from_file(large, 0600)),
                   apr_psprintf(pool, "bindpw=file: %s holds more than a password", path_of("pw")));
    large[LDAP_SECRET_MAX] = '\0';
    assert_string_equal(secret_of(from_file(large, 0600)), large);
}

static void of_what_a_program_prints_the_first_line_counts(void **state)
{
    (void)state;
    assert_string_equal(secret_of(from_script("echo secret; echo more")), "secret");
    assert_string_equal(secret_of(from_script("printf secret")), "secret");
    assert_string_equal(secret_of(apr_pstrcat(pool, from_script("echo $2$1"), " \"b c\" a", NULL)),
                        "ab c");
}

static void a_program_that_fails_is_refused(void **state)
{
    (void)state;
    const char *path = path_of("script");
    assert_refusal(refusal_of(from_script("echo topsecret; exit 1")),
                   apr_psprintf(pool, "bindpw=exec: %s fails", path));
    assert_refusal(refusal_of(from_script("kill -9 $$")),
                   apr_psprintf(pool, "bindpw=exec: %s fails", path));
    assert_refusal(refusal_of(from_script("exit 0")), "bindpw=exec: the password is empty");
    assert_refusal(refusal_of(from_script("echo; echo secret")),
                   "bindpw=exec: the password is empty");
    assert_refusal(refusal_of("exec:/nowhere/at/all"),
                   "bindpw=exec: /nowhere/at/all cannot be run");
    assert_non_null(strstr(refusal_of("exec:echo secret"), "takes a program's whole path"));
}

static void a_variable_of_the_environment_is_taken(void **state)
{
    (void)state;
    setenv("NTLM_UNIT_SECRET", "secret", 1);
    assert_string_equal(secret_of("env:NTLM_UNIT_SECRET"), "secret");
    setenv("NTLM_UNIT_SECRET", "", 1);
    assert_refusal(refusal_of("env:NTLM_UNIT_SECRET"), "bindpw=env: the password is empty");
    unsetenv("NTLM_UNIT_SECRET");
    assert_refusal(refusal_of("env:NTLM_UNIT_SECRET"),
                   "bindpw=env: the environment of httpd has no NTLM_UNIT_SECRET");
}

static void the_password_itself_is_refused_and_not_repeated(void **state)
{
    (void)state;
    static const char *const literal[] = {"topsecret", "", "FILE:/etc/x", "file", "pass:x"};
    for (size_t i = 0; i < COUNT(literal); i++)
        assert_refusal(refusal_of(literal[i]),
                       "bindpw= never holds the password itself; write bindpw=file:PATH, "
                       "bindpw=exec:PROGRAM or bindpw=env:NAME");
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_taken_without_the_newline_at_its_end),
        cmocka_unit_test(a_file_that_everybody_may_read_is_refused),
        cmocka_unit_test(what_is_no_fit_file_is_refused),
        cmocka_unit_test(of_what_a_program_prints_the_first_line_counts),
        cmocka_unit_test(a_program_that_fails_is_refused),
        cmocka_unit_test(a_variable_of_the_environment_is_taken),
        cmocka_unit_test(the_password_itself_is_refused_and_not_repeated),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
