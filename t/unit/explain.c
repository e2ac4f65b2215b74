/* Messages field by field, and what is wrong with those that break the rules. */
#include "outlines.h"

#include "../../lib/explain/explain.h"
#include "client.h"

static uint8_t message_room[CLIENT_MESSAGE_MAX];
static uint8_t type2_room[512];

static bytes_t challenge(void)
{
    static const uint8_t computer[] = {'W', 0, 'E', 0, 'B', 0};
    uint8_t info[64];
    writer_t pairs = writer_to(info, sizeof info), out = writer_to(type2_room, sizeof type2_room);
    avpairs_append(&pairs, MsvAvNbComputerName, (bytes_t){computer, sizeof computer});
    avpairs_append(&pairs, MsvAvEOL, (bytes_t){NULL, 0});
    const type2_t type2 = {.flags = CLIENT_FLAGS | NTLMSSP_NEGOTIATE_TARGET_INFO,
                           .challenge = {1, 2, 3, 4, 5, 6, 7, 8},
                           .target_name = {computer, sizeof computer},
                           .target_info = written(&pairs)};
    type2_write(&out, &type2);
    return written(&out);
}

static bytes_t answer(client_t client)
{
    client.user = "alice";
    client.domain = "CORP";
    return client_type3(&client, client_type1(CLIENT_FLAGS), challenge(), message_room);
}

/* The text; why: what explain_message() must give. */
static const char *explained(bytes_t message, const char *why)
{
    conversation_t conversation = {0};
    const char *found = explain_message(open_outline(false), &conversation, message);
    const char *text = written_outline();
    if (why)
        assert_refusal(found, why);
    else
        assert_null(found);
    return text;
}

static void a_negotiate_message_is_explained(void **state)
{
    (void)state;
    const char *text = explained(client_type1(CLIENT_FLAGS), NULL);
    assert_shows(text, "NegotiateFlags             0xa2088207");
    assert_shows(text, "DomainName                 empty");
    assert_shows(text, "Version                    0.0 build 0");
}

static void a_challenge_message_is_explained(void **state)
{
    (void)state;
    const char *text = explained(challenge(), NULL);
    assert_shows(text, "TargetName                 \"WEB\" (6 bytes at 56)");
    assert_shows(text, "ServerChallenge            0102030405060708");
    assert_shows(text, "MsvAvNbComputerName      \"WEB\"");
}

static void an_authenticate_message_is_explained(void **state)
{
    (void)state;
    const char *text = explained(answer((client_t){.no_version = false}), NULL);
    assert_shows(text, "UserName                   \"alice\"");
    assert_shows(text, "DomainName                 \"CORP\"");
    assert_shows(text, "MIC                        16 bytes at 72: ");
    assert_shows(text, "NTProofStr");
    assert_shows(text, "ChallengeFromClient      1111111111111111");
    assert_shows(text, "MIC_PRESENT");
}

static void the_mic_is_where_the_layout_says(void **state)
{
    (void)state;
    uint32_t flags = CLIENT_FLAGS & ~(uint32_t)NTLMSSP_NEGOTIATE_VERSION;
    assert_shows(explained(answer((client_t){.no_version = true, .flags = flags}), NULL),
                 "MIC                        16 bytes at 64: ");
    assert_shows(explained(answer((client_t){.no_mic = true}), NULL),
                 "MIC                        none");
}

static void the_strings_follow_the_flags_of_the_challenge(void **state)
{
    (void)state;
    conversation_t conversation = {.challenged = true, .flags = NTLM_NEGOTIATE_OEM};
    bytes_t type3 = answer((client_t){.no_mic = true});
    explain_message(open_outline(false), &conversation, type3);
    assert_null(strstr(written_outline(), "\"alice\""));
    explain_message(open_outline(true), &conversation, challenge());
    (void)written_outline();
    assert_true(conversation.flags & NTLMSSP_NEGOTIATE_UNICODE);
}

static void what_breaks_the_rules_is_explained_all_the_same(void **state)
{
    (void)state;
    bytes_t type3 = answer((client_t){.no_mic = true});
    message_room[36 + 4] = message_room[36 + 7] = 0xFF; /* BufferOffset of UserName */
    const char *text = explained(type3, "a field lies outside the message");
    assert_shows(text, "outside of the message");
    assert_shows(text, "DomainName                 \"CORP\"");
    assert_shows(text, "error                      a field lies outside the message");
}

static void every_beginning_of_a_message_is_explained(void **state)
{
    (void)state;
    bytes_t whole = answer((client_t){.no_mic = false});
    for (size_t len = 0; len < whole.len; len++) {
        conversation_t conversation = {0};
        uint8_t *exact = malloc(len ? len : 1);
        memcpy(exact, whole.data, len);
        assert_non_null(
            explain_message(open_outline(len % 2), &conversation, (bytes_t){exact, len}));
        (void)written_outline();
        free(exact);
    }
}

static void messages_have_the_names_of_ms_nlmp(void **state)
{
    (void)state;
    assert_string_equal(message_name(client_type1(1)), "NEGOTIATE_MESSAGE");
    assert_string_equal(message_name(challenge()), "CHALLENGE_MESSAGE");
    assert_string_equal(message_name(hex("4e544c4d5353500004000000")), "no NTLM message");
    assert_string_equal(message_name(hex("")), "no NTLM message");
}

static int forget_all(void **state)
{
    forget_outline();
    return forget_hex(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_negotiate_message_is_explained),
        cmocka_unit_test(a_challenge_message_is_explained),
        cmocka_unit_test(an_authenticate_message_is_explained),
        cmocka_unit_test(the_mic_is_where_the_layout_says),
        cmocka_unit_test(the_strings_follow_the_flags_of_the_challenge),
        cmocka_unit_test(what_breaks_the_rules_is_explained_all_the_same),
        cmocka_unit_test(every_beginning_of_a_message_is_explained),
        cmocka_unit_test(messages_have_the_names_of_ms_nlmp),
    };
    return RUN_GROUP_AND(tests, forget_all);
}
