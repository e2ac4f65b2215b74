/* The text for Prometheus; t/http/status.t reads it by the rules of its format. */
#include "unit.h"
#include "pool.h"

#include "../../lib/status/counters.h"
#include "../../lib/status/metrics.h"
#include "figures.h"

static void has(const char *lines)
{
    const char *text = metrics_text(pool);
    if (!strstr(text, lines)) fail_msg("'%s' is not in\n%s", lines, text);
}

static void every_number_is_there_from_the_beginning(void **state)
{
    (void)state;
    open_two_sources(0);
    has("# HELP ntlm_handshakes_total Challenges that were sent.\n"
        "# TYPE ntlm_handshakes_total counter\n"
        "ntlm_handshakes_total 0\n"
        "# HELP ntlm_handshakes_abandoned_total ");
    has("\nntlm_logins_total{scheme=\"NTLM\"} 0\n"
        "ntlm_logins_total{scheme=\"Negotiate\"} 0\n"
        "ntlm_logins_total{scheme=\"Basic\"} 0\n");
    has("\nntlm_refusals_total{status=\"wrong-password\"} 0\n");
    has("# TYPE ntlm_connections_logged_in gauge\nntlm_connections_logged_in 0\n");
}

static void what_is_counted_is_shown(void **state)
{
    (void)state;
    open_two_sources(0);
    counters_outcome(&(counters_outcome_t){.scheme = SCHEME_NEGOTIATE, .mic = NTLM_MIC_OK});
    has("\nntlm_logins_with_mic_total{scheme=\"Negotiate\"} 1\n");
}

static void sources_are_called_by_number_and_backend_alone(void **state)
{
    (void)state;
    open_two_sources(apr_time_from_sec(1234567890));
    has("\nntlm_source_accounts{source=\"0\",backend=\"stocked\"} 3\n# HELP ");
    has("_seconds{source=\"0\",backend=\"stocked\"} 1234567890\n");
    has("\nntlm_source_outages_total{source=\"0\",backend=\"stocked\"} 0\n"
        "ntlm_source_outages_total{source=\"1\",backend=\"plain\"} 1\n");
    assert_null(strstr(metrics_text(pool), "/a/path"));
}

#define LOOKUPS(suffix) "ntlm_source_lookup_duration_seconds_" suffix
#define WITHIN(bound, count)                                                                       \
    LOOKUPS("bucket{source=\"1\",backend=\"plain\",le=\"" bound "\"} ") count "\n"

static void look_ups_are_a_histogram_of_seconds(void **state)
{
    (void)state;
    open_two_sources(0);
    has("# TYPE ntlm_source_lookup_duration_seconds histogram\n");
    has("\n" WITHIN("0.0001", "1") WITHIN("0.001", "1") WITHIN("0.01", "1") WITHIN("0.1", "1")
            WITHIN("1", "3") WITHIN("10", "3") WITHIN("+Inf", "3")
                LOOKUPS("sum{source=\"1\",backend=\"plain\"} 1.500000\n")
                    LOOKUPS("count{source=\"1\",backend=\"plain\"} 3\n"));
}

#define TEST(function) cmocka_unit_test_teardown(function, no_sources)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_number_is_there_from_the_beginning),
        TEST(what_is_counted_is_shown),
        TEST(sources_are_called_by_number_and_backend_alone),
        TEST(look_ups_are_a_histogram_of_seconds),
    };
    return RUN_GROUP_IN_POOL(tests);
}
