/* The section of mod_status' page; t/http/status.t compares it with what Prometheus gets. */
#include "unit.h"
#include "pool.h"

#include "../../lib/status/counters.h"
#include "../../lib/status/page.h"
#include "figures.h"

static void has(const char *text, const char *part)
{
    if (!strstr(text, part)) fail_msg("'%s' is not in\n%s", part, text);
}

static void what_is_zero_is_left_out_of_long_lists(void **state)
{
    (void)state;
    open_two_sources(0);
    const char *html = page_html(pool);
    has(html, "<h2>Refused</h2>\n<p>None so far.</p>\n");
    has(html, ">Connections that are logged in</th><td align=\"right\">0</td>");
    has(page_auto(pool), "\nNTLMRefusals-wrong-password: 0\n");
    has(page_auto(pool), "\nNTLMLogins-NTLM: 0\n");
}

static void refusals_have_their_sentence(void **state)
{
    (void)state;
    open_two_sources(0);
    counters_outcome(&(counters_outcome_t){.status = NTLM_WRONG_PASSWORD});
    has(page_html(pool), ">wrong-password</th><td align=\"right\">1</td>"
                         "<td>the password is wrong</td></tr>\n</table>");
    has(page_auto(pool), "\nNTLMRefusals-wrong-password: 1\n");
}

static void logins_have_shares(void **state)
{
    (void)state;
    open_two_sources(0);
    for (int i = 0; i < 2; i++) counters_outcome(&(counters_outcome_t){.scheme = SCHEME_NTLM});
    counters_outcome(&(counters_outcome_t){.scheme = SCHEME_NTLM, .mic = NTLM_MIC_OK});
    has(page_html(pool), ">NTLM</th><td align=\"right\">3</td><td align=\"right\">1 (33.3 %)</td>");
    has(page_html(pool), ">Basic</th><td align=\"right\">0</td><td align=\"right\">0</td>");
}

static void sources_are_called_by_number_and_backend_alone(void **state)
{
    (void)state;
    open_two_sources(0);
    has(page_html(pool), ">1</th><td>plain</td><td align=\"right\">3</td>"
                         "<td align=\"right\">500.000 ms</td><td align=\"right\">1 (33.3 %)</td>"
                         "<td align=\"right\">1</td><td></td><td></td>");
    has(page_auto(pool), "\nNTLMSources: 2\nNTLMSource0Backend: stocked\nNTLMSource0Lookups: 0\n");
    has(page_auto(pool), "\nNTLMSource1LookupMicroseconds: 1500000\n");
    assert_null(strstr(page_auto(pool), "NTLMSource1Accounts"));
    assert_null(strstr(page_html(pool), "/a/path"));
    assert_null(strstr(page_auto(pool), "/a/path"));
}

static void an_age_is_in_its_largest_unit(void **state)
{
    (void)state;
    static const struct {
        int seconds;
        const char *age;
    } ages[] = {{-5, ">new<"}, {600, ">10 minutes<"}, {9000, ">2 hours<"}, {476000, ">5 days<"}};
    for (size_t i = 0; i < sizeof ages / sizeof ages[0]; i++) {
        open_two_sources(apr_time_now() - apr_time_from_sec(ages[i].seconds));
        has(page_html(pool), ages[i].age);
        no_sources(state);
    }
}

#define TEST(function) cmocka_unit_test_teardown(function, no_sources)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_zero_is_left_out_of_long_lists),
        TEST(refusals_have_their_sentence),
        TEST(logins_have_shares),
        TEST(sources_are_called_by_number_and_backend_alone),
        TEST(an_age_is_in_its_largest_unit),
    };
    return RUN_GROUP_IN_POOL(tests);
}
