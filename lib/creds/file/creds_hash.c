#include "creds_hash.h"

enum { ROUNDS = 2, LAST_ROUNDS = 4, WORD = 8 };

typedef struct state_t {
    uint64_t v0, v1, v2, v3;
} state_t;

static uint64_t rotated(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

static void mix(state_t *s, int rounds)
{
    while (rounds-- > 0) {
        s->v0 += s->v1;
        s->v2 += s->v3;
        s->v1 = rotated(s->v1, 13) ^ s->v0;
        s->v3 = rotated(s->v3, 16) ^ s->v2;
        s->v0 = rotated(s->v0, 32) + s->v3;
        s->v2 += s->v1;
        s->v1 = rotated(s->v1, 17) ^ s->v2;
        s->v3 = rotated(s->v3, 21) ^ s->v0;
        s->v2 = rotated(s->v2, 32);
    }
}

/* What compilers know for one load. */
static uint64_t whole_word(const uint8_t *b)
{
    return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 |
           (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 |
           (uint64_t)b[7] << 56;
}

static uint64_t part_of_word(const uint8_t *data, size_t len)
{
    uint64_t word = 0;
    for (size_t i = len; i-- > 0;) word = word << 8 | data[i];
    return word;
}

static void absorb(state_t *s, uint64_t word)
{
    s->v3 ^= word;
    mix(s, ROUNDS);
    s->v0 ^= word;
}

uint64_t creds_hash(const uint8_t key[CREDS_HASH_KEY_LEN], bytes_t text)
{
    const uint64_t k0 = whole_word(key), k1 = whole_word(key + WORD);
    state_t s = {k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261,
                 k1 ^ 0x7465646279746573};
    size_t at = 0;
    for (; text.len - at >= WORD; at += WORD) absorb(&s, whole_word(text.data + at));
    absorb(&s, (uint64_t)text.len << 56 | part_of_word(text.data + at, text.len - at));
    s.v2 ^= 0xff;
    mix(&s, LAST_ROUNDS);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
