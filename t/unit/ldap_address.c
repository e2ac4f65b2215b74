/* The URL of NTLMCredentials ldap. */
#include "folder.h"

#include "../../lib/creds/ldap/ldap_address.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static ldap_address_t parsed(const char *url)
{
    ldap_address_t address;
    const char *why = ldap_address_parse(pool, url, &address);
    if (why) fail_msg("%s: %s", url, why);
    return address;
}

static void what_is_not_said_has_a_default(void **state)
{
    (void)state;
    const ldap_address_t address = parsed("ldap://a/dc=x");
    assert_int_equal(address.server_count, 1);
    assert_string_equal(address.servers[0].uri, "ldap://a:389");
    assert_string_equal(address.servers[0].host, "a");
    assert_string_equal(address.servers[0].port, "389");
    assert_null(address.servers[0].path);
    assert_false(address.tls || address.local || address.one_level);
    assert_string_equal(address.base, "dc=x");
    assert_string_equal(address.attribute, "uid");
    assert_string_equal(address.filter, "(objectClass=*)");
}

static void servers_keep_their_order(void **state)
{
    (void)state;
    const ldap_address_t address =
        parsed("ldaps://a.example.com  b:6360 [::1] [fe80::1]:637/dc=x?cn?one?(a=b)");
    static const char *const uris[] = {"ldaps://a.example.com:636", "ldaps://b:6360",
                                       "ldaps://[::1]:636", "ldaps://[fe80::1]:637"};
    assert_true(address.tls && address.one_level);
    assert_int_equal(address.server_count, COUNT(uris));
    for (size_t i = 0; i < COUNT(uris); i++) assert_string_equal(address.servers[i].uri, uris[i]);
    assert_string_equal(address.servers[2].host, "::1");
    assert_string_equal(address.servers[3].port, "637");
    assert_string_equal(address.attribute, "cn");
    assert_string_equal(address.filter, "(a=b)");
}

static void a_socket_has_a_path(void **state)
{
    (void)state;
    const ldap_address_t address = parsed("ldapi://%2Frun%2fslapd%2Fldapi/dc=x");
    assert_true(address.local);
    assert_string_equal(address.servers[0].path, "/run/slapd/ldapi");
    assert_string_equal(address.servers[0].uri, "ldapi://%2Frun%2fslapd%2Fldapi");
    assert_null(address.servers[0].host);
}

static void percents_are_decoded(void **state)
{
    (void)state;
    const ldap_address_t address =
        parsed("ldap://a/ou=sales%20team,dc=%C3%A4?sAMAccountName?sub?cn=a%3Fb%25");
    assert_string_equal(address.base, "ou=sales team,dc=\xc3\xa4");
    assert_string_equal(address.filter, "(cn=a?b%)");
}

#define SCHEME                                                                                     \
    "the URL begins with ldap://, ldaps:// or ldapi://; write for example "                        \
    "ldap://ldap.example.com/ou=people,dc=example,dc=com?uid"
#define BASE                                                                                       \
    "the URL does not say where to search; write the base DN behind the servers: "                 \
    "ldap://ldap.example.com/ou=people,dc=example,dc=com?uid"
#define SERVER                                                                                     \
    " is no server; write HOST or HOST:PORT, an IPv6 address as [::1]:389, and the scheme once: "  \
    "ldap://a b:389/BASE"
#define PART                                                                                       \
    "a part of the URL is not UTF-8, or holds a '%' without two hex digits; write %25 for a '%'"
#define SOCKET                                                                                     \
    "behind ldapi:// stands the socket's path with its slashes as %2F; write for example "         \
    "ldapi://%2Frun%2Fslapd%2Fldapi/ou=people,dc=example,dc=com"
#define ATTRIBUTE                                                                                  \
    "behind the first '?' stands one attribute, the one with the login name; write for example "   \
    "?uid"
#define FILTER                                                                                     \
    "the filter is none; write one filter with parentheses that match, as in "                     \
    "(objectClass=sambaSamAccount) or (&(a=b)(c=d)), and \\28, \\29 and \\5c for ( ) and \\ in a " \
    "value"

static void every_mistake_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *url, *why;
    } mistakes[] = {
        {"", SCHEME},
        {"ldap:a/dc=x", SCHEME},
        {"http://a/dc=x", SCHEME},
        {"LDAPX://a/dc=x", SCHEME},
        {"ldap://a", BASE},
        {"ldap://a/", BASE},
        {"ldap://a/?uid", BASE},
        {"ldap:///dc=x", "the URL names no server; write for example "
                         "ldap://ldap.example.com/ou=people,dc=example,dc=com?uid"},
        {"ldap://a:/dc=x", "'a:'" SERVER},
        {"ldap://a:0/dc=x", "'a:0'" SERVER},
        {"ldap://a:65536/dc=x", "'a:65536'" SERVER},
        {"ldap://a:38x/dc=x", "'a:38x'" SERVER},
        {"ldap://a,b/dc=x", "'a,b'" SERVER},
        {"ldap://::1/dc=x", "'::1'" SERVER},
        {"ldap://[::1/dc=x", "'[::1'" SERVER},
        {"ldap://[::1]389/dc=x", "'[::1]389'" SERVER},
        {"ldap://[a]/dc=x", "'[a]'" SERVER},
        {"ldap://a ldap://b/dc=x", "'ldap:'" SERVER},
        {"ldap://me:secret@a/dc=x", LDAP_ADDRESS_ACCOUNT},
        {"ldap://me:se/cret@a/dc=x", LDAP_ADDRESS_ACCOUNT},
        {"ldap://me:12/cret=@a/dc=x", LDAP_ADDRESS_ACCOUNT},
        {"ldap://me:se/cret@dc=x", LDAP_ADDRESS_ACCOUNT},
        {"ldap://me:se?cret@a/dc=x", LDAP_ADDRESS_ACCOUNT},
        {"ldap://me:se?c/ret@a/dc=x", LDAP_ADDRESS_ACCOUNT},
        {"ldap://me:se cret@a/dc=x", LDAP_ADDRESS_ACCOUNT},
        {"ldap://a/dc=x?(objectClass)", ATTRIBUTE},
        {"ldap://a/dc=x?uid?sub?(objectClass)", FILTER},
        {"ldap://a/dc=x?uid?sub?(&(a=b)c)", FILTER},
        {"ldap://1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17/dc=x",
         "there are more than 16 servers; leave some out"},
        {"ldapi:///dc=x", SOCKET},
        {"ldapi://run/dc=x", SOCKET},
        {"ldapi://%2Frun%0/dc=x", SOCKET},
        {"ldap://a/dc=%zz", PART},
        {"ldap://a/dc=%0", PART},
        {"ldap://a/dc=%00", PART},
        {"ldap://a/dc=%ff", PART},
        {"ldap://a/dc=x?uid,cn", ATTRIBUTE},
        {"ldap://a/dc=x?(uid=a)", ATTRIBUTE},
        {"ldap://a/dc=x?1uid", ATTRIBUTE},
        {"ldap://a/dc=x?uid?base",
         "the scope, behind the attribute's '?', is sub (the default) or one"},
        {"ldap://a/dc=x?uid?sub?(a=b", FILTER},
        {"ldap://a/dc=x?uid?sub?(a=b)(c=d)", FILTER},
        {"ldap://a/dc=x?uid?sub?a=b)", FILTER},
        {"ldap://a/dc=x?uid?sub?(a=b)?x",
         "behind the filter nothing may follow; write %3F for a '?' in it"},
    };
    for (size_t i = 0; i < COUNT(mistakes); i++) {
        ldap_address_t address;
        const char *why = ldap_address_parse(pool, mistakes[i].url, &address);
        if (!why) fail_msg("%s is taken", mistakes[i].url);
        assert_string_equal(why, mistakes[i].why);
    }
}

static void attributes_have_names_of_letters_digits_and_dashes(void **state)
{
    (void)state;
    static const char *const no[] = {"", "1a", "-a", "a b", "a;b", "a*", "\xc3\xa4", "a=b"};
    assert_true(ldap_address_is_attribute("sAMAccountName"));
    assert_true(ldap_address_is_attribute("x-nt-hash2"));
    for (size_t i = 0; i < COUNT(no); i++) assert_false(ldap_address_is_attribute(no[i]));
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_said_has_a_default),
        cmocka_unit_test(servers_keep_their_order),
        cmocka_unit_test(a_socket_has_a_path),
        cmocka_unit_test(percents_are_decoded),
        cmocka_unit_test(every_mistake_is_said),
        cmocka_unit_test(attributes_have_names_of_letters_digits_and_dashes),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
