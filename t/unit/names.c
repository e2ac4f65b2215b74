/* The names of domains and computers: what they are read as, and what is said of wrong ones. */
#include "configured.h"
#include "pool.h"

#include "../../lib/config/names.h"

static const char *reading(config_read_t *read, const char *words, void *value)
{
    static const config_member_t none = {.offset = 0};
    return read_words(pool, read, &none, words, value);
}

static const char *all_of(const config_names_t *names)
{
    const char *list = "";
    for (const char *const *name = names->all; *name; name++)
        list = apr_pstrcat(pool, list, *list ? " " : "", *name, NULL);
    return list;
}

static void names_go_into_the_challenge_in_utf16(void **state)
{
    (void)state;
    static config_read_t *const reads[] = {names_of_domain, names_of_computer};
    for (size_t i = 0; i < COUNT(reads); i++) {
        const config_names_t *names = NULL, *again = NULL;
        assert_null(reading(reads[i], "CORP corp.example.com", &names));
        assert_string_equal(names->netbios, "CORP");
        assert_string_equal(names->dns, "corp.example.com");
        assert_bytes(names->netbios_utf16, "43004f0052005000");
        assert_int_equal(names->dns_utf16.len, 2 * strlen("corp.example.com"));
        assert_null(reading(reads[i], "CORP corp.example.com", &again));
        assert_ptr_equal(names, again);
        assert_null(reading(reads[i], "CORP", &again));
        assert_ptr_not_equal(names, again);
        assert_string_equal(again->dns, "");
        assert_int_equal(again->dns_utf16.len, 0);
    }
}

static void a_domain_has_other_names_beside_those_of_the_challenge(void **state)
{
    (void)state;
    const config_names_t *names = NULL, *fewer = NULL;
    assert_null(reading(names_of_domain, "CORP corp.example.com OLDCORP example.org", &names));
    assert_string_equal(names->netbios, "CORP");
    assert_string_equal(names->dns, "corp.example.com");
    assert_string_equal(all_of(names), "CORP corp.example.com OLDCORP example.org");
    assert_null(reading(names_of_domain, "CORP corp.example.com OLDCORP", &fewer));
    assert_ptr_not_equal(names, fewer);
    assert_null(reading(names_of_domain, "CORP", &names));
    assert_string_equal(all_of(names), "CORP");
    assert_null(reading(names_of_domain, "CORP corp", &names)); /* a domain of one label */
    assert_string_equal(names->dns, "corp");
    assert_string_equal(all_of(names), "CORP");
    assert_null(reading(names_of_domain, "CORP corp.test C\xC3\x96RP LONGER-THAN-NETBIOS", &names));
    assert_null(reading(names_of_domain, "A b.c d e f g h i", &names));
    assert_string_equal(all_of(names), "A b.c d e f g h i");
}

static void a_dot_is_a_name_of_the_computer(void **state)
{
    (void)state;
    const config_names_t *computer = NULL, *domain = NULL;
    assert_null(reading(names_of_computer, "WEB web.corp.example.com", &computer));
    assert_string_equal(all_of(computer), "WEB web.corp.example.com .");
    assert_null(reading(names_of_domain, "WEB web.corp.example.com", &domain));
    assert_string_equal(all_of(domain), "WEB web.corp.example.com");
    assert_ptr_not_equal(computer, domain);
}

static void what_is_no_netbios_name_is_refused(void **state)
{
    (void)state;
    static const char empty[] =
        "the NetBIOS name is empty or not UTF-8; write for example CORP or WEB";
    static config_read_t *const reads[] = {names_of_domain, names_of_computer};
    for (size_t i = 0; i < COUNT(reads); i++) {
        const config_names_t *names = NULL;
        assert_null(reading(reads[i], "FIFTEEN-BYTES-1", &names));
        names = NULL;
        assert_refusal(reading(reads[i], "SIXTEEN-BYTES-12", &names),
                       "'SIXTEEN-BYTES-12' is longer than the 15 bytes of a NetBIOS name; write "
                       "the short name, for example CORP or WEB");
        assert_refusal(reading(reads[i], "corp.example.com", &names),
                       "'corp.example.com' is not a NetBIOS name: it cannot hold '.'; write the "
                       "short name, for example CORP or WEB, and the DNS name behind it");
        assert_refusal(reading(reads[i], "''", &names), empty);
        assert_refusal(reading(reads[i], "CO\xffRP", &names), empty);
        assert_null(names);
    }
}

static void what_is_no_dns_name_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"''",           ".corp",      "corp.", "corp..example",
                                        "corp/example", "c\xc3\xb6rp"};
    const config_names_t *names = NULL;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        const char *words = apr_pstrcat(pool, "CORP ", wrong[i], NULL);
        assert_non_null(reading(names_of_domain, words, &names));
        assert_non_null(reading(names_of_computer, words, &names));
    }
    assert_refusal(reading(names_of_domain, "CORP corp/example", &names),
                   "'corp/example' is not a DNS name; write for example corp.example.com");
    assert_refusal(reading(names_of_computer, "WEB web/example", &names),
                   "'web/example' is not a DNS name; write for example web.corp.example.com");
    assert_null(names);
}

static void what_is_no_other_name_of_a_domain_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *words, *why;
    } all[] = {
        {"CORP corp.test .",
         "'.' is no name of a domain; write behind the DNS name what else the domain is called, "
         "for example OLDCORP or example.org"},
        {"CORP corp.test OLD\\\\CORP",
         "'OLD\\CORP' is no name of a domain; write behind the DNS name what else the domain is "
         "called, for example OLDCORP or example.org"},
        {"CORP corp.test ''",
         "'' is no name of a domain; write behind the DNS name what else the domain is called, "
         "for example OLDCORP or example.org"},
        {"CORP corp.test '*'",
         "'*' is no name of a domain; write behind the DNS name what else the domain is called, "
         "for example OLDCORP or example.org"},
        {"CORP corp.test bob@corp",
         "'bob@corp' is no name of a domain; write behind the DNS name what else the domain is "
         "called, for example OLDCORP or example.org"},
        {"CORP corp.test OLD old", "'old' is named twice; once is enough"},
        {"CORP corp.test corp", "'corp' is named twice; once is enough"},
        {"CORP corp.test X Corp.Test", "'Corp.Test' is named twice; once is enough"},
        {"A b.c d e f g h i j", "a domain has 8 names at the most; leave out others"},
        {"", " takes the domain's NetBIOS name, and its DNS name; write for example: "
             "NTLMDomain CORP corp.example.com"},
    };
    const config_names_t *names = NULL;
    for (size_t i = 0; i < COUNT(all); i++)
        assert_refusal(reading(names_of_domain, all[i].words, &names), all[i].why);
    assert_null(names);
}

static void an_alias_is_no_name_of_the_computer(void **state)
{
    (void)state;
    const config_names_t *domain = NULL, *computer = NULL;
    assert_null(reading(names_of_computer, "WEB web.corp.test", &computer));
    assert_null(names_check_apart(pool, NULL, computer));
    assert_null(reading(names_of_domain, "CORP corp.test web", &domain));
    assert_refusal(
        names_check_apart(pool, domain, computer),
        "NTLMDomain: 'web' is a name of this computer (NTLMComputer), and who names that "
        "is of no domain; leave it out");
    assert_null(names_check_apart(pool, domain, NULL));
    assert_null(reading(names_of_domain, "CORP corp.test Web.Corp.Test", &domain));
    assert_non_null(names_check_apart(pool, domain, computer));
    assert_null(reading(names_of_domain, "CORP corp.test WEB2", &domain));
    assert_null(names_check_apart(pool, domain, computer));
    assert_null(reading(names_of_domain, "WEB web.corp.test", &domain)); /* a domain of one host */
    assert_null(names_check_apart(pool, domain, computer));
}

static void this_host_has_names(void **state)
{
    (void)state;
    const config_names_t *names = names_of_host(pool), *read = NULL;
    assert_ptr_equal(names_of_host(pool), names);
    const char *words = apr_pstrcat(pool, names->netbios, " ", names->dns, NULL);
    assert_null(reading(names_of_computer, words, &read));
    assert_ptr_equal(read, names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_POOL(names_go_into_the_challenge_in_utf16),
        TEST_WITH_POOL(a_domain_has_other_names_beside_those_of_the_challenge),
        TEST_WITH_POOL(a_dot_is_a_name_of_the_computer),
        TEST_WITH_POOL(what_is_no_netbios_name_is_refused),
        TEST_WITH_POOL(what_is_no_dns_name_is_refused),
        TEST_WITH_POOL(what_is_no_other_name_of_a_domain_is_refused),
        TEST_WITH_POOL(an_alias_is_no_name_of_the_computer),
        TEST_WITH_POOL(this_host_has_names),
    };
    apr_initialize();
    int failed = RUN_GROUP(tests);
    apr_terminate();
    return failed;
}
