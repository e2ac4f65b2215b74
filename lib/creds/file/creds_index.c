#include "creds_index.h"

#include "../../ntlm/name.h"
#include "../../ntlm/unicode.h"
#include "creds_line.h"

static void *place(const creds_table_t *table, apr_uint64_t distance)
{
    return (void *)((uintptr_t)table + distance);
}

apr_uint32_t creds_index_slots(apr_size_t entries)
{
    apr_uint32_t slots = 2;
    while (slots < entries + entries / 2 + 1) slots *= 2;
    return slots;
}

creds_entry_t *creds_entry(const creds_table_t *table, apr_uint32_t number)
{
    return (creds_entry_t *)place(table, table->entries) + (number - 1);
}

const char *creds_entry_name(const creds_table_t *table, apr_uint32_t number)
{
    return (const char *)place(table, table->names) + creds_entry(table, number)->name;
}

const char *creds_entry_user(const creds_table_t *table, apr_uint32_t number)
{
    name_parts_t parts = name_of_account(creds_entry_name(table, number));
    return parts.apart ? (const char *)parts.user.data : NULL;
}

static apr_uint32_t *next_of(const creds_table_t *table, apr_uint32_t number)
{
    return (apr_uint32_t *)place(table, table->next) + (number - 1);
}

apr_uint32_t creds_entry_next(const creds_table_t *table, apr_uint32_t number)
{
    return *next_of(table, number);
}

/* ---- finding ---- */

typedef const char *key_of_t(const creds_table_t *table, apr_uint32_t number);

/* Where a name stands, or would. */
typedef struct spot_t {
    apr_uint32_t *slot;  /* NULL: no entry could be called so */
    apr_uint32_t number; /* the entry there, or CREDS_NO_ENTRY */
    apr_uint32_t tag;    /* of its hash what stands above the number */
    apr_uint32_t any;    /* some entry; none if there is none */
} spot_t;

static spot_t spot_of(const creds_table_t *table, const creds_index_t *index, const char *key,
                      key_of_t *key_of)
{
    uint8_t folded[2 * CREDS_NAME_MAX];
    writer_t out = writer_to(folded, sizeof folded);
    if (!unicode_write_folded(&out, key)) return (spot_t){0};
    const uint64_t hash = creds_hash(table->key, written(&out));
    const apr_uint32_t numbers = table->by_name.mask; /* there are more slots than entries */
    spot_t spot = {.tag = (apr_uint32_t)(hash >> 32) & ~numbers};
    for (apr_uint32_t i = (apr_uint32_t)hash;; i++) {
        spot.slot = (apr_uint32_t *)place(table, index->slots) + (i & index->mask);
        spot.number = *spot.slot & numbers;
        if (spot.number == CREDS_NO_ENTRY) break;
        if ((*spot.slot & ~numbers) == spot.tag &&
            unicode_casecmp(key, key_of(table, spot.number)) == 0)
            break;
    }
    spot.any = table->count > 0 ? (apr_uint32_t)(hash % table->count) + 1 : CREDS_NO_ENTRY;
    return spot;
}

static spot_t spot_of_name(const creds_table_t *table, const char *name)
{
    return spot_of(table, &table->by_name, name, creds_entry_name);
}

static spot_t spot_of_user(const creds_table_t *table, const char *user)
{
    return spot_of(table, &table->by_user, user, creds_entry_user);
}

apr_uint32_t creds_index_find(const creds_table_t *table, const char *name)
{
    const spot_t spot = spot_of_name(table, name);
    if (spot.number == CREDS_NO_ENTRY && spot.any != CREDS_NO_ENTRY)
        (void)unicode_casecmp(name, creds_entry_name(table, spot.any));
    return spot.number;
}

apr_uint32_t creds_index_find_user(const creds_table_t *table, const char *user)
{
    return spot_of_user(table, user).number;
}

/* ---- adding ---- */

apr_uint32_t creds_index_add(creds_table_t *table, apr_uint32_t number)
{
    const spot_t spot = spot_of_name(table, creds_entry_name(table, number));
    if (spot.slot && spot.number == CREDS_NO_ENTRY) *spot.slot = spot.tag | number;
    return spot.number;
}

void creds_index_add_user(creds_table_t *table, apr_uint32_t number)
{
    const char *user = creds_entry_user(table, number);
    const spot_t spot = user ? spot_of_user(table, user) : (spot_t){0};
    if (!spot.slot) return;
    *next_of(table, number) = spot.number;
    *spot.slot = spot.tag | number;
}
