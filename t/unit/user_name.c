/* User and domain in a form that no account is called by. */
#include "planted.h"

#include "../../lib/explain/shape/user_name.h"

static const char *unknown(const char *user, const char *domain)
{
    plant_t client = right();
    client.user = user;
    client.domain = domain;
    replay_t *replay = plant(&client);
    replay->key.nt_hash[0] ^= 1;
    assert_null(replay_run(replay));
    assert_int_equal(replay->status, NTLM_WRONG_PASSWORD);
    assert_string_equal(said_by(user_name_causes, &(subject_t){.replay = replay}), "");
    replay->status = NTLM_NO_SUCH_USER;
    return said_by(user_name_causes, &(subject_t){.replay = replay});
}

static const char *malformed(const char *user, const char *domain)
{
    plant_t client = right();
    client.user = user;
    client.domain = domain;
    return judged_by(user_name_causes, plant(&client), NTLM_MALFORMED);
}

static void an_unknown_user_alone_is_no_mistake(void **state)
{
    (void)state;
    assert_string_equal(unknown("mallory", "CORP"), "");
    assert_string_equal(unknown("mallory", ""), "");
    assert_string_equal(unknown("mallory@corp.example", ""), "");
    assert_string_equal(unknown("OTHER\\mallory", ""), "");
    assert_string_equal(unknown("j\xC3\xBCrgen", "CORP"), "");
    assert_string_equal(unknown("100%", "CORP"), "");
    assert_string_equal(unknown("CORP", ""), "");
    assert_string_equal(unknown("WEB", "CORP"), "");
}

static void signs_between_domain_and_user_are_named(void **state)
{
    (void)state;
    assert_string_equal(unknown("CORP/bob", ""), "user-slash");
    assert_string_equal(unknown("CORP\\\\bob", ""), "user-two-backslashes");
    assert_string_equal(unknown(".\\bob", ""), "user-dot");
    assert_string_equal(unknown("bob", "."), "user-dot");
    assert_string_equal(unknown("bob", "CORP\\"), "domain-backslash");
    assert_string_equal(unknown("CORP\\bob", "CORP"), "user-domain-twice");
    assert_string_equal(unknown("bob@corp.example", "CORP"), "user-domain-twice");
    assert_string_equal(unknown("CORP", "alice"), "user-domain-swapped");
    assert_string_equal(unknown("corp", "alice"), "user-domain-swapped");
    assert_string_equal(unknown("SHIRE", "bob"), "");
    assert_string_equal(
        said_by(user_name_causes, &(subject_t){.replay = &planted, .knows_swapped = true}),
        "user-domain-swapped");
}

static void another_domain_is_named_where_it_is_known(void **state)
{
    (void)state;
    const course_t course = {.status = NTLM_NO_SUCH_USER};
    assert_string_equal(unknown("bob", "SHIRE"), "");
    assert_string_equal(
        said_by(user_name_causes, &(subject_t){.replay = &planted, .knows_elsewhere = true}),
        "domain-other");
    plant_t client = right();
    client.domain = "";
    assert_string_equal(judged_by(user_name_causes, plant(&client), NTLM_OK), "");
    assert_string_equal(
        said_by(user_name_causes, &(subject_t){.replay = &planted, .course = &course}),
        "domain-not-sent");
}

static void what_became_of_letters_is_named(void **state)
{
    (void)state;
    assert_string_equal(unknown("alice ", "CORP"), "user-blank");
    assert_string_equal(unknown(" alice", "CORP"), "user-blank");
    assert_string_equal(unknown("alice", "CORP "), "user-blank");
    assert_string_equal(unknown("\"alice\"", "CORP"), "user-quoted");
    assert_string_equal(unknown("'alice'", "CORP"), "user-quoted");
    assert_string_equal(unknown("alice%40corp", ""), "user-url-encoded");
    assert_string_equal(unknown("alice:Secr3t", "CORP"), "user-with-password");
    assert_string_equal(unknown("j\xC3\x83\xC2\xBCrgen", "CORP"), "user-utf8-as-latin1");
    assert_string_equal(unknown("j?rgen", "CORP"), "user-question-marks");
    assert_string_equal(unknown("j\xEF\xBF\xBDrgen", "CORP"), "user-question-marks");
    assert_string_equal(unknown("ju\xCC\x88rgen", "CORP"), "user-nfd");
}

static void a_name_that_is_none_is_named(void **state)
{
    (void)state;
    static char long_name[NTLM_USER_MAX + 2];
    memset(long_name, 'a', NTLM_USER_MAX + 1);
    assert_string_equal(malformed("alice\f", "CORP"), "user-control-character");
    assert_string_equal(malformed("alice", "CO\nRP"), "user-control-character");
    assert_string_equal(malformed("al\xE2\x80\x8Bice", "CORP"), "user-invisible-character");
    assert_string_equal(malformed(long_name, "CORP"), "user-too-long");
    assert_string_equal(malformed("", "CORP"), "user-empty");
}

static void nothing_at_all_is_anonymous(void **state)
{
    (void)state;
    plant_t client = right();
    client.user = "";
    client.lm = (const uint8_t *)"";
    client.lm_len = 1;
    replay_t *replay = plant(&client);
    planted_type3[20] = planted_type3[21] = 0;
    assert_string_equal(judged_by(user_name_causes, replay, NTLM_ANONYMOUS), "anonymous");
}

static void what_is_let_in_or_known_already_has_none(void **state)
{
    (void)state;
    plant_t client = right();
    client.user = "CORP/bob";
    assert_string_equal(judged_by(user_name_causes, plant(&client), NTLM_OK), "");
    diagnosis_t diagnosis = {.causes.count = 1};
    (void)unknown("CORP/bob", "");
    user_name_causes(&diagnosis, &(subject_t){.replay = &planted});
    assert_int_equal(diagnosis.causes.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_unknown_user_alone_is_no_mistake),
        TEST(signs_between_domain_and_user_are_named),
        TEST(another_domain_is_named_where_it_is_known),
        TEST(what_became_of_letters_is_named),
        TEST(a_name_that_is_none_is_named),
        TEST(nothing_at_all_is_anonymous),
        TEST(what_is_let_in_or_known_already_has_none),
    };
    return RUN_GROUP(tests);
}
