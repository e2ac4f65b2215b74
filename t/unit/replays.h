/* replays.h - recorded logins for the tests of what is said about them. */
#ifndef NTLM_UNIT_REPLAYS_H
#define NTLM_UNIT_REPLAYS_H

#include "connection.h"

#include "../../lib/explain/replay.h"

/* A login of that client, recorded with a real acceptor, and run again. The
 * messages stay until the next one. alter: a byte of the Type 3 to flip, or 0. */
static replay_t *replay_login(const client_t *client, size_t alter)
{
    static replay_t replay;
    static uint8_t message[CLIENT_MESSAGE_MAX];
    connection_t *c = connect_client();
    assert_int_equal(send_type1(c, CLIENT_FLAGS_SIGNING), NTLM_CHALLENGE_SENT);
    replay = (replay_t){.type1 = {c->type1, c->type1_len},
                        .type2 = {c->type2, c->type2_len},
                        .policy = policy,
                        .key = key};
    replay.type3 = client_type3(client, replay.type1, replay.type2, message);
    if (alter) message[alter] ^= 1;
    assert_null(replay_run(&replay));
    return &replay;
}

static client_t signing_alice(void)
{
    client_t client = alice;
    client.session_key_len = NTLM_KEY_LEN;
    return client;
}

#endif
