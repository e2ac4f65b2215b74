/* connection.h - a connection to an acceptor and a client on it, for tests of both. */
#ifndef NTLM_UNIT_CONNECTION_H
#define NTLM_UNIT_CONNECTION_H

#include "unit.h"

#include "../../lib/ntlm/acceptor.h"
#include "client.h"

enum { SECOND = 1000000, LIFETIME = 60 * SECOND };
#define NOW ((int64_t)1795000000 * SECOND)
#define TICKS ((int64_t)86400 * SECOND)

/* ---- one connection and its client ---- */

typedef struct connection_t {
    ntlm_acceptor_t acceptor;
    ntlm_handshake_t room[2];
    uint8_t messages[2][NTLM_MESSAGES_MAX];
    int turn;
    int64_t now, ticks; /* of clocks that began at different times */
    uint8_t type1[40], type2[NTLM_TYPE2_MAX];
    size_t type1_len, type2_len;
    ntlm_claim_t claim;
} connection_t;

static ntlm_policy_t policy_of_test(void)
{
    static const uint8_t computer[] = {'W', 0, 'E', 0, 'B', 0};
    static const uint8_t domain[] = {'C', 0, 'O', 0, 'R', 0, 'P', 0};
    return (ntlm_policy_t){.nb_computer = {computer, sizeof computer},
                           .nb_domain = {domain, sizeof domain},
                           .dns_computer = {computer, sizeof computer},
                           .dns_domain = {domain, sizeof domain},
                           .domain_joined = true,
                           .challenge_lifetime = LIFETIME};
}

static ntlm_policy_t policy;
static ntlm_key_t key;
static client_t alice;

static int each_test_begins_anew(void **state)
{
    (void)state;
    policy = policy_of_test();
    key = (ntlm_key_t){.nt_hash = {1, 2, 3}, .state = NTLM_OK};
    alice = (client_t){.user = "alice", .domain = "CORP", .nt_hash = {1, 2, 3}};
    return 0;
}

static ntlm_status_t send_token(connection_t *c, bytes_t token)
{
    static uint32_t counter; /* no two challenges of a test are the same */
    uint8_t nonce[8] = {0, 0, 0, 0, 5, 6, 7, 8};
    ntlm_input_t input = {.token = token, .now = c->now, .ticks = c->ticks};
    ntlm_status_t status = ntlm_accept(&c->acceptor, &policy, &input, &c->claim);
    if (status != NTLM_NEED_NONCE) return status;
    counter++;
    memcpy(nonce, &counter, sizeof counter);
    input.nonce = nonce;
    c->turn ^= 1;
    input.room = &c->room[c->turn];
    input.room->messages = writer_to(c->messages[c->turn], ntlm_messages_len(&policy, token));
    return ntlm_challenge(&c->acceptor, &policy, &input, &c->claim);
}

static ntlm_status_t send_type1(connection_t *c, uint32_t flags)
{
    bytes_t type1 = client_type1(flags);
    ntlm_status_t status = send_token(c, type1);
    bytes_t type2 = ntlm_reply(&c->acceptor);
    memcpy(c->type1, type1.data, c->type1_len = type1.len);
    memcpy(c->type2, type2.data, c->type2_len = type2.len);
    c->now += SECOND / 10;
    c->ticks += SECOND / 10;
    return status;
}

/* The client's answer to the newest Type 2 it has, and what becomes of it. */
static ntlm_status_t answer(connection_t *c, const client_t *client, const ntlm_key_t *account)
{
    uint8_t message[CLIENT_MESSAGE_MAX];
    bytes_t type3 = client_type3(client, (bytes_t){c->type1, c->type1_len},
                                 (bytes_t){c->type2, c->type2_len}, message);
    ntlm_status_t status = send_token(c, type3);
    return status == NTLM_NEED_KEY ? ntlm_prove(&c->acceptor, &policy, &c->claim, account) : status;
}

static connection_t *connect_client(void)
{
    static connection_t c;
    memset(&c, 0, sizeof c);
    c.now = NOW;
    c.ticks = TICKS;
    return &c;
}

static ntlm_status_t log_in(connection_t *c, const client_t *client)
{
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    return answer(c, client, &key);
}

#define TEST(function) cmocka_unit_test_setup(function, each_test_begins_anew)

#endif
