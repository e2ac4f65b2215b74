/* Why a channel binding is not that of the channel. */
#include "replays.h"

#include "../../lib/explain/causes/binding.h"
#include "../../lib/explain/hashed/hashed_binding.h"

static const bytes_t certificates[] = {
    {(const uint8_t *)"own", 3}, {(const uint8_t *)"own", 3}, {(const uint8_t *)"other", 5}};

static void bind(uint8_t binding[1][NTLM_BINDING_LEN], bytes_t der, digest_kind_t kind, bool colon)
{
    uint8_t data[128], digest[DIGEST_MAX];
    writer_t out = writer_to(data, sizeof data);
    size_t len;
    len = digest_of(kind, &der, 1, digest);
    write_bytes(&out, bytes_of(colon ? "tls-server-end-point:" : "tls-server-end-point"));
    write_bytes(&out, (bytes_t){digest, len});
    assert_true(channel_binding(written(&out), binding[0]));
}

/* A login with that binding; the server's certificate is signed with that digest. */
static diagnosis_t of_login(const uint8_t *binding, digest_kind_t kind)
{
    static uint8_t own[1][NTLM_BINDING_LEN];
    diagnosis_t diagnosis = {.causes.count = 0};
    bind(own, certificates[0], kind, true);
    policy.bindings = (const uint8_t(*)[NTLM_BINDING_LEN])own;
    policy.bindings_count = 1;
    if (policy.binding == NTLM_OFF) policy.binding = NTLM_ALLOW;
    alice.session_key_len = NTLM_KEY_LEN;
    alice.binding = binding;
    const subject_t subject = {
        .replay = replay_login(&alice, 0), .certificates = certificates, .certificates_count = 3};
    binding_causes(&diagnosis, &subject);
    return diagnosis;
}

static void assert_cause(diagnosis_t diagnosis, const char *id)
{
    assert_int_equal(diagnosis.causes.count, 1);
    assert_string_equal(diagnosis.causes.list[0].id, id);
}

static void the_right_one_and_none_have_no_cause(void **state)
{
    uint8_t binding[1][NTLM_BINDING_LEN];
    (void)state;
    bind(binding, certificates[0], DIGEST_SHA256, true);
    assert_int_equal(of_login(binding[0], DIGEST_SHA256).causes.count, 0);
    assert_int_equal(of_login(NULL, DIGEST_SHA256).causes.count, 0);
}

static void none_where_one_is_required_is_named(void **state)
{
    (void)state;
    policy.binding = NTLM_REQUIRE;
    assert_cause(of_login(NULL, DIGEST_SHA256), "binding-left-out");
}

static void one_mistake_is_named(void **state)
{
    uint8_t binding[1][NTLM_BINDING_LEN];
    (void)state;
    bind(binding, certificates[0], DIGEST_SHA256, false);
    assert_cause(of_login(binding[0], DIGEST_SHA256), "binding-without-colon");
}

static void the_digest_is_that_of_the_signature(void **state)
{
    uint8_t binding[1][NTLM_BINDING_LEN];
    (void)state;
    bind(binding, certificates[0], DIGEST_SHA256, true);
    assert_cause(of_login(binding[0], DIGEST_SHA384), "binding-sha256");
    bind(binding, certificates[0], DIGEST_SHA256, false);
    assert_cause(of_login(binding[0], DIGEST_SHA384), "binding-sha256+binding-without-colon");
}

static void another_certificate_is_named(void **state)
{
    uint8_t binding[1][NTLM_BINDING_LEN];
    (void)state;
    bind(binding, certificates[2], DIGEST_SHA384, true);
    assert_cause(of_login(binding[0], DIGEST_SHA256), "binding-other-certificate");
    bind(binding, certificates[2], DIGEST_SHA256, false);
    assert_cause(of_login(binding[0], DIGEST_SHA256),
                 "binding-other-certificate+binding-without-colon");
}

static void the_same_certificate_twice_is_no_other_one(void **state)
{
    uint8_t binding[1][NTLM_BINDING_LEN];
    (void)state;
    bind(binding, certificates[1], DIGEST_SHA512, true);
    assert_cause(of_login(binding[0], DIGEST_SHA256), "binding-sha512");
}

static void what_nobody_can_know_is_not_named(void **state)
{
    static const uint8_t random[NTLM_BINDING_LEN] = "sixteen letters";
    (void)state;
    assert_int_equal(of_login(random, DIGEST_SHA256).causes.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_right_one_and_none_have_no_cause),
        TEST(none_where_one_is_required_is_named),
        TEST(one_mistake_is_named),
        TEST(the_digest_is_that_of_the_signature),
        TEST(another_certificate_is_named),
        TEST(the_same_certificate_twice_is_no_other_one),
        TEST(what_nobody_can_know_is_not_named),
    };
    return RUN_GROUP(tests);
}
