/* A whole conversation from anybody: the bytes are cut into messages (length in
 * two bytes before each), which go through one acceptor in turn. Nobody knows
 * the account's random key, so nothing may ever be proven, and what decided that is said. */
#include "fuzz.h"

#include "../../lib/ntlm/acceptor.h"
#include "../../lib/ntlm/crypto.h"
#include "words.h"

static void end_of_request(ntlm_acceptor_t *acceptor, ntlm_status_t status)
{
    REQUIRE(status != NTLM_OK && acceptor->state != NTLM_PROVEN);
    REQUIRE((acceptor->state == NTLM_CHALLENGED) == (status == NTLM_CHALLENGE_SENT));
    REQUIRE((acceptor->handshake != NULL) == (acceptor->state == NTLM_CHALLENGED));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ntlm_handshake_t rooms[2];
    static uint8_t messages[2][NTLM_MESSAGES_MAX];
    static ntlm_claim_t claim;
    static const uint8_t name[] = {'W', 0, 'E', 0, 'B', 0};
    static const uint8_t nonce[NTLM_CHALLENGE_LEN] = {1, 2, 3, 4, 5, 6, 7, 8};
    const ntlm_policy_t policy = {.nb_computer = {name, sizeof name},
                                  .nb_domain = {name, sizeof name},
                                  .challenge_lifetime = 10,
                                  .binding = NTLM_ALLOW};
    const ntlm_key_t key = {.nt_hash = {0xC3, 0x5A, 0x11, 0x98}, .state = NTLM_OK};
    ntlm_acceptor_t acceptor = {0};
    reader_t in = reader_over((bytes_t){data, size});
    REQUIRE(crypto_open() == NULL);
    for (int turn = 0; turn < 8 && in.at < size; turn++) {
        bytes_t token = read_bytes(&in, read_u16(&in));
        if (in.error) token = bytes_from((bytes_t){data, size}, in.at);
        ntlm_input_t input = {.token = token, .now = 1 + turn, .ticks = 1 + turn};
        ntlm_status_t status = ntlm_accept(&acceptor, &policy, &input, &claim);
        input.nonce = nonce;
        input.room = &rooms[turn % 2];
        input.room->messages = writer_to(messages[turn % 2], ntlm_messages_len(&policy, token));
        if (status == NTLM_NEED_NONCE) status = ntlm_challenge(&acceptor, &policy, &input, &claim);
        if (status == NTLM_NEED_KEY) status = ntlm_prove(&acceptor, &policy, &claim, &key);
        end_of_request(&acceptor, status);
        expect_finding(status, &claim, &policy);
        if (in.error) break;
    }
    ntlm_forget(&acceptor);
    return 0;
}
