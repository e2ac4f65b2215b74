/* A Type 1 from anybody: an acceptor takes it or refuses it, and what it answers
 * can be read. */
#include "fuzz.h"

#include "../../lib/ntlm/acceptor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ntlm_handshake_t room;
    static uint8_t messages[NTLM_MESSAGES_MAX];
    static ntlm_claim_t claim;
    static const uint8_t name[] = {'W', 0, 'E', 0, 'B', 0}, nonce[NTLM_CHALLENGE_LEN];
    const ntlm_policy_t policy = {.nb_computer = {name, sizeof name},
                                  .nb_domain = {name, sizeof name},
                                  .challenge_lifetime = 1};
    ntlm_acceptor_t acceptor = {0};
    const ntlm_input_t input = {{data, size}, 1, 1, nonce, &room};
    type2_t type2;
    room.messages = writer_to(messages, sizeof messages);
    ntlm_status_t status = ntlm_accept(&acceptor, &policy, &input, &claim);
    REQUIRE(acceptor.state == NTLM_FRESH && status != NTLM_CHALLENGE_SENT);
    if (status == NTLM_NEED_NONCE) status = ntlm_challenge(&acceptor, &policy, &input, &claim);
    if (status != NTLM_CHALLENGE_SENT) {
        REQUIRE(acceptor.state == NTLM_FRESH && ntlm_reply(&acceptor).len == 0);
        return 0;
    }
    REQUIRE(type2_parse(ntlm_reply(&acceptor), &type2) == NULL);
    REQUIRE(type2.flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY);
    ntlm_forget(&acceptor);
    return 0;
}
