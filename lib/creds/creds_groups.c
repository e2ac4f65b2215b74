#include "creds_groups.h"

#include <string.h>

#include <apr_strings.h>

#include "../ntlm/name.h"

static bool is_plain(uint8_t byte)
{
    return byte >= 0x20 && byte != 0x7f && byte != ',' && byte != '%';
}

static void write_name(writer_t *out, bytes_t name)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < name.len; i++) {
        const uint8_t byte = name.data[i];
        const uint8_t coded[] = {'%', (uint8_t)digits[byte >> 4], (uint8_t)digits[byte & 15]};
        write_bytes(out, is_plain(byte) ? (bytes_t){&byte, 1} : (bytes_t){coded, sizeof coded});
    }
}

const char *creds_groups_text(apr_pool_t *pool, const char *const *names)
{
    if (!names || !*names) return "";
    size_t cap = 0;
    for (size_t i = 0; names[i] && cap <= CREDS_GROUPS_MAX; i++) cap += 3 * strlen(names[i]) + 1;
    if (cap > CREDS_GROUPS_MAX) cap = CREDS_GROUPS_MAX;
    uint8_t *text = apr_palloc(pool, cap + 1);
    writer_t out = writer_to(text, cap);
    for (size_t i = 0; names[i]; i++) {
        if (!*names[i]) return NULL;
        if (i > 0) write_bytes(&out, bytes_of(","));
        write_name(&out, bytes_of(names[i]));
    }
    if (out.overflow) return NULL;
    text[out.len] = '\0';
    return (const char *)text;
}

bool creds_groups_name_one(apr_pool_t *pool, const char *text, const char *const *wanted)
{
    char *state;
    for (char *name = apr_strtok(apr_pstrdup(pool, text), ",", &state); name;
         name = apr_strtok(NULL, ",", &state))
        if (name_is_listed(wanted, name)) return true;
    return false;
}
