/* Whole logins under SPNEGO: the recorded ones of t/vectors, every byte of them changed, and some
 * through the acceptor. */
#include "connection.h"
#include "negotiate.h"
#include "vectors.h"

#include "../../lib/ntlm/spnego/spnego.h"

static spnego_t current;

/* ---- recorded ---- */

typedef struct recorded_t {
    const vector_t *vector;
    size_t count;
    bytes_t tokens[TOKENS_MAX];
    bool from_client[TOKENS_MAX];
    size_t last; /* the client's last token, which has the Type 3 */
    bytes_t type2, type3, session_key;
    uint32_t flags;
} recorded_t;

static bool is_from_client(bytes_t token)
{
    neg_token_t parsed;
    if (neg_token_parse(token, &parsed)) fail_msg("a recorded token is malformed");
    if (parsed.has_hints || message_type(parsed.token) == 2) return false;
    return parsed.state != NEG_ACCEPT_COMPLETED && parsed.state != NEG_REQUEST_MIC;
}

static void read_recorded(const vector_t *vector, recorded_t *recorded)
{
    *recorded = (recorded_t){.vector = vector,
                             .type2 = hex(vector->type2),
                             .type3 = hex(vector->type3),
                             .session_key = hex(vector->exported_session_key)};
    for (size_t i = 0; i < TOKENS_MAX && vector->spnego[i]; i++) {
        recorded->tokens[i] = hex(vector->spnego[i]);
        recorded->from_client[i] = is_from_client(recorded->tokens[i]);
        if (recorded->from_client[i]) recorded->last = i;
        recorded->count++;
    }
    type2_t type2;
    type3_t type3;
    assert_true(!type2_parse(recorded->type2, &type2) && !type3_parse(recorded->type3, &type3));
    recorded->flags = type2.flags & type3.flags;
}

static size_t read_all(recorded_t *all)
{
    size_t count = 0;
    for (size_t i = 0; i < VECTORS; i++)
        if (vectors[i].spnego[0]) read_recorded(&vectors[i], &all[count++]);
    return count;
}

static void mac_of(const recorded_t *recorded, const spnego_t *negotiation, bool from_client,
                   uint8_t mac[NTLM_MAC_LEN])
{
    assert_true(message_mac(recorded->session_key.data, recorded->flags, from_client,
                            spnego_mech_types(negotiation), mac));
}

/* Answers a client's token as the recorded server did; false for a Type 3 that is refused. */
static bool reply_to(const recorded_t *recorded, spnego_t *negotiation, bytes_t token,
                     writer_t *out)
{
    spnego_token_t read;
    uint8_t mac[NTLM_MAC_LEN];
    ntlm_status_t status = spnego_accept(negotiation, token, &read);
    if (status == NTLM_SPNEGO_CONTINUES) {
        spnego_write_choice(out, negotiation);
        return true;
    }
    assert_int_equal(status, NTLM_OK);
    if (message_type(read.ntlm) == 1) {
        spnego_write_challenge(out, negotiation, recorded->type2);
        return true;
    }
    assert_true(read.continues && bytes_equal(read.ntlm, recorded->type3));
    assert_int_equal(read.mic.len, NTLM_MAC_LEN);
    mac_of(recorded, negotiation, true, mac);
    if (spnego_check_mic(negotiation, &read, mac) != NTLM_OK) return false;
    mac_of(recorded, negotiation, false, mac);
    spnego_write_completed(out, negotiation, mac);
    return true;
}

static void recorded_logins_pass_and_are_answered_as_they_were(void **state)
{
    (void)state;
    recorded_t all[VECTORS];
    size_t count = read_all(all), final = 0;
    assert_true(count >= 5);
    for (size_t i = 0; i < count; i++) {
        spnego_t negotiation = {0};
        for (size_t k = 0; k < all[i].count; k++) {
            uint8_t room[NTLM_TYPE2_MAX];
            writer_t out = writer_to(room, sizeof room);
            if (!all[i].from_client[k]) continue;
            if (!reply_to(&all[i], &negotiation, all[i].tokens[k], &out))
                fail_msg("%s: the mechListMIC is wrong", all[i].vector->id);
            if (k + 1 == all[i].count || all[i].from_client[k + 1]) continue;
            assert_true(bytes_equal(written(&out), all[i].tokens[k + 1]));
            final += negotiation.stage == SPNEGO_STAGE_OPEN && k + 2 == all[i].count;
        }
    }
    assert_int_equal(final, 4); /* so many have the server's last token, with its mechListMIC */
}

static void servers_tokens_are_refused(void **state)
{
    (void)state;
    recorded_t all[VECTORS];
    for (size_t i = read_all(all); i-- > 0;)
        for (size_t k = 0; k < all[i].count; k++) {
            spnego_token_t read;
            if (all[i].from_client[k]) continue;
            current = (spnego_t){.stage = SPNEGO_STAGE_NONE};
            assert_int_equal(spnego_accept(&current, all[i].tokens[k], &read),
                             NTLM_SPNEGO_MALFORMED);
        }
}

/* ---- the same, tampered with ---- */

/* What a server understood of a client's tokens. */
typedef struct understood_t {
    bool proven; /* the Type 3 arrived in a negotiation that was unbroken, and the MIC was right */
    spnego_t negotiation;
    size_t count;
    bytes_t messages[TOKENS_MAX];
} understood_t;

static void understand(const recorded_t *recorded, const bytes_t *tokens, understood_t *understood)
{
    bool challenged = false;
    *understood = (understood_t){.proven = false};
    for (size_t k = 0; k < recorded->count; k++) {
        spnego_token_t read;
        uint8_t mac[NTLM_MAC_LEN];
        if (!recorded->from_client[k]) continue;
        ntlm_status_t status = spnego_accept(&understood->negotiation, tokens[k], &read);
        if (!read.continues) challenged = false;
        if (status == NTLM_SPNEGO_CONTINUES) understood->negotiation.chosen = true;
        if (status != NTLM_OK) continue;
        understood->messages[understood->count++] = read.ntlm;
        if (k == recorded->last && challenged) {
            mac_of(recorded, &understood->negotiation, true, mac);
            understood->proven = spnego_check_mic(&understood->negotiation, &read, mac) == NTLM_OK;
        }
        challenged = true;
    }
}

static bool is_same(const understood_t *a, const understood_t *b)
{
    if (a->count != b->count || a->negotiation.mic_required != b->negotiation.mic_required ||
        a->negotiation.mech_count != b->negotiation.mech_count ||
        memcmp(a->negotiation.mechs, b->negotiation.mechs, SPNEGO_MECH_COUNT) != 0 ||
        !bytes_equal(spnego_mech_types(&a->negotiation), spnego_mech_types(&b->negotiation)))
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!bytes_equal(a->messages[i], b->messages[i])) return false;
    return true;
}

/* The message in a token: what is in it is for the acceptor, whose MIC covers it. */
static bool is_in_message(const understood_t *understood, const uint8_t *byte)
{
    for (size_t i = 0; i < understood->count; i++) {
        bytes_t message = understood->messages[i];
        if (byte >= message.data && byte < message.data + message.len) return true;
    }
    return false;
}

static void a_byte_that_is_changed_never_gives_another_login(void **state)
{
    (void)state;
    recorded_t all[VECTORS];
    size_t refused = 0, passed = 0;
    for (size_t i = read_all(all); i-- > 0;) {
        understood_t good, changed;
        understand(&all[i], all[i].tokens, &good);
        assert_true(good.proven);
        for (size_t k = 0; k < all[i].count; k++) {
            bytes_t tokens[TOKENS_MAX];
            memcpy(tokens, all[i].tokens, sizeof tokens);
            if (!all[i].from_client[k]) continue;
            uint8_t *copy = malloc(tokens[k].len);
            memcpy(copy, tokens[k].data, tokens[k].len);
            tokens[k].data = copy;
            for (size_t at = 0; at < tokens[k].len; at++) {
                if (is_in_message(&good, all[i].tokens[k].data + at)) continue;
                for (unsigned bits = 1; bits < 256; bits += at < 64 ? 1 : 17) {
                    copy[at] ^= (uint8_t)bits;
                    understand(&all[i], tokens, &changed);
                    if (changed.proven && !is_same(&good, &changed))
                        fail_msg("%s: token %zu, byte %zu, bits %02x", all[i].vector->id, k, at,
                                 bits);
                    refused += !changed.proven;
                    passed += changed.proven;
                    copy[at] ^= (uint8_t)bits;
                }
            }
            free(copy);
        }
    }
    assert_true(refused > passed && passed > 0);
}

static void what_is_cut_off_is_refused_at_every_byte(void **state)
{
    (void)state;
    recorded_t all[VECTORS];
    for (size_t i = read_all(all); i-- > 0;)
        for (size_t k = 0; k < all[i].count; k++)
            for (size_t len = 0; len < all[i].tokens[k].len; len++) {
                spnego_t negotiation = {0};
                spnego_token_t read;
                uint8_t *copy =
                    malloc(len + 1); /* of its size: a sanitizer sees a read beyond it */
                memcpy(copy, all[i].tokens[k].data, len);
                uint8_t *exact = realloc(copy, len ? len : 1);
                ntlm_status_t status = spnego_accept(&negotiation, (bytes_t){exact, len}, &read);
                free(exact);
                assert_int_equal(status, NTLM_SPNEGO_MALFORMED);
            }
}

static void bytes_behind_a_token_are_refused(void **state)
{
    (void)state;
    recorded_t all[VECTORS];
    for (size_t i = read_all(all); i-- > 0;)
        for (size_t k = 0; k < all[i].count; k++) {
            spnego_t negotiation = {0};
            spnego_token_t read;
            bytes_t longer = joined(all[i].tokens[k], hex("00"));
            assert_int_equal(spnego_accept(&negotiation, longer, &read), NTLM_SPNEGO_MALFORMED);
        }
}

/* ---- through the acceptor ---- */

/* Feeds a token to both, as who joins them has to. */
static ntlm_status_t send_negotiate(connection_t *c, bytes_t token, spnego_token_t *read)
{
    ntlm_status_t status = spnego_accept(&current, token, read);
    if (!read->continues) ntlm_forget(&c->acceptor);
    if (status != NTLM_OK) return status;
    status = send_token(c, read->ntlm);
    if (status == NTLM_CHALLENGE_SENT) {
        bytes_t type2 = ntlm_reply(&c->acceptor);
        memcpy(c->type1, read->ntlm.data, c->type1_len = read->ntlm.len);
        memcpy(c->type2, type2.data, c->type2_len = type2.len);
    }
    return status;
}

/* How a client signs its list of mechanisms. */
typedef struct signing_t {
    const char *list;           /* OIDs; NULL: no mechListMIC */
    const uint8_t *session_key; /* NULL: the session's own */
    bool as_server;
} signing_t;

static bytes_t client_mic(const signing_t *signing, uint32_t flags)
{
    static uint8_t mic[NTLM_MAC_LEN];
    const uint8_t *session_key = signing->session_key ? signing->session_key : client_session_key;
    if (!signing->list) return bytes_none();
    bytes_t list = element(0x30, hex(signing->list));
    assert_true(message_mac(session_key, flags, !signing->as_server, list, mic));
    return (bytes_t){mic, sizeof mic};
}

/* A client that lists these mechanisms gets its challenge. */
static void get_challenge(connection_t *c, const char *oids, uint32_t flags)
{
    spnego_token_t read;
    bytes_t type1 = client_type1(flags);
    current = (spnego_t){.stage = SPNEGO_STAGE_NONE};
    if (strncmp(oids, OID_NTLM, strlen(OID_NTLM)) == 0) {
        assert_int_equal(send_negotiate(c, neg_token_init(oids, type1), &read),
                         NTLM_CHALLENGE_SENT);
        return;
    }
    assert_int_equal(send_negotiate(c, neg_token_init(oids, hex("6e00")), &read),
                     NTLM_SPNEGO_CONTINUES);
    assert_int_equal(send_negotiate(c, neg_token_resp(1, type1, bytes_none()), &read),
                     NTLM_CHALLENGE_SENT);
}

/* It answers it, and what becomes of that. */
static ntlm_status_t answer_challenge(connection_t *c, signing_t signing)
{
    spnego_token_t read;
    uint8_t message[CLIENT_MESSAGE_MAX], mac[NTLM_MAC_LEN];
    type2_t type2;
    bytes_t type2_bytes = {c->type2, c->type2_len};
    assert_null(type2_parse(type2_bytes, &type2));
    bytes_t type3 = client_type3(&alice, (bytes_t){c->type1, c->type1_len}, type2_bytes, message);
    bytes_t token = neg_token_resp(1, type3, client_mic(&signing, type2.flags));
    ntlm_status_t status = send_negotiate(c, token, &read);
    if (status != NTLM_NEED_KEY) return status;
    status = ntlm_prove(&c->acceptor, &policy, &c->claim, &key);
    if (status != NTLM_OK) return status;
    assert_true(message_mac(c->claim.exported_session_key, c->claim.flags, true,
                            spnego_mech_types(&current), mac));
    return spnego_check_mic(&current, &read, mac);
}

static ntlm_status_t log_in_by(const char *oids, uint32_t flags, signing_t signing)
{
    connection_t *c = connect_client();
    alice.session_key_len = flags & NTLMSSP_NEGOTIATE_KEY_EXCH ? NTLM_KEY_LEN : 0;
    get_challenge(c, oids, flags);
    return answer_challenge(c, signing);
}

static const uint32_t flags_of_clients[] = {
    CLIENT_FLAGS,
    CLIENT_FLAGS_SIGNING,
    CLIENT_FLAGS_SIGNING & ~(uint32_t)NTLMSSP_NEGOTIATE_128,
    CLIENT_FLAGS_SIGNING & ~(NTLMSSP_NEGOTIATE_128 | NTLMSSP_NEGOTIATE_56),
};
enum { FLAGS = sizeof flags_of_clients / sizeof flags_of_clients[0] };
#define KERBEROS_FIRST OID_IAKERB OID_KERBEROS OID_NTLM

static void a_login_passes_with_ntlm_first_and_behind_others(void **state)
{
    (void)state;
    for (size_t i = 0; i < FLAGS; i++) {
        uint32_t flags = flags_of_clients[i];
        assert_int_equal(log_in_by(OID_NTLM, flags, (signing_t){.list = OID_NTLM}), NTLM_OK);
        assert_int_equal(log_in_by(OID_NTLM, flags, (signing_t){.list = NULL}), NTLM_OK);
        assert_int_equal(log_in_by(KERBEROS_FIRST, flags, (signing_t){.list = KERBEROS_FIRST}),
                         NTLM_OK);
    }
}

static void a_list_that_was_tampered_with_is_refused(void **state)
{
    (void)state;
    static const char *const sent[] = {OID_NTLM OID_KERBEROS, OID_KERBEROS,
                                       OID_KERBEROS OID_NTLM OID_IAKERB};
    for (size_t i = 0; i < FLAGS; i++)
        for (size_t k = 0; k < 3; k++) {
            signing_t signing = {.list = sent[k]};
            assert_int_equal(log_in_by(OID_NTLM, flags_of_clients[i], signing),
                             NTLM_SPNEGO_BAD_MIC);
            assert_int_equal(log_in_by(KERBEROS_FIRST, flags_of_clients[i], signing),
                             NTLM_SPNEGO_BAD_MIC);
        }
}

static void without_its_mic_a_login_by_second_choice_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < FLAGS; i++)
        assert_int_equal(log_in_by(KERBEROS_FIRST, flags_of_clients[i], (signing_t){.list = NULL}),
                         NTLM_SPNEGO_MIC_REQUIRED);
}

static void a_mic_of_another_key_or_of_the_server_is_refused(void **state)
{
    (void)state;
    static const uint8_t other_key[NTLM_KEY_LEN] = {1, 2, 3};
    for (size_t i = 0; i < FLAGS; i++) {
        uint32_t flags = flags_of_clients[i];
        const signing_t other = {.list = KERBEROS_FIRST, .session_key = other_key};
        const signing_t mirrored = {.list = KERBEROS_FIRST, .as_server = true};
        assert_int_equal(log_in_by(KERBEROS_FIRST, flags, other), NTLM_SPNEGO_BAD_MIC);
        assert_int_equal(log_in_by(KERBEROS_FIRST, flags, mirrored), NTLM_SPNEGO_BAD_MIC);
    }
}

static void a_wrong_password_is_one_whatever_its_mic_says(void **state)
{
    (void)state;
    alice.nt_hash[3] ^= 1;
    assert_int_equal(log_in_by(KERBEROS_FIRST, CLIENT_FLAGS, (signing_t){.list = NULL}),
                     NTLM_WRONG_PASSWORD);
    assert_int_equal(log_in_by(KERBEROS_FIRST, CLIENT_FLAGS, (signing_t){.list = KERBEROS_FIRST}),
                     NTLM_WRONG_PASSWORD);
}

/* The mechListMIC is demanded of who listed NTLM behind others: no other way leads to the proof. */
static void no_way_round_the_mic_leads_to_a_proof(void **state)
{
    (void)state;
    spnego_token_t read;
    uint8_t message[CLIENT_MESSAGE_MAX];
    for (int way = 0; way < 3; way++) {
        connection_t *c = connect_client();
        get_challenge(c, KERBEROS_FIRST, CLIENT_FLAGS);
        bytes_t type3 = client_type3(&alice, (bytes_t){c->type1, c->type1_len},
                                     (bytes_t){c->type2, c->type2_len}, message);
        bytes_t token = way == 0 ? type3 : neg_token_init(OID_NTLM, type3);
        if (way == 2) {
            assert_int_equal(send_negotiate(c, hex("a100"), &read), NTLM_SPNEGO_MALFORMED);
            token = neg_token_resp(1, type3, bytes_none());
        }
        assert_int_equal(send_negotiate(c, token, &read), NTLM_NOT_EXPECTED);
        assert_int_equal(c->acceptor.state, NTLM_FRESH);
    }
}

static void what_breaks_off_a_negotiation_ends_a_login(void **state)
{
    (void)state;
    static const char *const tokens[] = {"", "a100", "600f" OID_KERBEROS "01006e00"};
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
        spnego_token_t read;
        connection_t *c = connect_client();
        get_challenge(c, OID_NTLM, CLIENT_FLAGS);
        assert_int_equal(answer_challenge(c, (signing_t){.list = NULL}), NTLM_OK);
        assert_int_equal(c->acceptor.state, NTLM_PROVEN);
        assert_int_not_equal(send_negotiate(c, hex(tokens[i]), &read), NTLM_OK);
        assert_int_equal(c->acceptor.state, NTLM_FRESH);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(recorded_logins_pass_and_are_answered_as_they_were),
        TEST(servers_tokens_are_refused),
        TEST(a_byte_that_is_changed_never_gives_another_login),
        TEST(what_is_cut_off_is_refused_at_every_byte),
        TEST(bytes_behind_a_token_are_refused),
        TEST(a_login_passes_with_ntlm_first_and_behind_others),
        TEST(a_list_that_was_tampered_with_is_refused),
        TEST(without_its_mic_a_login_by_second_choice_is_refused),
        TEST(a_mic_of_another_key_or_of_the_server_is_refused),
        TEST(a_wrong_password_is_one_whatever_its_mic_says),
        TEST(no_way_round_the_mic_leads_to_a_proof),
        TEST(what_breaks_off_a_negotiation_ends_a_login),
    };
    return RUN_GROUP(tests);
}
