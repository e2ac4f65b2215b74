/* What a user may send who knows a password: AV pairs of his own behind a right proof. The
 * rules behind the proof read them, by a policy that the first byte chooses. */
#include "fuzz.h"

#include "../../lib/ntlm/acceptor.h"
#include "../../lib/ntlm/crypto.h"
#include "../unit/client.h"
#include "words.h"

enum { PAIRS_MAX = 1024 };

static const uint8_t computer[] = {'W', 0, 'E', 0, 'B', 0}, bindings[1][NTLM_BINDING_LEN] = {{7}};

static ntlm_policy_t policy_by(uint8_t choice)
{
    static const char *const hosts[] = {"web.test", NULL}, *const domains[] = {"CORP", NULL};
    return (ntlm_policy_t){.nb_computer = {computer, sizeof computer},
                           .nb_domain = {computer, sizeof computer},
                           .challenge_lifetime = 10,
                           .binding = (ntlm_demand_t)(choice % 3),
                           .bindings = bindings,
                           .bindings_count = (choice & 0x40) != 0,
                           .service = (ntlm_demand_t)(choice / 3 % 3),
                           .service_hosts = hosts,
                           .accept_domains = choice & 0x20 ? domains : NULL,
                           .require_mic = (choice & 0x80) != 0};
}

/* The server's pairs, as he must give them back, and his own. */
static size_t pairs_of(const ntlm_handshake_t *handshake, bytes_t own, uint8_t *room, size_t size)
{
    writer_t out = writer_to(room, size);
    bytes_t ours = handshake->type2.target_info;
    ours.len -= 4;
    write_bytes(&out, ours);
    write_bytes(&out, own);
    return out.len;
}

static void expect(const ntlm_claim_t *claim, const ntlm_policy_t *policy, ntlm_status_t status)
{
    bytes_t spn;
    REQUIRE(status != NTLM_WRONG_PASSWORD && status != NTLM_NEED_KEY);
    if (status != NTLM_OK) return;
    REQUIRE(!policy->require_mic || claim->mic == NTLM_MIC_OK);
    REQUIRE(claim->mic == NTLM_MIC_OK || claim->mic == NTLM_MIC_ABSENT);
    REQUIRE(policy->binding != NTLM_REQUIRE || claim->binding == NTLM_BINDING_OK);
    REQUIRE(policy->binding == NTLM_OFF || claim->binding != NTLM_BINDING_WRONG);
    REQUIRE(policy->service == NTLM_OFF || claim->service != NTLM_SERVICE_WRONG);
    REQUIRE(policy->service != NTLM_REQUIRE || claim->service == NTLM_SERVICE_OK);
    if (policy->service == NTLM_REQUIRE)
        REQUIRE(avpairs_find(claim->response.pairs, MsvAvTargetName, &spn) && spn.len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ntlm_handshake_t room;
    static uint8_t messages[NTLM_MESSAGES_MAX];
    static ntlm_claim_t claim;
    static const uint8_t nonce[NTLM_CHALLENGE_LEN] = {1, 2, 3, 4, 5, 6, 7, 8};
    uint8_t pairs[PAIRS_MAX + NTLM_TYPE2_MAX], message[CLIENT_MESSAGE_MAX];
    if (size < 2 || size > 2 + PAIRS_MAX) return 0;
    REQUIRE(crypto_open() == NULL);
    const ntlm_policy_t policy = policy_by(data[0]);
    const ntlm_key_t key = {.nt_hash = {1, 2, 3}, .state = NTLM_OK};
    client_t client = {.user = data[1] & 1 ? "alice" : "HOME\\alice",
                       .domain = data[1] & 2 ? "CORP" : "",
                       .nt_hash = {1, 2, 3},
                       .no_mic = (data[1] & 4) != 0,
                       .session_key_len = (data[1] >> 3) % (NTLM_KEY_LEN + 1)};
    ntlm_acceptor_t acceptor = {0};
    bytes_t type1 = client_type1(data[1] & 8 ? CLIENT_FLAGS_SIGNING : CLIENT_FLAGS);
    ntlm_input_t input = {type1, 1, 1, nonce, &room};
    room.messages = writer_to(messages, ntlm_messages_len(&policy, type1));
    REQUIRE(ntlm_accept(&acceptor, &policy, &input, &claim) == NTLM_NEED_NONCE);
    REQUIRE(ntlm_challenge(&acceptor, &policy, &input, &claim) == NTLM_CHALLENGE_SENT);
    client.pairs_len = pairs_of(&room, (bytes_t){data + 2, size - 2}, pairs, sizeof pairs);
    client.pairs = pairs;
    input.token = client_type3(&client, type1, ntlm_reply(&acceptor), message);
    ntlm_status_t status = ntlm_accept(&acceptor, &policy, &input, &claim);
    if (status == NTLM_NEED_KEY) {
        status = ntlm_prove(&acceptor, &policy, &claim, &key);
        expect(&claim, &policy, status);
    }
    expect_finding(status, &claim, &policy);
    REQUIRE((acceptor.state == NTLM_PROVEN) == (status == NTLM_OK));
    ntlm_forget(&acceptor);
    return 0;
}
