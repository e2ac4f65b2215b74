/* A line of the JSON log, and what is none. */
#include "unit.h"

#include "../../lib/audit/audit_json_log.h"

#define REQUEST(ntlm)                                                                              \
    "{\"time\":\"2026-11-28T11:00:00Z\",\"client\":\"10.0.0.1\",\"method\":\"GET\","               \
    "\"uri\":\"/\",\"http\":200,\"agent\":\"curl/8\",\"ntlm\":" ntlm "}"

static audit_line_t line;

static audit_kind_t read_line(const char *text)
{
    return audit_json_log_line(bytes_of(text), &line);
}

static int forget_line(void **state)
{
    (void)state;
    audit_json_log_forget(&line);
    return 0;
}

static void a_login(void **state)
{
    (void)state;
    assert_int_equal(
        read_line(REQUEST("{\"status\":\"ok\",\"user\":\"f\xc3\xbcr\\u0000\\n\",\"domain\":null,"
                          "\"workstation\":\"\",\"mic\":7,\"login\":true}")),
        AUDIT_OURS);
    assert_true(audit_line_says(&line, AUDIT_STATUS, "ok"));
    assert_bytes(line.fields[AUDIT_USER], "66c3bc72000a");
    assert_true(audit_line_says(&line, AUDIT_DOMAIN, "-"));
    assert_true(audit_line_says(&line, AUDIT_WORKSTATION, "-"));
    assert_true(audit_line_says(&line, AUDIT_MIC, "-"));
    assert_true(bytes_equal(line.client, bytes_of("10.0.0.1")));
    assert_true(bytes_equal(line.agent, bytes_of("curl/8")));
    assert_true(line.is_dated && !line.is_kept);
    assert_int_equal(line.at, 1795863600);
    assert_int_equal(line.source, AUDIT_JSON_LOG);
}

static void a_request_that_made_no_login(void **state)
{
    (void)state;
    static const char *const kept[] = {REQUEST("{\"status\":\"ok\",\"login\":false}"),
                                       REQUEST("{\"status\":\"ok\",\"login\":\"true\"}"),
                                       REQUEST("{\"status\":\"ok\"}")};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        assert_int_equal(read_line(kept[i]), AUDIT_OURS);
        assert_true(line.is_kept);
        audit_json_log_forget(&line);
    }
}

static void a_request_that_is_none_of_ours(void **state)
{
    (void)state;
    assert_int_equal(read_line(REQUEST("null")), AUDIT_OTHERS);
    assert_null(line.held);
    assert_int_equal(read_line(REQUEST("\"status\"")), AUDIT_OTHERS);
    assert_int_equal(read_line("{}"), AUDIT_OTHERS);
}

static void what_is_no_json_is_garbled(void **state)
{
    (void)state;
    static const char *const garbled[] = {"{",
                                          "{\"ntlm\":{\"status\":\"ok\"}",
                                          "{} {}",
                                          "{\"ntlm\":{\"user\":\"\xff\"}}",
                                          "{\"ntlm\":{\"user\":\"a\",\"user\":\"b\"}}",
                                          "{\"ntlm\":{\"user\":\"\x01\"}}"};
    for (size_t i = 0; i < sizeof garbled / sizeof garbled[0]; i++)
        if (read_line(garbled[i]) != AUDIT_GARBLED) fail_msg("taken: %s", garbled[i]);
    assert_null(line.held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_login, forget_line),
        cmocka_unit_test(a_request_that_made_no_login),
        cmocka_unit_test(a_request_that_is_none_of_ours),
        cmocka_unit_test(what_is_no_json_is_garbled),
    };
    return RUN_GROUP(tests);
}
