/* proofs.h - logins whose proof was made otherwise than it should be. */
#ifndef NTLM_UNIT_PROOFS_H
#define NTLM_UNIT_PROOFS_H

#include "replays.h"

#include "../../lib/explain/causes/proof.h"
#include "../../lib/ntlm/crypto.h"

/* Writes another proof; login: what the right one was made of. */
typedef void plant_t(uint8_t *proof, const replay_t *login);

static bytes_t in_utf16(const char *text)
{
    static uint8_t room[4][512];
    static size_t turn;
    writer_t out = writer_to(room[++turn % 4], sizeof room[0]);
    assert_true(unicode_write_utf8(&out, text));
    return written(&out);
}

static void prove_by(const uint8_t *hash, const char *names, bytes_t challenge, uint8_t *proof,
                     const replay_t *login)
{
    uint8_t v2[NTLM_KEY_LEN];
    const bytes_t parts[] = {challenge, login->claim.response.temp};
    assert_true(ntowfv2(hash, in_utf16(names), v2));
    assert_true(hmac_md5(v2, parts, 2, proof));
}

static bytes_t challenge_of(const replay_t *login)
{
    return (bytes_t){login->challenge.challenge, NTLM_CHALLENGE_LEN};
}

static void plant_nothing(uint8_t *proof, const replay_t *login)
{
    (void)proof;
    (void)login;
}

static void plant_utf8_password(uint8_t *proof, const replay_t *login)
{
    uint8_t hash[NTLM_KEY_LEN];
    assert_true(md4(bytes_of("Secret-1"), hash));
    prove_by(hash, "ALICECORP", challenge_of(login), proof, login);
}

static void plant_md5_password(uint8_t *proof, const replay_t *login)
{
    uint8_t hash[NTLM_KEY_LEN];
    assert_true(md5(in_utf16("Secret-1"), hash));
    prove_by(hash, "ALICECORP", challenge_of(login), proof, login);
}

static void plant_lower_domain(uint8_t *proof, const replay_t *login)
{
    prove_by(login->key.nt_hash, "ALICEcorp", challenge_of(login), proof, login);
}

static void plant_utf8_and_lower(uint8_t *proof, const replay_t *login)
{
    uint8_t hash[NTLM_KEY_LEN];
    assert_true(md4(bytes_of("Secret-1"), hash));
    prove_by(hash, "ALICEcorp", challenge_of(login), proof, login);
}

static void plant_no_challenge(uint8_t *proof, const replay_t *login)
{
    prove_by(login->key.nt_hash, "ALICECORP", bytes_none(), proof, login);
}

static void plant_reversed_challenge(uint8_t *proof, const replay_t *login)
{
    uint8_t reversed[NTLM_CHALLENGE_LEN];
    for (size_t i = 0; i < sizeof reversed; i++)
        reversed[i] = login->challenge.challenge[sizeof reversed - 1 - i];
    prove_by(login->key.nt_hash, "ALICECORP", (bytes_t){reversed, sizeof reversed}, proof, login);
}

static void plant_hash_as_key(uint8_t *proof, const replay_t *login)
{
    const bytes_t parts[] = {challenge_of(login), login->claim.response.temp};
    assert_true(hmac_md5(login->key.nt_hash, parts, 2, proof));
}

static void plant_wrong_password(uint8_t *proof, const replay_t *login)
{
    uint8_t hash[NTLM_KEY_LEN] = {9};
    prove_by(hash, "ALICECORP", challenge_of(login), proof, login);
}

/* A login of alice with "Secret-1", mended by plant; password: what is known of it. */
static subject_t subject_of(const char *password, plant_t *plant)
{
    client_t client = signing_alice();
    assert_true(ntowfv1(in_utf16("Secret-1"), key.nt_hash));
    memcpy(client.nt_hash, key.nt_hash, sizeof key.nt_hash);
    replay_t *login = replay_login(&client, 0);
    assert_int_equal(login->status, NTLM_OK);
    const size_t at = (size_t)(login->claim.response.proof.data - login->type3.data);
    plant((uint8_t *)(uintptr_t)login->type3.data + at, login);
    assert_null(replay_run(login));
    return (subject_t){.replay = login,
                       .has_password = password != NULL,
                       .password = password ? bytes_of(password) : bytes_none()};
}

static diagnosis_t planted(const char *password, plant_t *plant)
{
    diagnosis_t diagnosis = {.causes.count = 0};
    const subject_t subject = subject_of(password, plant);
    proof_causes(&diagnosis, &subject);
    return diagnosis;
}

/* That one, or none. */
static void assert_causes(diagnosis_t diagnosis, const char *id)
{
    if (diagnosis.causes.count > 0)
        assert_string_equal(diagnosis.causes.list[0].id, id);
    else
        assert_string_equal("", id);
    assert_true(diagnosis.causes.count <= 1);
    assert_int_equal(diagnosis.warnings.count, 0);
}

/* Whether the last login of subject_of() was made that way, with the right names. */
static bool fits(const replay_t *of, int way_of_key, int way_of_proof)
{
    hashed_password_t password = {.len = NTLM_KEY_LEN};
    hashed_name_t name = {.len = 0};
    const bytes_t names = in_utf16("ALICECORP");
    memcpy(password.key, of->key.nt_hash, NTLM_KEY_LEN);
    memcpy(name.bytes, names.data, name.len = names.len);
    return proof_fits(of, &(method_t){&password, &name, way_of_key, way_of_proof});
}

#endif
