/* The options of NTLMCredentials ldap. */
#include "folder.h"

#include "../../lib/creds/ldap/ldap_spec.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LDAP "ldap://a/dc=x"
#define LDAPS "ldaps://a/dc=x"
#define LDAPI "ldapi://%2Fs/dc=x"

static ldap_spec_t spec;

/* words: "key=value key=value"; @ stands for a file that is there. */
static const char *parse(const char *url, const char *words)
{
    apr_table_t *options = apr_table_make(pool, 4);
    char *state, *copy = apr_pstrdup(pool, words);
    for (char *word = apr_strtok(copy, " ", &state); word; word = apr_strtok(NULL, " ", &state)) {
        char *value = strchr(word, '=');
        *value++ = '\0';
        apr_table_setn(options, word, strcmp(value, "@") == 0 ? path_of("pem") : value);
    }
    return ldap_spec_parse(pool, url, options, &spec);
}

static void parses(const char *url, const char *words)
{
    const char *why = parse(url, words);
    if (why) fail_msg("%s %s: %s", url, words, why);
}

static void what_is_not_said_has_a_default(void **state)
{
    (void)state;
    parses(LDAP, "");
    assert_false(spec.starttls || spec.sasl_external);
    assert_true(spec.verify && spec.state);
    assert_int_equal(spec.timeout, apr_time_from_sec(3));
    assert_int_equal(spec.cache, apr_time_from_sec(60));
    assert_null(spec.hash);
    assert_null(spec.groups);
    assert_null(spec.group_base);
    assert_null(spec.domain);
    assert_null(spec.bind_dn);
    assert_null(spec.bind_password);
    assert_null(spec.cacert);
}

static void every_option_is_taken(void **state)
{
    (void)state;
    file_with("pem", "x", 0600);
    setenv("NTLM_UNIT_SECRET", "secret", 1);
    parses(LDAP, "starttls=on binddn=cn=httpd bindpw=env:NTLM_UNIT_SECRET cacert=@ cert=@ key=@ "
                 "tlsverify=off timeout=7 cache=0 hash=ntHash state=none domain=CORP "
                 "groups=memberOf groupbase=ou=g,dc=x");
    assert_true(spec.starttls);
    assert_false(spec.verify || spec.state);
    assert_string_equal(spec.bind_dn, "cn=httpd");
    assert_string_equal(spec.bind_password, "secret");
    assert_string_equal(spec.cacert, path_of("pem"));
    assert_string_equal(spec.cert, path_of("pem"));
    assert_string_equal(spec.key, path_of("pem"));
    assert_int_equal(spec.timeout, apr_time_from_sec(7));
    assert_int_equal(spec.cache, 0);
    assert_string_equal(spec.hash, "ntHash");
    assert_string_equal(spec.groups, "memberOf");
    assert_string_equal(spec.group_base, "ou=g,dc=x");
    assert_string_equal(spec.domain, "CORP");
    parses(LDAPI, "sasl=external starttls=off tlsverify=on");
    assert_true(spec.sasl_external && spec.verify);
    parses(LDAPS, "sasl=external cert=@ key=@");
    unsetenv("NTLM_UNIT_SECRET");
}

#define TOGETHER "binddn= and bindpw= belong together; write both, or neither to search anonymously"

static void every_mistake_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *url, *words, *why;
    } mistakes[] = {
        {LDAP, "color=red",
         "ldap knows no option 'color'; known: starttls=, binddn=, bindpw=, sasl=, cacert=, "
         "cert=, key=, tlsverify=, timeout=, cache=, hash=, state=, domain=, groups=, groupbase="},
        {LDAP, "starttls=yes", "starttls= takes on or off"},
        {LDAPS, "tlsverify=no", "tlsverify= takes on or off"},
        {LDAP, "binddn=httpd",
         "binddn= takes the DN of the service account; write for example "
         "\"binddn=cn=httpd,dc=example,dc=com\""},
        {LDAP, "bindpw=topsecret",
         "bindpw= never holds the password itself; write bindpw=file:PATH, bindpw=exec:PROGRAM or "
         "bindpw=env:NAME"},
        {LDAP, "binddn=cn=httpd", TOGETHER},
        {LDAP, "bindpw=env:NTLM_UNIT_SECRET", TOGETHER},
        {LDAP, "sasl=gssapi", "sasl= takes external, and nothing else"},
        {LDAPI, "sasl=external binddn=cn=x",
         "sasl=external needs neither binddn= nor bindpw=; leave them out"},
        {LDAP, "sasl=external",
         "sasl=external takes the identity of a client certificate, or of this process on "
         "ldapi://; write cert= and key=, or ldapi://"},
        {LDAPS, "cacert=ca.pem", "cacert= takes a whole path, from / on"},
        {LDAPS, "cert=/nowhere/x", "cert=: cannot open /nowhere/x: No such file or directory"},
        {LDAPS, "cert=@", "cert= and key= belong together; write both"},
        {LDAPS, "key=@", "cert= and key= belong together; write both"},
        {LDAP, "cacert=@",
         "cacert=, cert=, key= and tlsverify= are about TLS; write ldaps:// or starttls=on"},
        {LDAP, "tlsverify=off",
         "cacert=, cert=, key= and tlsverify= are about TLS; write ldaps:// or starttls=on"},
        {LDAPS, "starttls=on",
         "ldaps:// is TLS from the first byte on; leave starttls= out, or write ldap://"},
        {LDAPI, "starttls=on", "ldapi:// never leaves this computer; leave starttls= out"},
        {LDAP, "timeout=0", "timeout= takes at least 1 second"},
        {LDAP, "timeout=61", "timeout= takes whole seconds, up to 60"},
        {LDAP, "timeout=", "timeout= takes whole seconds, up to 60"},
        {LDAP, "timeout=1.5", "timeout= takes whole seconds, up to 60"},
        {LDAP, "timeout=-1", "timeout= takes whole seconds, up to 60"},
        {LDAP, "timeout=999999", "timeout= takes whole seconds, up to 60"},
        {LDAP, "cache=3601", "cache= takes whole seconds, up to 3600 (0: nothing is remembered)"},
        {LDAP, "cache=off", "cache= takes whole seconds, up to 3600 (0: nothing is remembered)"},
        {LDAP, "groups=",
         "groups= takes the attribute of an account's entry that names its groups; write for "
         "example "
         "groups=memberOf"},
        {LDAP, "groups=a,b",
         "groups= takes the attribute of an account's entry that names its groups; write for "
         "example "
         "groups=memberOf"},
        {LDAP, "groupbase=groups",
         "groupbase= takes the DN below which the groups (posixGroup) are; write for example "
         "\"groupbase=ou=groups,dc=example,dc=com\""},
        {LDAP, "hash=a,b",
         "hash= takes the attribute with the NT hash; write for example hash=ipaNTHash"},
        {LDAP, "state=all",
         "state= takes none, which lets disabled, locked and expired accounts in; leave it out to "
         "refuse them"},
        {LDAP, "domain=",
         "domain= takes the name of the accounts' domain; write for example "
         "domain=CORP"},
        {LDAP, "domain=CORP\\x",
         "domain= takes the name of the accounts' domain; write for "
         "example domain=CORP"},
        {"ldap://a", "color=red",
         "the URL does not say where to search; write the base DN behind the servers: "
         "ldap://ldap.example.com/ou=people,dc=example,dc=com?uid"},
    };
    file_with("pem", "x", 0600);
    setenv("NTLM_UNIT_SECRET", "secret", 1);
    for (size_t i = 0; i < COUNT(mistakes); i++) {
        const char *why = parse(mistakes[i].url, mistakes[i].words);
        if (!why) fail_msg("%s is taken", mistakes[i].words);
        assert_string_equal(why, mistakes[i].why);
    }
    unsetenv("NTLM_UNIT_SECRET");
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_said_has_a_default),
        cmocka_unit_test(every_option_is_taken),
        cmocka_unit_test(every_mistake_is_said),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
