/* What accounts and logins cost in the core, one line a figure. Times on a shared
 * machine vary; the ratios are of figures taken side by side, in one run. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <string.h>
#include <time.h>

#include <apr_general.h>

#include "../../lib/creds/file/creds_table.h"
#include "../../lib/ntlm/acceptor.h"
#include "../../lib/ntlm/crypto.h"
#include "../unit/client.h"

enum { BATCHES = 101, BATCH = 2000, HANDSHAKES = 200, STEP = 7919, SIZES = 3 };

static const unsigned sizes[SIZES] = {10, 10000, 1000000};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, BATCHES, sizeof *values, ascending);
    return values[BATCHES / 2];
}

static unsigned any_number(void)
{
    static unsigned long long state = 88172645463325252ULL;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 11);
}

/* ---- the table ---- */

typedef struct accounts_t {
    unsigned count;
    apr_pool_t *pool;
    creds_table_t *table;
    double hits[BATCHES], misses[BATCHES]; /* nanoseconds a look-up */
} accounts_t;

/* STEP is a prime, so that every number comes once, in no order. */
static char *make_text(unsigned count, size_t *len)
{
    char *text = malloc((size_t)count * 64 + 1), *at = text;
    if (!text) abort();
    for (unsigned i = 0; i < count; i++)
        at += sprintf(at, "user%07u:%032x\n", (unsigned)((unsigned long long)i * STEP % count), i);
    *len = (size_t)(at - text);
    return text;
}

/* Resident memory, as the system counts it. */
static size_t in_use(void)
{
    unsigned long all = 0, resident = 0;
    FILE *statm = fopen("/proc/self/statm", "r");
    if (!statm || fscanf(statm, "%lu %lu", &all, &resident) != 2) abort();
    fclose(statm);
    return resident * (size_t)sysconf(_SC_PAGESIZE);
}

static void load(accounts_t *accounts, unsigned count)
{
    size_t len;
    char *text = make_text(count, &len);
    accounts->count = count;
    apr_pool_create_unmanaged_ex(&accounts->pool, NULL, NULL);
    size_t before = in_use();
    double start = now();
    if (creds_table_parse(accounts->pool, "FILE", text, len, &accounts->table)) abort();
    double took = now() - start;
    size_t bytes = in_use() - before;
    printf("%7u accounts: load %.3f ms\n", count, took * 1e3);
    printf("%7u accounts: memory %zu bytes (%.1f an account; the file has %zu)\n", count, bytes,
           (double)bytes / count, len);
    free(text);
}

static double look_up(const accounts_t *accounts, const char *format, bool expected)
{
    static char names[BATCH][32];
    creds_account_t account;
    for (int i = 0; i < BATCH; i++)
        snprintf(names[i], sizeof names[i], format, any_number() % accounts->count);
    double start = now();
    for (int i = 0; i < BATCH; i++)
        if (creds_table_find(accounts->table, names[i], &account) != expected) abort();
    return (now() - start) * 1e9 / BATCH;
}

/* The sizes take turns, so that a slow moment of the machine is everybody's. */
static void measure_tables(accounts_t *all)
{
    double hits[SIZES], misses[SIZES];
    for (int i = 0; i < SIZES; i++) load(&all[i], sizes[i]);
    for (int b = 0; b < BATCHES; b++)
        for (int i = 0; i < SIZES; i++) {
            all[i].hits[b] = look_up(&all[i], "user%07u", true);
            all[i].misses[b] = look_up(&all[i], "user%07ux", false);
        }
    for (int i = 0; i < SIZES; i++) {
        hits[i] = median(all[i].hits);
        misses[i] = median(all[i].misses);
        printf("%7u accounts: look-up %.0f ns (hit), %.0f ns (miss)\n", sizes[i], hits[i],
               misses[i]);
    }
    printf("look-up at 1 M / at 10 k: %.2f (hit), %.2f (miss)\n", hits[2] / hits[1],
           misses[2] / misses[1]);
    printf("look-up at 1 M / at 10: %.2f (hit), %.2f (miss)\n", hits[2] / hits[0],
           misses[2] / misses[0]);
}

/* ---- the handshake ---- */

typedef struct handshake_t {
    ntlm_policy_t policy;
    ntlm_key_t key;
    client_t client;
    ntlm_acceptor_t acceptor;
    ntlm_handshake_t room;
    ntlm_claim_t claim;
} handshake_t;

static ntlm_status_t send_token(handshake_t *h, bytes_t token)
{
    static const uint8_t nonce[NTLM_CHALLENGE_LEN] = {1, 2, 3, 4, 5, 6, 7, 8};
    const ntlm_input_t input = {token, 1795000000000000, 1, nonce, &h->room};
    ntlm_status_t status = ntlm_accept(&h->acceptor, &h->policy, &input, &h->claim);
    if (status != NTLM_NEED_NONCE) return status;
    return ntlm_challenge(&h->acceptor, &h->policy, &input, &h->claim);
}

/* With the same nonce and time each Type 2 is the same: one Type 3 answers all. */
static void log_in(handshake_t *h, bytes_t type1, bytes_t type3)
{
    if (send_token(h, type1) != NTLM_CHALLENGE_SENT || send_token(h, type3) != NTLM_NEED_KEY ||
        ntlm_prove(&h->acceptor, &h->policy, &h->claim, &h->key) != NTLM_OK)
        abort();
}

/* The four HMACs of a login: NTOWFv2, the proof, the session key and the MIC. */
static void compute(const uint8_t key[NTLM_KEY_LEN], const bytes_t messages[3])
{
    uint8_t digest[NTLM_KEY_LEN];
    const bytes_t name = {key, 18}, proof = {key, 16}, temp = bytes_from(messages[2], 200);
    hmac_md5(key, &name, 1, digest);
    hmac_md5(key, &temp, 1, digest);
    hmac_md5(key, &proof, 1, digest);
    hmac_md5(key, messages, 3, digest);
}

static void measure_handshake(void)
{
    static const uint8_t web[] = {'W', 0, 'E', 0, 'B', 0};
    static uint8_t message[CLIENT_MESSAGE_MAX], type2[NTLM_TYPE2_MAX];
    static double whole[BATCHES], hmacs[BATCHES];
    static const uint8_t some_key[32] = {1, 2, 3};
    static handshake_t h;
    h.policy = (ntlm_policy_t){.nb_computer = {web, sizeof web},
                               .dns_computer = {web, sizeof web},
                               .challenge_lifetime = 60000000};
    h.key = (ntlm_key_t){.nt_hash = {1, 2, 3}, .state = NTLM_OK};
    h.client = (client_t){.user = "alice", .domain = "CORP", .nt_hash = {1, 2, 3}};
    bytes_t type1 = client_type1(CLIENT_FLAGS);
    if (send_token(&h, type1) != NTLM_CHALLENGE_SENT) abort();
    bytes_t sent = ntlm_reply(&h.acceptor);
    memcpy(type2, sent.data, sent.len);
    bytes_t type3 = client_type3(&h.client, type1, (bytes_t){type2, sent.len}, message);
    const bytes_t messages[] = {type1, {type2, sent.len}, type3};
    for (int b = 0; b < BATCHES; b++) {
        double start = now();
        for (int i = 0; i < HANDSHAKES; i++) log_in(&h, type1, type3);
        double middle = now();
        for (int i = 0; i < HANDSHAKES; i++) compute(some_key, messages);
        whole[b] = (middle - start) * 1e6 / HANDSHAKES;
        hmacs[b] = (now() - middle) * 1e6 / HANDSHAKES;
    }
    double login = median(whole), alone = median(hmacs);
    printf("a whole handshake: %.2f us\n", login);
    printf("four HMAC-MD5 alone: %.2f us\n", alone);
    printf("handshake / its four HMAC-MD5: %.2f\n", login / alone);
}

int main(void)
{
    static accounts_t all[SIZES];
    setvbuf(stdout, NULL, _IOLBF, 0);
    apr_initialize();
    const char *why = crypto_open();
    if (why) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }
    measure_tables(all);
    measure_handshake();
    for (int i = 0; i < SIZES; i++) apr_pool_destroy(all[i].pool);
    crypto_close();
    apr_terminate();
    return 0;
}
