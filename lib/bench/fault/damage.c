#include "damage.h"

#include <string.h>

#include <apr_strings.h>

#include "../site/octets.h"

/* Where fields stand in a Type 2, MS-NLMP 2.2.1.2. */
enum {
    AT_TYPE = 8,
    AT_CHALLENGE = 24,
    AT_INFO_LEN = 40,
    AT_INFO_OFFSET = 44,
    AV_EOL_LEN = 4,
    AV_LENGTH = 2, /* in a pair, behind its AvId */
};

/* A copy that may be written to. */
typedef struct broken_t {
    uint8_t *data;
    size_t len;
} broken_t;

static void put(broken_t *broken, size_t at, uint32_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) broken->data[at + i] = (uint8_t)(value >> 8 * i);
}

static uint32_t number_at(const broken_t *broken, size_t at, size_t size)
{
    uint32_t value = 0;
    for (size_t i = 0; i < size; i++) value |= (uint32_t)broken->data[at + i] << 8 * i;
    return value;
}

static void cut_header(broken_t *broken)
{
    broken->len = AT_CHALLENGE + 4;
}

static void cut_info(broken_t *broken)
{
    broken->len -= 2 * AV_EOL_LEN;
}

static void change_signature(broken_t *broken)
{
    memcpy(broken->data, "NTLMSSQ", sizeof "NTLMSSQ");
}

static void change_type(broken_t *broken)
{
    put(broken, AT_TYPE, 3, 4);
}

static void change_offset(broken_t *broken)
{
    put(broken, AT_INFO_OFFSET, 0xFFFFFFF0, 4);
}

static void drop_eol(broken_t *broken)
{
    const uint32_t len = number_at(broken, AT_INFO_LEN, 2) - AV_EOL_LEN;
    put(broken, AT_INFO_LEN, len, 2);
    put(broken, AT_INFO_LEN + 2, len, 2);
    broken->len -= AV_EOL_LEN;
}

static void stretch_pair(broken_t *broken)
{
    put(broken, number_at(broken, AT_INFO_OFFSET, 4) + AV_LENGTH, 0xFFFF, 2);
}

static const struct {
    void (*change)(broken_t *broken); /* NULL: no byte, but its text */
    const char *words;
} damages[] = {
    [DAMAGE_BASE64] = {NULL, "it is no base64"},
    [DAMAGE_TRUNCATED] = {cut_header, "it ends within its ServerChallenge"},
    [DAMAGE_TARGET_INFO] = {cut_info, "it ends within its target information"},
    [DAMAGE_SIGNATURE] = {change_signature, "it does not begin with NTLMSSP"},
    [DAMAGE_TYPE] = {change_type, "it says that it is a Type 3"},
    [DAMAGE_OFFSET] = {change_offset, "its target information lies beyond its end"},
    [DAMAGE_NO_EOL] = {drop_eol, "its AV pairs have no MsvAvEOL"},
    [DAMAGE_AV_LENGTH] = {stretch_pair, "its first AV pair is longer than all of it"},
};

const char *damage_words(damage_t damage)
{
    return damages[damage].words;
}

const char *damage_token(apr_pool_t *pool, damage_t damage, bytes_t type2)
{
    broken_t broken = {apr_pmemdup(pool, type2.data, type2.len), type2.len};
    if (damages[damage].change) damages[damage].change(&broken);
    const char *text = octets_base64(pool, (bytes_t){broken.data, broken.len});
    if (damages[damage].change) return text;
    return apr_pstrcat(pool, apr_pstrndup(pool, text, strlen(text) / 2), "!", text, NULL);
}
