/* What a whole handshake costs in the core, beside the four HMAC-MD5 that are its substance: in
 * time, the two in turns, and under valgrind --tool=callgrind in instructions, a dump each, in
 * which "desc: Trigger: Client Request: NAME TIMES" says whose. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/callgrind.h>

#include "../../lib/ntlm/acceptor.h"
#include "../../lib/ntlm/crypto.h"
#include "../unit/client.h"
#include "times.h"

enum { HANDSHAKES = 200, BLOCK = 64 };

/* ---- a handshake ---- */

typedef struct handshake_t {
    ntlm_policy_t policy;
    ntlm_key_t key;
    client_t client;
    ntlm_acceptor_t acceptor;
    ntlm_handshake_t room;
    uint8_t messages[NTLM_MESSAGES_MAX];
    ntlm_claim_t claim;
    bytes_t type1, type2, type3;
} handshake_t;

static ntlm_status_t send_token(handshake_t *h, bytes_t token)
{
    static const uint8_t nonce[NTLM_CHALLENGE_LEN] = {1, 2, 3, 4, 5, 6, 7, 8};
    const ntlm_input_t input = {token, 1795000000000000, 1, nonce, &h->room};
    ntlm_status_t status = ntlm_accept(&h->acceptor, &h->policy, &input, &h->claim);
    if (status != NTLM_NEED_NONCE) return status;
    h->room.messages = writer_to(h->messages, sizeof h->messages);
    return ntlm_challenge(&h->acceptor, &h->policy, &input, &h->claim);
}

/* With the same nonce and time each Type 2 is the same: one Type 3 answers all. */
static void log_in(handshake_t *h)
{
    if (send_token(h, h->type1) != NTLM_CHALLENGE_SENT ||
        send_token(h, h->type3) != NTLM_NEED_KEY ||
        ntlm_prove(&h->acceptor, &h->policy, &h->claim, &h->key) != NTLM_OK)
        abort();
}

static void prepare(handshake_t *h)
{
    static const uint8_t web[] = {'W', 0, 'E', 0, 'B', 0};
    static uint8_t message[CLIENT_MESSAGE_MAX], type2[NTLM_TYPE2_MAX];
    h->policy = (ntlm_policy_t){.nb_computer = {web, sizeof web},
                                .dns_computer = {web, sizeof web},
                                .challenge_lifetime = 60000000};
    h->key = (ntlm_key_t){.nt_hash = {1, 2, 3}, .state = NTLM_OK};
    h->client = (client_t){.user = "alice", .domain = "CORP", .nt_hash = {1, 2, 3}};
    h->type1 = client_type1(CLIENT_FLAGS);
    if (send_token(h, h->type1) != NTLM_CHALLENGE_SENT) abort();
    bytes_t sent = ntlm_reply(&h->acceptor);
    memcpy(type2, sent.data, sent.len);
    h->type2 = (bytes_t){type2, sent.len};
    h->type3 = client_type3(&h->client, h->type1, h->type2, message);
}

/* ---- its HMACs: by hand, over a context that stays and a digest that was fetched once ---- */

typedef struct bare_t {
    EVP_MD *md5;
    EVP_MD_CTX *context;
} bare_t;

static void bare_hmac(const bare_t *bare, const uint8_t key[NTLM_KEY_LEN], const bytes_t *parts,
                      size_t count, uint8_t digest[NTLM_KEY_LEN])
{
    uint8_t inner[BLOCK], outer[BLOCK];
    memset(inner, 0x36, sizeof inner);
    memset(outer, 0x5c, sizeof outer);
    for (size_t i = 0; i < NTLM_KEY_LEN; i++) {
        inner[i] ^= key[i];
        outer[i] ^= key[i];
    }
    EVP_DigestInit_ex2(bare->context, bare->md5, NULL);
    EVP_DigestUpdate(bare->context, inner, sizeof inner);
    for (size_t i = 0; i < count; i++) EVP_DigestUpdate(bare->context, parts[i].data, parts[i].len);
    EVP_DigestFinal_ex(bare->context, digest, NULL);
    EVP_DigestInit_ex2(bare->context, bare->md5, NULL);
    EVP_DigestUpdate(bare->context, outer, sizeof outer);
    EVP_DigestUpdate(bare->context, digest, NTLM_KEY_LEN);
    EVP_DigestFinal_ex(bare->context, digest, NULL);
}

/* NTOWFv2, the proof, the session key and the MIC. */
static void compute(const bare_t *bare, const handshake_t *h)
{
    uint8_t digest[NTLM_KEY_LEN];
    const uint8_t *key = h->key.nt_hash;
    const bytes_t name = {h->type3.data, 18}, proof = {h->type3.data, NTLM_PROOF_LEN};
    const bytes_t temp = bytes_from(h->type3, 200), messages[] = {h->type1, h->type2, h->type3};
    bare_hmac(bare, key, &name, 1, digest);
    bare_hmac(bare, key, &temp, 1, digest);
    bare_hmac(bare, key, &proof, 1, digest);
    bare_hmac(bare, key, messages, 3, digest);
}

/* ---- both ---- */

static void write_down(const char *what)
{
    char text[64];
    snprintf(text, sizeof text, "%s %d", what, HANDSHAKES);
    CALLGRIND_DUMP_STATS_AT(text);
}

/* The first run warms up. */
static void count_instructions(handshake_t *h, const bare_t *bare)
{
    for (int i = 0; i < HANDSHAKES; i++) log_in(h);
    for (int i = 0; i < HANDSHAKES; i++) compute(bare, h);
    CALLGRIND_ZERO_STATS;
    for (int i = 0; i < HANDSHAKES; i++) log_in(h);
    write_down("handshake");
    for (int i = 0; i < HANDSHAKES; i++) compute(bare, h);
    write_down("bare");
}

static void take_times(handshake_t *h, const bare_t *bare)
{
    static double whole[BATCHES], hmacs[BATCHES];
    for (int b = 0; b < BATCHES; b++) {
        double start = now();
        for (int i = 0; i < HANDSHAKES; i++) log_in(h);
        double middle = now();
        for (int i = 0; i < HANDSHAKES; i++) compute(bare, h);
        whole[b] = (middle - start) * 1e6 / HANDSHAKES;
        hmacs[b] = (now() - middle) * 1e6 / HANDSHAKES;
    }
    double login = median(whole), alone = median(hmacs);
    printf("a whole handshake: %.2f us\n", login);
    printf("four bare HMAC-MD5: %.2f us\n", alone);
    printf("handshake / its four bare HMAC-MD5: %.2f\n", login / alone);
}

int main(void)
{
    static handshake_t h;
    const char *why = crypto_open();
    if (why) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }
    const bare_t bare = {EVP_MD_fetch(NULL, "MD5", NULL), EVP_MD_CTX_new()};
    if (!bare.md5 || !bare.context) return 1;
    prepare(&h);
    if (RUNNING_ON_VALGRIND)
        count_instructions(&h, &bare);
    else
        take_times(&h, &bare);
    EVP_MD_CTX_free(bare.context);
    EVP_MD_free(bare.md5);
    crypto_close();
    return 0;
}
