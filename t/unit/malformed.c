/* Which part of a Type 3 breaks the rules. */
#include "connection.h"

#include "../../lib/finding/malformed.h"

/* A Type 3 that somebody has changed: what is said of it behind the detail. */
static const char *said(void (*change)(uint8_t *message), size_t shorter)
{
    static char room[256];
    uint8_t message[CLIENT_MESSAGE_MAX];
    connection_t *c = connect_client();
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    bytes_t type3 = client_type3(&alice, (bytes_t){c->type1, c->type1_len},
                                 (bytes_t){c->type2, c->type2_len}, message);
    if (change) change(message);
    type3.len -= shorter;
    assert_int_equal(send_token(c, type3), NTLM_MALFORMED);
    phrase_t out = phrase_to(room, sizeof room);
    phrase_say(&out, "%s", c->claim.detail);
    malformed_say(&out, &c->claim);
    return room;
}

static void user_at_70000(uint8_t *message)
{
    memcpy(message + 40, (const uint8_t[]){0x70, 0x11, 0x01, 0}, 4);
}

static void domain_in_the_header(uint8_t *message)
{
    memcpy(message + 32, (const uint8_t[]){10, 0, 0, 0}, 4);
}

static void a_field_is_named_with_its_place(void **state)
{
    (void)state;
    assert_non_null(strstr(said(user_at_70000, 0),
                           "a field lies outside the message: UserName of 10 bytes at 70000, in "
                           "a message of "));
    assert_non_null(strstr(said(domain_in_the_header, 0),
                           "a field lies inside the header: DomainName of 8 bytes at 10, in "));
}

static size_t response_at(const uint8_t *message)
{
    return message[24] | (size_t)message[25] << 8;
}

static void other_types(uint8_t *message)
{
    message[response_at(message) + NTLM_PROOF_LEN] = 2;
}

static void a_response_is_told_by_its_types_and_its_length(void **state)
{
    (void)state;
    assert_string_equal(said(other_types, 0), "RespType or HiRespType of the NTLMv2 response is "
                                              "not 1: they are 2 and 1");
}

static void shorter_response(uint8_t *message)
{
    message[20] = 30;
    message[21] = 0;
}

static void a_short_response_is_measured(void **state)
{
    (void)state;
    assert_string_equal(said(shorter_response, 0),
                        "the NTLMv2 response is too short: NtChallengeResponse of 30 bytes");
}

static void a_short_message_is_measured(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    char room[256];
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    assert_int_equal(send_token(c, hex("4e544c4d5353500003000000")), NTLM_MALFORMED);
    phrase_t out = phrase_to(room, sizeof room);
    malformed_say(&out, &c->claim);
    assert_string_equal(room, ": it has 12 bytes");
}

static void what_needs_no_more_words_has_none(void **state)
{
    (void)state;
    alice.user = "a\x01";
    assert_string_equal(said(NULL, 0), "a name holds a control character");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_field_is_named_with_its_place),
        TEST(a_response_is_told_by_its_types_and_its_length),
        TEST(a_short_response_is_measured),
        TEST(a_short_message_is_measured),
        TEST(what_needs_no_more_words_has_none),
    };
    return RUN_GROUP(tests);
}
