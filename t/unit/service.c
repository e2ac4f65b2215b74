/* The service that a client names, where it is refused. */
#include "planted.h"

#include "../../lib/explain/shape/service.h"

static const char *const hosts[] = {"web.example", NULL};

static replay_t *naming(bytes_t spn)
{
    plant_t client = right();
    client.spn = spn.len > 0 ? spn.data : NULL;
    client.spn_len = spn.len;
    policy.service = NTLM_REQUIRE;
    policy.service_hosts = hosts;
    return plant(&client);
}

static const char *of(bytes_t spn)
{
    return judged_by(service_causes, naming(spn), NTLM_SERVICE_MISMATCH);
}

static bytes_t wide(const char *text)
{
    static uint8_t room[512];
    return client_text(room, sizeof room, text);
}

static void ours_has_none(void **state)
{
    (void)state;
    assert_string_equal(judged_by(service_causes, naming(wide("HTTP/web.example:8080")), NTLM_OK),
                        "");
    assert_string_equal(said_by(service_causes, &(subject_t){.replay = NULL}), "");
}

static void other_services_are_named(void **state)
{
    (void)state;
    assert_string_equal(of(wide("HTTP/other.example")), "service-other-host");
    assert_string_equal(of(wide("host/other.example")), "service-other-host");
    assert_string_equal(of(wide("ldap/web.example")), "service-other-class");
}

static void other_forms_are_named(void **state)
{
    (void)state;
    assert_string_equal(of(wide("http://web.example/")), "service-url");
    assert_string_equal(of(wide("HTTP@web.example")), "service-gss-form");
    assert_string_equal(of(wide("HTTP\\web.example")), "service-backslash");
    assert_string_equal(of(wide("web.example")), "service-without-class");
    assert_string_equal(of(wide("HTTP/")), "service-without-host");
    assert_string_equal(of(wide("HTTP//web.example")), "service-without-host");
}

static void other_encodings_are_named(void **state)
{
    (void)state;
    uint8_t room[64];
    bytes_t name = wide("HTTP/web.example");
    assert_string_equal(of(bytes_of("HTTP/web.example")), "service-utf8");
    for (size_t i = 0; i < name.len; i++) room[i] = name.data[i ^ 1];
    assert_string_equal(of((bytes_t){room, name.len}), "service-utf16be");
    memcpy(room, name.data, name.len);
    room[name.len] = room[name.len + 1] = 0;
    assert_string_equal(of((bytes_t){room, name.len + 2}), "service-nul");
}

static void none_where_one_is_demanded_is_named(void **state)
{
    (void)state;
    static const uint8_t untrusted[4] = {4};
    assert_string_equal(judged_by(service_causes, naming(bytes_none()), NTLM_SERVICE_REQUIRED),
                        "service-absent");
    plant_t client = right();
    const bytes_t spn = wide("HTTP/web.example");
    client.spn = spn.data;
    client.spn_len = spn.len;
    client.av_flags = untrusted;
    assert_string_equal(judged_by(service_causes, plant(&client), NTLM_SERVICE_REQUIRED),
                        "service-untrusted");
}

static void one_that_cannot_be_read_is_a_warning_where_none_is_demanded(void **state)
{
    (void)state;
    replay_t *replay = naming(bytes_of("HTTP/web.example"));
    replay->policy.service = NTLM_OFF;
    assert_string_equal(judged_by(service_causes, replay, NTLM_OK), "service-unreadable");
    replay = naming(wide("HOST\\dc01"));
    replay->policy.service = NTLM_OFF;
    assert_string_equal(judged_by(service_causes, replay, NTLM_OK), "");
}

static void the_name_is_quoted(void **state)
{
    (void)state;
    diagnosis_t diagnosis = {.causes.count = 0};
    (void)of(wide("HTTP/other.example"));
    service_causes(&diagnosis, &(subject_t){.replay = &planted});
    assert_non_null(strstr(diagnosis.causes.list[0].text, ": \"HTTP/other.example\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ours_has_none),
        TEST(other_services_are_named),
        TEST(other_forms_are_named),
        TEST(other_encodings_are_named),
        TEST(none_where_one_is_demanded_is_named),
        TEST(one_that_cannot_be_read_is_a_warning_where_none_is_demanded),
        TEST(the_name_is_quoted),
    };
    return RUN_GROUP(tests);
}
