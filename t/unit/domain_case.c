/* The form of the domain that was hashed, where a login was let in. */
#include "replays.h"

#include "../../lib/explain/causes/domain_case.h"

static diagnosis_t of_domain(const char *sent, const char *hashed)
{
    diagnosis_t diagnosis = {.causes.count = 0};
    client_t client = signing_alice();
    client.domain = sent;
    client.hash_domain = hashed;
    const subject_t subject = {.replay = replay_login(&client, 0)};
    assert_int_equal(subject.replay->status, NTLM_OK);
    domain_case_causes(&diagnosis, &subject);
    return diagnosis;
}

static void a_domain_that_is_hashed_as_sent_is_no_remark(void **state)
{
    (void)state;
    assert_int_equal(of_domain("Corp", "Corp").warnings.count, 0);
    assert_int_equal(of_domain("", "").warnings.count, 0);
}

static void another_form_is_a_warning(void **state)
{
    (void)state;
    assert_string_equal(of_domain("Corp", "CORP").warnings.list[0].id, "domain-upper-cased");
    assert_string_equal(of_domain("Corp", "").warnings.list[0].id, "domain-left-out");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_domain_that_is_hashed_as_sent_is_no_remark),
        TEST(another_form_is_a_warning),
    };
    return RUN_GROUP(tests);
}
