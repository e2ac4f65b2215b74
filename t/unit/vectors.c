/* Every recorded and hand-made exchange of t/vectors gets its expected verdict,
 * and every value on the way to it. */
#include "unit.h"
#include "vectors.h"

#include "../../lib/ntlm/acceptor.h"
#include "../../lib/ntlm/response.h"

/* What each reason of the vectors is called here. */
static const struct {
    const char *reason;
    ntlm_status_t status, or_status;
} reasons[] = {
    {"ok", NTLM_OK, NTLM_OK},
    {"wrong-password", NTLM_WRONG_PASSWORD, NTLM_STALE_CHALLENGE},
    {"ntlmv1", NTLM_NTLMV1, NTLM_NTLMV1},
    {"ntlm2-session", NTLM_NTLM2_SESSION, NTLM_NTLM2_SESSION},
    {"no-nt-response", NTLM_NO_NT_RESPONSE, NTLM_NO_NT_RESPONSE},
    {"anonymous", NTLM_ANONYMOUS, NTLM_ANONYMOUS},
    {"bad-mic", NTLM_BAD_MIC, NTLM_BAD_MIC},
    {"mic-missing", NTLM_MIC_MISSING, NTLM_MIC_MISSING},
    {"mic-required", NTLM_MIC_REQUIRED, NTLM_MIC_REQUIRED},
    {"cb-mismatch", NTLM_BINDING_MISMATCH, NTLM_BINDING_MISMATCH},
    {"cb-required", NTLM_BINDING_REQUIRED, NTLM_BINDING_REQUIRED},
    {"bad-session-key-length", NTLM_BAD_SESSION_KEY, NTLM_BAD_SESSION_KEY},
    {"duplicate-av-pair", NTLM_MALFORMED, NTLM_MALFORMED},
    {"bad-av-length", NTLM_MALFORMED, NTLM_MALFORMED},
    {"bad-resp-type", NTLM_MALFORMED, NTLM_MALFORMED},
    {"malformed", NTLM_MALFORMED, NTLM_MALFORMED},
    {"av-pair-", NTLM_ECHO_MISMATCH, NTLM_STALE_CHALLENGE},
};

static bool is_expected(const char *reason, ntlm_status_t status)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (strncmp(reason, reasons[i].reason, strlen(reasons[i].reason)) == 0)
            return status == reasons[i].status || status == reasons[i].or_status;
    return false;
}

typedef struct replay_t {
    ntlm_status_t status;
    ntlm_claim_t claim;
    ntlm_policy_t policy;
    uint8_t binding[1][NTLM_BINDING_LEN];
    bytes_t type2;
} replay_t;

static void set_policy(replay_t *replay, const vector_t *vector)
{
    replay->policy = (ntlm_policy_t){.challenge_lifetime = 1, .require_mic = vector->require_mic};
    if (!vector->cb) return;
    replay->policy.binding = strcmp(vector->cb, "require") == 0 ? NTLM_REQUIRE : NTLM_ALLOW;
    replay->policy.bindings = (const uint8_t(*)[NTLM_BINDING_LEN])replay->binding;
    replay->policy.bindings_count = 1;
    assert_true(channel_binding(hex(vector->cb_appdata), replay->binding[0]));
}

static void replay_vector(const vector_t *vector, replay_t *replay)
{
    ntlm_acceptor_t acceptor = {0};
    ntlm_handshake_t *room = malloc(sizeof *room + NTLM_MESSAGES_MAX);
    ntlm_key_t key = {.state = NTLM_OK};
    room->messages = writer_to((uint8_t *)(room + 1), NTLM_MESSAGES_MAX);
    replay->type2 = hex(vector->type2);
    set_policy(replay, vector);
    memcpy(key.nt_hash, hex(vector->nt_hash).data, NTLM_KEY_LEN);
    assert_null(ntlm_resume(&acceptor, room, hex(vector->type1), replay->type2, 1));
    assert_bytes(((bytes_t){room->type2.challenge, 8}), vector->challenge);
    ntlm_input_t input = {.token = hex(vector->type3), .ticks = 1};
    replay->status = ntlm_accept(&acceptor, &replay->policy, &input, &replay->claim);
    if (replay->status == NTLM_NEED_KEY)
        replay->status = ntlm_prove(&acceptor, &replay->policy, &replay->claim, &key);
    assert_int_equal(acceptor.state, replay->status == NTLM_OK ? NTLM_PROVEN : NTLM_FRESH);
    free(room);
}

static void every_vector_gets_its_expected_verdict(void **state)
{
    (void)state;
    int wrong = 0;
    assert_true(VECTORS >= 66);
    for (size_t i = 0; i < VECTORS; i++) {
        replay_t replay;
        replay_vector(&vectors[i], &replay);
        bool accepted = replay.status == NTLM_OK;
        if (accepted == (strcmp(vectors[i].verdict, "accept") == 0) &&
            is_expected(vectors[i].reason, replay.status))
            continue;
        wrong++;
        print_error("%s: expected %s (%s), is %s (%s)\n", vectors[i].id, vectors[i].verdict,
                    vectors[i].reason, ntlm_status_name(replay.status),
                    replay.claim.detail ? replay.claim.detail : "");
    }
    assert_int_equal(wrong, 0);
}

static void names_are_read_as_the_vectors_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < VECTORS; i++) {
        replay_t replay;
        if (!vectors[i].user) continue;
        replay_vector(&vectors[i], &replay);
        if (replay.status != NTLM_OK && replay.status != NTLM_WRONG_PASSWORD) continue;
        assert_string_equal(replay.claim.user, vectors[i].user);
        assert_string_equal(replay.claim.domain, vectors[i].domain);
        assert_string_equal(replay.claim.workstation, vectors[i].workstation);
    }
}

/* The Upper(User) || Domain that an accepted claim turned out to be hashed over. */
static bytes_t hashed_name(const ntlm_claim_t *claim, uint8_t *room, size_t size)
{
    writer_t out = writer_to(room, size);
    unicode_write_upper(&out, claim->user_utf16, claim->upper_rule);
    if (claim->domain_form == NTLM_DOMAIN_AS_SENT) write_bytes(&out, claim->domain_utf16);
    if (claim->domain_form == NTLM_DOMAIN_UPPER)
        unicode_write_upper(&out, claim->domain_utf16, claim->upper_rule);
    return written(&out);
}

static void keys_are_computed_as_the_vectors_say(void **state)
{
    (void)state;
    int accepted = 0;
    for (size_t i = 0; i < VECTORS; i++) {
        replay_t replay;
        uint8_t name[1024], key[16], proof[16];
        replay_vector(&vectors[i], &replay);
        if (replay.status != NTLM_OK) continue;
        bytes_t hash = hex(vectors[i].nt_hash), challenge = hex(vectors[i].challenge);
        assert_true(ntowfv2(hash.data, hashed_name(&replay.claim, name, sizeof name), key));
        assert_key(key, vectors[i].ntowfv2);
        assert_true(nt_proof(key, challenge.data, replay.claim.response.temp, proof));
        assert_key(proof, vectors[i].nt_proof);
        assert_true(session_base_key(key, (bytes_t){proof, 16}, key));
        assert_key(key, vectors[i].session_base_key);
        assert_key(replay.claim.exported_session_key, vectors[i].exported_session_key);
        accepted++;
    }
    assert_true(accepted >= 30);
}

static void mics_bindings_and_name_forms_are_seen_as_the_vectors_say(void **state)
{
    (void)state;
    static const char *const mics[] = {NULL, "absent", NULL, "ok", "bad"};
    static const char *const bindings[] = {NULL, "absent", "zero", "present-unchecked", "match"};
    static const char *const forms[] = {"as-sent", "upper", "empty"};
    for (size_t i = 0; i < VECTORS; i++) {
        replay_t replay;
        replay_vector(&vectors[i], &replay);
        if (replay.status != NTLM_OK) continue;
        assert_string_equal(mics[replay.claim.mic], vectors[i].mic);
        assert_int_equal(replay.claim.mic_offset, vectors[i].mic_offset);
        if (vectors[i].cb_result)
            assert_string_equal(bindings[replay.claim.binding], vectors[i].cb_result);
        assert_string_equal(forms[replay.claim.domain_form], vectors[i].domain_form);
    }
}

static void passwords_give_their_hashes(void **state)
{
    (void)state;
    for (size_t i = 0; i < VECTORS; i++) {
        uint8_t wide[256], hash[16];
        writer_t out = writer_to(wide, sizeof wide);
        if (!vectors[i].password || !vectors[i].nt_hash || !*vectors[i].nt_hash) continue;
        assert_true(unicode_write_utf8(&out, vectors[i].password));
        assert_true(ntowfv1(written(&out), hash));
        assert_key(hash, vectors[i].nt_hash);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vector_gets_its_expected_verdict),
        cmocka_unit_test(names_are_read_as_the_vectors_say),
        cmocka_unit_test(keys_are_computed_as_the_vectors_say),
        cmocka_unit_test(mics_bindings_and_name_forms_are_seen_as_the_vectors_say),
        cmocka_unit_test(passwords_give_their_hashes),
    };
    return RUN_GROUP(tests);
}
