#include "handshake.h"

#include <string.h>

#include <apr_strings.h>

#include "../fault/damage.h"
#include "../record/shared.h"
#include "../record/times.h"
#include "../site/octets.h"
#include "challenge.h"
#include "forward.h"

void handshake_forget(bench_conn_t *conn)
{
    ntlm_forget(&conn->acceptor);
    conn->asked = conn->broken = NULL;
    conn->second = bytes_none();
}

/* ---- the challenge ---- */

/* What is longer than recorded messages may be, the acceptor takes as it takes its own. */
static const char *await_long(bench_conn_t *conn, bytes_t type1, bytes_t type2, int64_t ticks)
{
    const size_t len = type1.len + type2.len;
    ntlm_handshake_t *handshake = &conn->handshake;
    handshake->messages = writer_to(apr_palloc(conn->login_pool, len), len);
    write_bytes(&handshake->messages, type1);
    write_bytes(&handshake->messages, type2);
    handshake->type1_len = type1.len;
    handshake->issued = ticks;
    const bytes_t sent = bytes_from(written(&handshake->messages), type1.len);
    const char *why = type2_parse(sent, &handshake->type2);
    if (why) return why;
    conn->acceptor = (ntlm_acceptor_t){.state = NTLM_CHALLENGED, .handshake = handshake};
    return NULL;
}

static const char *await(bench_conn_t *conn, bytes_t type1, bytes_t type2, int64_t ticks)
{
    conn->handshake =
        (ntlm_handshake_t){.messages = writer_to(conn->messages, sizeof conn->messages)};
    if (type2.len > NTLM_TYPE2_MAX) return await_long(conn, type1, type2, ticks);
    return ntlm_resume(&conn->acceptor, &conn->handshake, type1, type2, ticks);
}

/* Writes one that differs from all others; in room of CHALLENGE_MAX bytes. */
static bytes_t write_one(taken_t *taken, uint32_t client_flags, int64_t now, uint8_t *room)
{
    uint8_t nonce[NTLM_CHALLENGE_LEN];
    writer_t type2 = writer_to(room, CHALLENGE_MAX);
    if (apr_generate_random_bytes(nonce, sizeof nonce) != APR_SUCCESS) return bytes_none();
    challenge_write(&type2, site_of_bench(), &taken->settings->shape, client_flags, nonce, now);
    return written(&type2);
}

/* The other one's time tells which of them is answered. */
static void add_second(taken_t *taken, uint32_t client_flags)
{
    uint8_t room[CHALLENGE_MAX];
    const bytes_t second = write_one(taken, client_flags, taken->input.now + 1, room);
    taken->conn->second = octets_copy(taken->conn->login_pool, second);
    taken->replies[1] = octets_base64(taken->r->pool, second);
}

static ntlm_status_t challenge(taken_t *taken, ntlm_claim_t *claim)
{
    bench_conn_t *conn = taken->conn;
    const damage_t damage = taken->settings->fault.damage;
    uint8_t room[CHALLENGE_MAX];
    type1_t type1;
    claim->detail = type1_parse(taken->input.token, &type1);
    if (claim->detail) return NTLM_MALFORMED;
    const bytes_t type2 = write_one(taken, type1.flags, taken->input.now, room);
    if (type2.len == 0) return NTLM_CRYPTO_FAILED;
    apr_pool_clear(conn->login_pool); /* nobody is logged in: handshake_take() has seen to that */
    conn->asked = apr_pstrdup(conn->login_pool, taken->bench->path);
    taken->replies[0] = octets_base64(taken->r->pool, type2);
    if (taken->fault == FAULT_DAMAGE) {
        taken->replies[0] = damage_token(taken->r->pool, damage, type2);
        conn->broken = taken->bench->record->course.broken = damage_words(damage);
        return NTLM_CHALLENGE_SENT;
    }
    claim->detail = await(conn, taken->input.token, type2, taken->input.ticks);
    if (claim->detail) return NTLM_MALFORMED;
    if (taken->fault == FAULT_TWO) add_second(taken, type1.flags);
    return NTLM_CHALLENGE_SENT;
}

/* ---- whose answer it is ---- */

/* The record is judged by what was answered. */
static void await_again(taken_t *taken, bytes_t type1, bytes_t type2, int64_t ticks)
{
    record_t *record = taken->bench->record;
    if (await(taken->conn, type1, type2, ticks)) return;
    record->type1 = octets_copy(record->pool, type1);
    record->type2 = octets_copy(record->pool, type2);
}

static void look_for_second(taken_t *taken)
{
    const bench_conn_t *conn = taken->conn;
    const ntlm_handshake_t *handshake = conn->acceptor.handshake;
    const bytes_t time = time_of_type3(taken->input.token);
    if (conn->second.len == 0 || !handshake || time.len == 0) return;
    if (!bytes_equal(time, time_of_type2(conn->second))) return;
    const bytes_t type1 = {handshake->messages.data, handshake->type1_len};
    await_again(taken, octets_copy(taken->r->pool, type1), conn->second, handshake->issued);
}

static void look_elsewhere(taken_t *taken)
{
    shared_t shared;
    if (taken->settings->shares_challenges &&
        shared_find(taken->r->pool, taken->bench->record, &shared))
        await_again(taken, shared.type1, shared.type2, shared.left);
}

/* ---- the answer ---- */

/* Whom the place means by these names, or NULL. */
static const site_account_t *account_of(const taken_t *taken, const ntlm_claim_t *claim)
{
    const settings_t *settings = taken->settings;
    const bench_t *bench = taken->bench;
    const bool has_place = bench->forwards && !bench->place_is_named && !bench->place_is_unknown;
    const char *user = has_place ? forward_user(taken->r->pool, claim->user) : claim->user;
    site_t alone;
    if (!settings->user) return site_account(site_of_bench(), user, claim->domain);
    const site_account_t *account =
        site_account_of(taken->r->pool, settings->domain, settings->user, settings->password);
    if (!account) return NULL;
    alone = *site_of_bench();
    alone.accounts = apr_array_make(taken->r->pool, 1, sizeof *account);
    *(site_account_t *)apr_array_push(alone.accounts) = *account;
    return site_account(&alone, user, claim->domain) ? account : NULL;
}

static ntlm_status_t prove(taken_t *taken, ntlm_claim_t *claim)
{
    const site_account_t *account = account_of(taken, claim);
    record_t *record = taken->bench->record;
    ntlm_key_t key = {.state = NTLM_OK};
    if (account) {
        memcpy(key.nt_hash, account->nt_hash, NTLM_KEY_LEN);
        if (account->disabled) key.state = NTLM_ACCOUNT_DISABLED;
        record->account =
            *site_account_of(record->pool, account->domain, account->user, account->password);
        record->account.disabled = account->disabled;
        record->knows_account = true;
    }
    taken->policy.bindings = (const uint8_t(*)[NTLM_BINDING_LEN])record->bindings;
    taken->policy.bindings_count = record->bindings_count;
    return ntlm_prove(&taken->conn->acceptor, &taken->policy, claim, account ? &key : NULL);
}

/* What the acceptor says of it. */
static ntlm_status_t accept_message(taken_t *taken, ntlm_claim_t *claim)
{
    bench_conn_t *conn = taken->conn;
    ntlm_status_t status = ntlm_accept(&conn->acceptor, &taken->policy, &taken->input, claim);
    conn->asked = conn->broken = NULL;
    conn->second = bytes_none();
    if (status == NTLM_NEED_NONCE) return challenge(taken, claim);
    return status == NTLM_NEED_KEY ? prove(taken, claim) : status;
}

const char *handshake_take(taken_t *taken, ntlm_claim_t *claim)
{
    bench_conn_t *conn = taken->conn;
    const bool is_answer = message_type(taken->input.token) == 3;
    if (conn->asked && strcmp(conn->asked, taken->bench->path) != 0) handshake_forget(conn);
    if (taken->fault == FAULT_FORGET) {
        handshake_forget(conn);
        conn->acceptor = (ntlm_acceptor_t){.state = NTLM_FRESH};
    }
    if (is_answer && conn->broken) {
        claim->detail = taken->bench->record->course.broken = conn->broken;
        handshake_forget(conn);
        return "answered-broken-challenge";
    }
    if (is_answer) look_for_second(taken);
    if (is_answer) look_elsewhere(taken);
    return ntlm_status_name(accept_message(taken, claim));
}
