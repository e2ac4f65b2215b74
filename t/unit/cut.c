/* What is shown of the message of somebody unknown. */
#include "unit.h"

#include "pool.h"
#include "replays.h"

#include "../../lib/bench/record/cut.h"
#include "../../lib/ntlm/message.h"

static void assert_zeros(bytes_t bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) assert_int_equal(bytes.data[i], 0);
}

static void what_the_password_made_is_zeros_and_the_rest_stays(void **state)
{
    (void)state;
    const client_t client = signing_alice();
    const replay_t *replay = replay_login(&client, 0);
    const bytes_t shown = cut_type3(pool, replay->type3);
    type3_t before, after;
    assert_null(type3_parse(replay->type3, &before));
    assert_null(type3_parse(shown, &after));
    assert_true(bytes_equal(after.user, before.user));
    assert_true(bytes_equal(after.domain, before.domain));
    assert_int_equal(after.nt.len, before.nt.len);
    assert_true(after.session_key.len > 0);
    assert_zeros(after.nt, NTLM_PROOF_LEN);
    assert_zeros(after.lm, after.lm.len);
    assert_zeros(after.session_key, after.session_key.len);
    assert_zeros(bytes_from(shown, type3_mic_offset(&after)), NTLM_MIC_LEN);
    assert_true(
        bytes_equal(bytes_from(after.nt, NTLM_PROOF_LEN), bytes_from(before.nt, NTLM_PROOF_LEN)));
}

static void of_an_old_response_nothing_stays(void **state)
{
    (void)state;
    uint8_t room[200], response[24];
    writer_t out = writer_to(room, sizeof room);
    memset(response, 0xAB, sizeof response);
    const type3_t type3 = {.lm = {response, sizeof response},
                           .nt = {response, sizeof response},
                           .domain = bytes_none(),
                           .user = bytes_of("alice"),
                           .workstation = bytes_none(),
                           .session_key = bytes_none()};
    type3_t after;
    type3_write(&out, &type3);
    assert_null(type3_parse(cut_type3(pool, written(&out)), &after));
    assert_zeros(after.nt, sizeof response);
    assert_zeros(after.lm, sizeof response);
}

static void what_cannot_be_read_is_not_shown(void **state)
{
    (void)state;
    assert_int_equal(cut_type3(pool, bytes_of("NTLMSSP\0\3")).len, 0);
    assert_int_equal(cut_type3(pool, bytes_none()).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_the_password_made_is_zeros_and_the_rest_stays),
        TEST(of_an_old_response_nothing_stays),
        TEST(what_cannot_be_read_is_not_shown),
    };
    return RUN_GROUP_IN_POOL(tests);
}
