/* A negotiation with anybody: the bytes are cut into tokens (length in two bytes before each),
 * which go through SPNEGO and an acceptor in turn. Nobody knows the account's random key, so
 * nothing may ever be proven, and what was demanded once stays demanded as long as the negotiation
 * goes on. */
#include "fuzz.h"

#include "../../lib/ntlm/acceptor.h"
#include "../../lib/ntlm/crypto.h"
#include "../../lib/ntlm/spnego/spnego.h"

enum { TURNS_MAX = 8 };

static bool is_within(bytes_t part, bytes_t whole)
{
    if (part.len == 0) return part.data != NULL;
    return part.data >= whole.data && part.len <= whole.len &&
           (size_t)(part.data - whole.data) <= whole.len - part.len;
}

static void expect_listed(const spnego_t *negotiation, ntlm_status_t status)
{
    bool ntlm = false;
    REQUIRE(negotiation->mech_count <= SPNEGO_MECH_COUNT);
    for (size_t i = 0; i < negotiation->mech_count; i++) {
        REQUIRE(negotiation->mechs[i] < SPNEGO_MECH_COUNT);
        ntlm |= negotiation->mechs[i] == SPNEGO_NTLM;
        for (size_t k = 0; k < i; k++) REQUIRE(negotiation->mechs[k] != negotiation->mechs[i]);
    }
    bytes_t list = spnego_mech_types(negotiation);
    bool open = negotiation->stage == SPNEGO_STAGE_OPEN;
    REQUIRE(list.len <= SPNEGO_MECH_TYPES_MAX && open == (list.len > 0));
    REQUIRE(open == (ntlm && status != NTLM_SPNEGO_NO_NTLM));
    REQUIRE(!open || list.data[0] == 0x30);
    REQUIRE(!open || negotiation->mic_required == (negotiation->mechs[0] != SPNEGO_NTLM));
    REQUIRE(open || (!negotiation->mic_required && !negotiation->chosen));
}

static void expect_read(const spnego_t *negotiation, const spnego_token_t *read, bytes_t token,
                        ntlm_status_t status)
{
    REQUIRE(is_within(read->ntlm, token) && is_within(read->mic, token));
    REQUIRE(status == NTLM_OK || (read->ntlm.len == 0 && read->mic.len == 0));
    REQUIRE(status != NTLM_OK || read->ntlm.len > 0);
    REQUIRE(status == NTLM_OK || !read->continues);
    REQUIRE(status != NTLM_SPNEGO_MALFORMED || (read->detail && negotiation->mech_count == 0));
    REQUIRE((status == NTLM_SPNEGO_MALFORMED || status == NTLM_SPNEGO_NO_NTLM) ==
                (negotiation->stage == SPNEGO_STAGE_NONE) ||
            (status == NTLM_OK && !read->continues));
    REQUIRE(status == NTLM_OK || status == NTLM_SPNEGO_CONTINUES || status == NTLM_SPNEGO_NO_NTLM ||
            status == NTLM_SPNEGO_MALFORMED);
}

/* What we write we could read. */
static void expect_reply(const writer_t *out, neg_state_t state, bytes_t ntlm)
{
    neg_token_t parsed;
    REQUIRE(!out->overflow && neg_token_parse(written(out), &parsed) == NULL);
    REQUIRE(parsed.kind == NEG_TOKEN_RESP && parsed.state == state);
    REQUIRE(bytes_equal(parsed.token, ntlm));
}

static void reply(spnego_t *negotiation, ntlm_status_t status, bytes_t type2)
{
    static uint8_t room[NTLM_TYPE2_MAX + SPNEGO_REPLY_OVERHEAD];
    writer_t out = writer_to(room, type2.len + SPNEGO_REPLY_OVERHEAD);
    if (status == NTLM_SPNEGO_CONTINUES) {
        spnego_write_choice(&out, negotiation);
        expect_reply(&out, negotiation->mic_required ? NEG_REQUEST_MIC : NEG_ACCEPT_INCOMPLETE,
                     bytes_none());
    } else if (status == NTLM_SPNEGO_NO_NTLM) {
        spnego_write_reject(&out);
        expect_reply(&out, NEG_REJECT, bytes_none());
    } else if (status == NTLM_CHALLENGE_SENT) {
        spnego_write_challenge(&out, negotiation, type2);
        if (negotiation->stage == SPNEGO_STAGE_OPEN)
            expect_reply(&out, NEG_ACCEPT_INCOMPLETE, type2);
        else
            REQUIRE(bytes_equal(written(&out), type2));
    }
}

/* No mechListMIC of theirs is this one. */
static void expect_mic(const spnego_t *negotiation, const spnego_token_t *read)
{
    uint8_t mac[NTLM_MAC_LEN], room[SPNEGO_REPLY_OVERHEAD];
    static const uint8_t session_key[NTLM_KEY_LEN] = {0xA7, 0x31, 0x0C, 0x9E};
    writer_t out = writer_to(room, sizeof room);
    REQUIRE(
        message_mac(session_key, NTLMSSP_NEGOTIATE_128, true, spnego_mech_types(negotiation), mac));
    ntlm_status_t status = spnego_check_mic(negotiation, read, mac);
    if (read->mic.len > 0)
        REQUIRE(status == NTLM_SPNEGO_BAD_MIC);
    else
        REQUIRE(status == (negotiation->mic_required ? NTLM_SPNEGO_MIC_REQUIRED : NTLM_OK));
    spnego_write_completed(&out, negotiation, read->mic.len ? mac : NULL);
    if (negotiation->stage == SPNEGO_STAGE_OPEN)
        expect_reply(&out, NEG_ACCEPT_COMPLETED, bytes_none());
    else
        REQUIRE(out.len == 0);
}

/* What becomes of a message that SPNEGO gives to the acceptor. */
static ntlm_status_t give(ntlm_acceptor_t *acceptor, bytes_t message, int turn)
{
    static ntlm_handshake_t rooms[2];
    static uint8_t messages[2][NTLM_MESSAGES_MAX];
    static ntlm_claim_t claim;
    static const uint8_t name[] = {'W', 0, 'E', 0, 'B', 0};
    static const uint8_t nonce[NTLM_CHALLENGE_LEN] = {1, 2, 3, 4, 5, 6, 7, 8};
    const ntlm_policy_t policy = {.nb_computer = {name, sizeof name},
                                  .nb_domain = {name, sizeof name},
                                  .challenge_lifetime = TURNS_MAX};
    const ntlm_key_t key = {.nt_hash = {0xC3, 0x5A, 0x11, 0x98}, .state = NTLM_OK};
    ntlm_input_t input = {.token = message, .now = 1 + turn, .ticks = 1 + turn};
    ntlm_status_t status = ntlm_accept(acceptor, &policy, &input, &claim);
    input.nonce = nonce;
    input.room = &rooms[turn % 2];
    input.room->messages = writer_to(messages[turn % 2], ntlm_messages_len(&policy, message));
    if (status == NTLM_NEED_NONCE) status = ntlm_challenge(acceptor, &policy, &input, &claim);
    if (status == NTLM_NEED_KEY) status = ntlm_prove(acceptor, &policy, &claim, &key);
    REQUIRE(status != NTLM_OK && acceptor->state != NTLM_PROVEN);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ntlm_acceptor_t acceptor = {0};
    spnego_t negotiation = {0};
    reader_t in = reader_over((bytes_t){data, size});
    REQUIRE(crypto_open() == NULL);
    for (int turn = 0; turn < TURNS_MAX && in.at < size && !in.error; turn++) {
        bytes_t token = read_bytes(&in, read_u16(&in));
        if (in.error) token = bytes_from((bytes_t){data, size}, in.at);
        spnego_token_t read;
        const spnego_t before = negotiation;
        ntlm_status_t status = spnego_accept(&negotiation, token, &read);
        expect_read(&negotiation, &read, token, status);
        expect_listed(&negotiation, status);
        if (read.continues) REQUIRE(memcmp(&before, &negotiation, sizeof before) == 0);
        if (!read.continues) ntlm_forget(&acceptor);
        bool challenged = acceptor.state == NTLM_CHALLENGED;
        if (status == NTLM_OK) {
            expect_mic(&negotiation, &read);
            status = give(&acceptor, read.ntlm, turn);
            /* A Type 3 is looked at where a challenge of the same negotiation was answered. */
            REQUIRE(challenged || status == NTLM_CHALLENGE_SENT || status == NTLM_MALFORMED ||
                    status == NTLM_NOT_EXPECTED || status == NTLM_REPLAYED);
        }
        reply(&negotiation, status, ntlm_reply(&acceptor));
    }
    ntlm_forget(&acceptor);
    return 0;
}
