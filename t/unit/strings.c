/* Names that are encoded otherwise than the CHALLENGE has chosen. */
#include "planted.h"

#include "../../lib/explain/shape/strings.h"

/* Of a user and a domain as these bytes, in hex. */
static const char *of(const char *user, const char *domain, ntlm_status_t status)
{
    plant_t client = right();
    const bytes_t user_bytes = hex(user), domain_bytes = hex(domain);
    client.user_bytes = user_bytes.data;
    client.user_len = user_bytes.len;
    client.domain_bytes = domain_bytes.data;
    client.domain_len = domain_bytes.len;
    client.workstation = "";
    replay_t *replay = plant(&client);
    if (status == NTLM_NO_SUCH_USER) replay->key.nt_hash[0] ^= 1;
    assert_null(replay_run(replay));
    if (status == NTLM_NO_SUCH_USER && replay->status == NTLM_WRONG_PASSWORD)
        replay->status = NTLM_NO_SUCH_USER;
    assert_string_equal(ntlm_status_name(replay->status), ntlm_status_name(status));
    return said_by(strings_causes, &(subject_t){.replay = replay});
}

#define ALICE "61006c00690063006500"
#define CORP "43004f0052005000"

static void names_in_utf16_have_none(void **state)
{
    (void)state;
    assert_string_equal(of(ALICE, CORP, NTLM_OK), "");
    assert_string_equal(of(ALICE, CORP, NTLM_NO_SUCH_USER), "");
    assert_string_equal(of("4e674e67", CORP, NTLM_NO_SUCH_USER), "");
    assert_string_equal(of("4e674e67", "", NTLM_NO_SUCH_USER), "");
}

static void bytes_under_unicode_are_named(void **state)
{
    (void)state;
    assert_string_equal(of("616c696365", "434f5250", NTLM_MALFORMED), "oem-under-unicode");
    assert_string_equal(of("626f626f", "434f5250", NTLM_NO_SUCH_USER), "oem-under-unicode");
    assert_string_equal(of("6afc7267656e", "434f5250", NTLM_NO_SUCH_USER), "oem-under-unicode");
    assert_string_equal(of("6ac3bc7267656e", "434f5250", NTLM_MALFORMED), "strings-utf8");
    assert_string_equal(of("616c696365", CORP, NTLM_MALFORMED), "strings-half-unit");
    assert_string_equal(of(ALICE, "574f4e4445524c414e44", NTLM_NO_SUCH_USER), "oem-under-unicode");
}

static void other_forms_of_utf16_are_named(void **state)
{
    (void)state;
    assert_string_equal(of("0061006c006900630065", "0043004f00520050", NTLM_NO_SUCH_USER),
                        "strings-utf16be");
    assert_string_equal(of("0061006c", CORP, NTLM_NO_SUCH_USER), "");
    assert_string_equal(of("0061006c006900630065", CORP, NTLM_NO_SUCH_USER), "strings-utf16be");
    assert_string_equal(of(ALICE "0000", CORP "0000", NTLM_MALFORMED), "strings-nul");
    assert_string_equal(of(ALICE "0000", CORP, NTLM_MALFORMED), "strings-nul");
    assert_string_equal(of("fffe" ALICE, CORP, NTLM_MALFORMED), "user-bom");
    assert_string_equal(of("feff0061006c", CORP, NTLM_NO_SUCH_USER), "user-bom");
    assert_string_equal(of("3dd8" ALICE, CORP, NTLM_MALFORMED), "user-half-surrogate");
    assert_string_equal(of(ALICE "3dd8", CORP, NTLM_MALFORMED), "user-half-surrogate");
    assert_string_equal(of("3dd800de0c00", CORP, NTLM_MALFORMED), "");
}

static void utf16_under_oem_is_named(void **state)
{
    (void)state;
    plant_t client = right();
    client.flags = 0x0202;
    type2_t challenge;
    uint8_t type2[NTLM_TYPE2_MAX];
    replay_t *replay = plant(&client);
    assert_null(type2_parse(replay->type2, &challenge));
    challenge.flags &= ~(uint32_t)NTLMSSP_NEGOTIATE_UNICODE;
    writer_t out = writer_to(type2, sizeof type2);
    type2_write(&out, &challenge);
    replay->type2 = written(&out);
    assert_string_equal(judged_by(strings_causes, replay, NTLM_MALFORMED), "unicode-under-oem");
}

static void the_flags_are_said_where_they_agree(void **state)
{
    (void)state;
    diagnosis_t diagnosis = {.causes.count = 0};
    (void)of("616c696365", "434f5250", NTLM_MALFORMED);
    planted.claim.type3.flags &= ~(uint32_t)NTLMSSP_NEGOTIATE_UNICODE;
    strings_causes(&diagnosis, &(subject_t){.replay = &planted});
    assert_non_null(strstr(diagnosis.causes.list[0].text, ": the flags of the Type 3"));
}

static void a_cause_that_is_known_is_enough(void **state)
{
    (void)state;
    diagnosis_t diagnosis = {.causes.count = 1};
    (void)of("616c696365", "434f5250", NTLM_MALFORMED);
    strings_causes(&diagnosis, &(subject_t){.replay = &planted});
    assert_int_equal(diagnosis.causes.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_in_utf16_have_none),
        TEST(bytes_under_unicode_are_named),
        TEST(other_forms_of_utf16_are_named),
        TEST(utf16_under_oem_is_named),
        TEST(the_flags_are_said_where_they_agree),
        TEST(a_cause_that_is_known_is_enough),
    };
    return RUN_GROUP(tests);
}
