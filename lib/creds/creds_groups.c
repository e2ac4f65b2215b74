#include "creds_groups.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

#include "../ntlm/name.h"
#include "../ntlm/unicode.h"

/* ---- a list ---- */

creds_groups_t creds_groups_none(apr_pool_t *pool)
{
    return (creds_groups_t){.names = apr_array_make(pool, 8, sizeof(const char *))};
}

static bool is_text(apr_pool_t *pool, const char *name)
{
    const size_t room = 2 * strlen(name);
    writer_t out = writer_to(apr_palloc(pool, room + 1), room);
    return *name && unicode_write_utf8(&out, name);
}

/* Two of a source's ways may each name all of them: with more than that some cannot be told. */
static bool is_too_much(const creds_groups_t *groups, bytes_t name)
{
    enum { WAYS = 2 };
    return groups->cut || name.len > CREDS_GROUPS_MAX || groups->names->nelts == CREDS_GROUPS_MAX ||
           groups->len + name.len > (size_t)WAYS * CREDS_GROUPS_MAX;
}

void creds_groups_add(creds_groups_t *groups, bytes_t name)
{
    apr_pool_t *pool = groups->names->pool;
    if (!is_too_much(groups, name)) {
        const char *copy = apr_pstrndup(pool, (const char *)name.data, name.len);
        if (strlen(copy) == name.len && is_text(pool, copy)) {
            APR_ARRAY_PUSH(groups->names, const char *) = copy;
            groups->len += name.len;
            return;
        }
    }
    groups->cut = true;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void creds_groups_give(const creds_groups_t *groups, creds_account_t *account)
{
    apr_pool_t *pool = groups->names->pool;
    const size_t count = (size_t)groups->names->nelts;
    const char **names = apr_pcalloc(pool, (count + 1) * sizeof *names), **last = names;
    if (count > 0) memcpy(names, groups->names->elts, count * sizeof *names);
    qsort(names, count, sizeof *names, by_bytes);
    for (size_t i = 1; i < count; i++)
        if (strcmp(names[i], *last) != 0) *++last = names[i];
    if (count > 0) last[1] = NULL;
    account->groups_cut = groups->cut || !creds_groups_text(pool, names);
    account->groups = account->groups_cut || count == 0 ? NULL : names;
}

/* ---- its text ---- */

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

void creds_groups_pack(writer_t *out, const char *const *names)
{
    for (; names && *names; names++)
        write_bytes(out, (bytes_t){(const uint8_t *)*names, strlen(*names) + 1});
}

const char *const *creds_groups_unpack(apr_pool_t *pool, bytes_t packed)
{
    apr_array_header_t *names = apr_array_make(pool, 16, sizeof(const char *));
    const char *name = apr_pmemdup(pool, packed.data, packed.len);
    for (const char *end = name + packed.len; name < end; name += strlen(name) + 1)
        APR_ARRAY_PUSH(names, const char *) = name;
    APR_ARRAY_PUSH(names, const char *) = NULL;
    return (const char *const *)names->elts;
}

bool creds_groups_name_one(apr_pool_t *pool, const char *text, const char *const *wanted)
{
    char *state;
    for (char *name = apr_strtok(apr_pstrdup(pool, text), ",", &state); name;
         name = apr_strtok(NULL, ",", &state))
        if (name_is_listed(wanted, name)) return true;
    return false;
}
