/* client.h - an NTLM client for tests: makes Type 1 and Type 3 messages. */
#ifndef NTLM_UNIT_CLIENT_H
#define NTLM_UNIT_CLIENT_H

#include <stdlib.h>
#include <string.h>

#include "../../lib/ntlm/avpairs.h"
#include "../../lib/ntlm/basic/answer.h"
#include "../../lib/ntlm/response.h"
#include "../../lib/ntlm/unicode.h"

enum { CLIENT_MESSAGE_MAX = 4096 };

/* What Chromium offers, and what a client offers that signs and exchanges a key. */
#define CLIENT_FLAGS 0xA2088207U
#define CLIENT_FLAGS_SIGNING 0xE2088237U

typedef struct client_t {
    const char *user, *domain;
    uint8_t nt_hash[NTLM_KEY_LEN];
    uint32_t flags;          /* of the Type 3; 0: those of the Type 2 */
    bool no_mic;             /* leave MsvAvFlags and the MIC out */
    bool no_version;         /* put the MIC at 64 */
    const char *hash_domain; /* the domain to hash, if not the one that is sent */
    const uint8_t *binding;  /* NTLM_BINDING_LEN bytes, or NULL */
    const uint8_t *pairs;    /* AV pairs to send instead of the server's, or NULL */
    size_t pairs_len;
    const char *spn;        /* MsvAvTargetName, or NULL */
    uint32_t av_flags;      /* of MsvAvFlags, beside the MIC's */
    size_t session_key_len; /* of EncryptedRandomSessionKey */
    size_t single_host_len; /* of MsvAvSingleHost; 0: none */
} client_t;

/* Valid until the next call. */
static bytes_t client_type1(uint32_t flags)
{
    static uint8_t message[40];
    writer_t out = writer_to(message, sizeof message);
    write_bytes(&out, (bytes_t){(const uint8_t *)"NTLMSSP", 8});
    write_u32(&out, 1);
    write_u32(&out, flags);
    write_u64(&out, 0);
    write_u64(&out, 0);
    write_u64(&out, 0);
    return written(&out);
}

/* The server's pairs without their MsvAvEOL, and the client's own behind them. */
static void client_pairs(writer_t *out, const client_t *client, const type2_t *type2)
{
    const uint32_t av_flags = client->av_flags | (client->no_mic ? 0 : MSV_AV_FLAG_MIC_PRESENT);
    const uint8_t flags[4] = {(uint8_t)av_flags};
    const uint8_t single_host[128] = {(uint8_t)client->single_host_len}; /* Size, and the rest */
    uint8_t spn[512];
    writer_t spn_out = writer_to(spn, sizeof spn);
    bytes_t pairs = {type2->target_info.data, type2->target_info.len - 4};
    if (client->pairs) pairs = (bytes_t){client->pairs, client->pairs_len};
    write_bytes(out, pairs);
    if (av_flags) avpairs_append(out, MsvAvFlags, (bytes_t){flags, sizeof flags});
    if (client->single_host_len)
        avpairs_append(out, MsvAvSingleHost, (bytes_t){single_host, client->single_host_len});
    if (client->binding)
        avpairs_append(out, MsvAvChannelBindings, (bytes_t){client->binding, NTLM_BINDING_LEN});
    if (client->spn) {
        unicode_write_utf8(&spn_out, client->spn);
        avpairs_append(out, MsvAvTargetName, written(&spn_out));
    }
    avpairs_append(out, MsvAvEOL, (bytes_t){NULL, 0});
}

static size_t client_nt_response(const client_t *client, const type2_t *type2, uint8_t *response,
                                 size_t size, uint8_t session_key[NTLM_KEY_LEN])
{
    uint8_t name[1024], user[512], pairs[2048], key[NTLM_KEY_LEN];
    writer_t user_out = writer_to(user, sizeof user), name_out = writer_to(name, sizeof name);
    writer_t out = writer_to(response, size), pairs_out = writer_to(pairs, sizeof pairs);
    unicode_write_utf8(&user_out, client->user);
    unicode_write_upper(&name_out, written(&user_out), UNICODE_UPPER_NT4);
    unicode_write_utf8(&name_out, client->hash_domain ? client->hash_domain : client->domain);
    client_pairs(&pairs_out, client, type2);
    const answer_t said = {0x01DD79463E2D8000U, 0x1111111111111111U, written(&pairs_out)};
    if (!ntowfv2(client->nt_hash, written(&name_out), key) ||
        !answer_write(&out, key, type2->challenge, &said) ||
        !session_base_key(key, (bytes_t){response, NTLM_PROOF_LEN}, session_key))
        abort();
    return out.len;
}

static bytes_t client_text(uint8_t *room, size_t size, const char *text)
{
    writer_t out = writer_to(room, size);
    unicode_write_utf8(&out, text);
    return written(&out);
}

/* The ExportedSessionKey of the last Type 3. */
static uint8_t client_session_key[NTLM_KEY_LEN];

/* The Type 3 in message[CLIENT_MESSAGE_MAX]; answers type2_bytes. */
static bytes_t client_type3(const client_t *client, bytes_t type1, bytes_t type2_bytes,
                            uint8_t *message)
{
    uint8_t response[2048], user[512], domain[1024], key[NTLM_KEY_LEN], mic[NTLM_MIC_LEN];
    const uint8_t random_key[NTLM_KEY_LEN] = {7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5, 9, 0, 4, 5, 2};
    type2_t type2;
    if (type2_parse(type2_bytes, &type2)) abort();
    size_t response_len = client_nt_response(client, &type2, response, sizeof response, key);
    bytes_t parts[] = {{NULL, 0},
                       {response, response_len},
                       client_text(domain, sizeof domain, client->domain),
                       client_text(user, sizeof user, client->user),
                       {NULL, 0},
                       {random_key, client->session_key_len}};
    uint32_t flags = client->flags ? client->flags : type2.flags;
    bool exchanged = (flags & NTLMSSP_NEGOTIATE_KEY_EXCH) && client->session_key_len;
    size_t mic_offset = client->no_version ? 64 : 72;
    size_t at = client->no_mic ? mic_offset : mic_offset + NTLM_MIC_LEN;
    writer_t out = writer_to(message, CLIENT_MESSAGE_MAX);
    write_bytes(&out, (bytes_t){(const uint8_t *)"NTLMSSP", 8});
    write_u32(&out, 3);
    for (int i = 0; i < 6; at += parts[i++].len) write_field(&out, parts[i].len, at);
    write_u32(&out, flags);
    if (!client->no_version) write_u64(&out, 0x0F00000000000A00U);
    if (!client->no_mic) write_bytes(&out, (bytes_t){(const uint8_t[NTLM_MIC_LEN]){0}, 16});
    for (int i = 0; i < 6; i++) write_bytes(&out, parts[i]);
    if (!exported_session_key(key, exchanged, parts[5], client_session_key)) abort();
    const bytes_t messages[] = {type1, type2_bytes, written(&out)};
    if (!client->no_mic && message_mic(client_session_key, messages, mic_offset, mic))
        memcpy(message + mic_offset, mic, sizeof mic);
    return written(&out);
}

#endif
