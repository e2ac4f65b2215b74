/* The verdict about a recorded login, for people and for programs. */
#include "replays.h"

#include "../../lib/explain/report.h"
#include "outlines.h"

static const char *reported(const replay_t *replay, bool as_json)
{
    outline_t *out = open_outline(as_json);
    detail_open(out, NULL);
    report_replay(out, replay);
    detail_close(out);
    return written_outline();
}

static void an_accepted_login_is_reported(void **state)
{
    (void)state;
    client_t client = signing_alice();
    const replay_t *replay = replay_login(&client, 0);
    const char *json = reported(replay, true);
    assert_shows(json, "\"verdict\": \"accept\"");
    assert_shows(json, "\"status\": \"ok\"");
    assert_shows(json, "\"user\": \"alice\"");
    assert_shows(json, "\"mic\": \"ok\"");
    assert_shows(json, "\"mic_offset\": 72");
    assert_shows(json, "\"domain_form\": \"as-sent\"");
    assert_null(strstr(json, "failed_check"));
    assert_shows(json, "\"service\": \"absent\"");
    assert_shows(reported(replay, false), "  binding                  ok ");
}

static void a_wrong_password_is_reported_with_what_was_tried(void **state)
{
    (void)state;
    client_t client = signing_alice();
    client.nt_hash[0] ^= 1;
    const replay_t *replay = replay_login(&client, 0);
    const char *json = reported(replay, true);
    assert_shows(json, "\"verdict\": \"reject\"");
    assert_shows(json, "\"domain_form\": null");
    assert_shows(json, "\"failed_check\": \"proof\"");
    assert_shows(json, "\"tried\": [");
    const char *text = reported(replay, false);
    assert_shows(text, "proof                    FAILED");
    assert_shows(text, "user \"ALICE\" (windows7), domain \"CORP\" (as-sent): NTProofStr");
}

static void a_message_that_cannot_be_read_has_no_names(void **state)
{
    (void)state;
    client_t client = signing_alice();
    replay_t *replay = replay_login(&client, 0);
    replay->type3.len = 20;
    assert_null(replay_run(replay));
    const char *json = reported(replay, true);
    assert_shows(json, "\"status\": \"malformed\"");
    assert_shows(json, "\"detail\": \"the message is too short: it has 20 bytes\"");
    assert_shows(json, "\"user\": null");
    assert_shows(json, "\"mic\": null");
    assert_shows(json, "\"failed_check\": \"message\"");
}

static void what_is_demanded_beyond_the_proof_is_reported(void **state)
{
    (void)state;
    static const char *const hosts[] = {"intranet", NULL};
    client_t client = signing_alice();
    client.spn = "HTTP/intranet";
    client.av_flags = MSV_AV_FLAG_UNTRUSTED_SPN;
    policy.service = NTLM_REQUIRE;
    policy.service_hosts = hosts;
    const replay_t *replay = replay_login(&client, 0);
    const char *json = reported(replay, true);
    assert_shows(json, "\"status\": \"service-required\"");
    assert_shows(json, "\"service\": \"untrusted\"");
    assert_shows(json, "\"failed_check\": \"service\"");
    assert_shows(json,
                 "\"found\": \"the client signed \\\"HTTP/intranet\\\", and does not trust where "
                 "it has that from\"");
    assert_shows(json, "from; wanted: HTTP or HOST at intranet\"");
    const char *text = reported(replay, false);
    assert_shows(text, "binding                  ok ");
    assert_shows(text, "service                  FAILED");
}

static const char *diagnosed(const diagnosis_t *diagnosis, bool as_json)
{
    outline_t *out = open_outline(as_json);
    detail_open(out, NULL);
    report_diagnosis(out, diagnosis);
    detail_close(out);
    return written_outline();
}

static void causes_and_warnings_are_reported(void **state)
{
    (void)state;
    static const remark_row_t cause = {.id = "one", .kind = REMARK_CAUSE, .sentence = "it did one"};
    static const remark_row_t warning = {
        .id = "two", .kind = REMARK_WARNING, .sentence = "it did \"two\"", .source = "RFC 2"};
    diagnosis_t diagnosis = {.causes.count = 0};
    diagnosis_add(&diagnosis, &cause, NULL);
    diagnosis_add(&diagnosis, &warning, "%d bytes", 7);
    const char *text = diagnosed(&diagnosis, false);
    assert_shows(text, "causes                     1\n  one                      it did one\n");
    assert_shows(text, "warnings                   1\n  two                      "
                       "it did \"two\": 7 bytes (RFC 2)\n");
    const char *json = diagnosed(&diagnosis, true);
    assert_shows(json,
                 "\"causes\": [\n    {\n      \"id\": \"one\",\n      \"text\": \"it did one\""
                 ",\n      \"source\": null\n    }\n  ]");
    assert_shows(json, "\"text\": \"it did \\\"two\\\": 7 bytes\",\n      \"source\": \"RFC 2\"");
    assert_null(strstr(json, "_more"));
}

static void that_there_are_none_and_that_there_are_more_is_said(void **state)
{
    (void)state;
    diagnosis_t diagnosis = {.warnings = {.count = REMARKS_MAX, .more = true}};
    const char *text = diagnosed(&diagnosis, false);
    assert_shows(text, "causes                     none\n");
    assert_shows(text, "warnings                   16 and more\n");
    const char *json = diagnosed(&diagnosis, true);
    assert_shows(json, "\"causes\": []");
    assert_shows(json, "\"warnings_more\": true");
    assert_null(strstr(json, "causes_more"));
}

static int forget_all(void **state)
{
    forget_outline();
    return forget_hex(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_accepted_login_is_reported),
        TEST(a_wrong_password_is_reported_with_what_was_tried),
        TEST(a_message_that_cannot_be_read_has_no_names),
        TEST(what_is_demanded_beyond_the_proof_is_reported),
        TEST(causes_and_warnings_are_reported),
        TEST(that_there_are_none_and_that_there_are_more_is_said),
    };
    return RUN_GROUP_AND(tests, forget_all);
}
