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

/* ---- what another process has made ---- */

/* A part of that many things of that size, behind the head and within the table. */
static bool is_within(const creds_table_t *table, apr_uint64_t begin, apr_uint64_t things,
                      apr_size_t size)
{
    return begin >= sizeof *table && begin <= table->size && begin % sizeof(apr_uint32_t) == 0 &&
           things <= (table->size - begin) / size;
}

static bool names_are_within(const creds_table_t *table)
{
    if (table->names > table->size || table->names_len > table->size - table->names) return false;
    const char *names = place(table, table->names);
    return table->count == 0 || (table->names_len > 0 && names[table->names_len - 1] == '\0');
}

static bool index_is_within(const creds_table_t *table, const creds_index_t *index)
{
    const apr_uint64_t slots = (apr_uint64_t)index->mask + 1;
    return (slots & (slots - 1)) == 0 &&
           is_within(table, index->slots, slots, sizeof(apr_uint32_t));
}

static bool parts_are_within(const creds_table_t *table)
{
    return is_within(table, table->entries, table->count, sizeof(creds_entry_t)) &&
           names_are_within(table) && table->count <= table->by_name.mask &&
           index_is_within(table, &table->by_name) && index_is_within(table, &table->by_user) &&
           (table->next == 0 || is_within(table, table->next, table->count, sizeof(apr_uint32_t)));
}

/* Those of one user lead to ones before them, and so to an end. */
static bool entries_are_sound(const creds_table_t *table)
{
    for (apr_uint32_t i = 1; i <= table->count; i++)
        if (creds_entry(table, i)->name >= table->names_len ||
            creds_entry(table, i)->state >= NTLM_STATUS_COUNT ||
            (table->next != 0 && creds_entry_next(table, i) >= i))
            return false;
    return true;
}

/* Each slot is free, or has an entry; some are free. */
static bool slots_are_sound(const creds_table_t *table, const creds_index_t *index, bool of_users)
{
    const apr_uint32_t *slots = place(table, index->slots);
    apr_uint32_t taken = 0;
    for (apr_uint64_t i = 0; i <= index->mask; i++) {
        const apr_uint32_t number = slots[i] & table->by_name.mask;
        if (number == CREDS_NO_ENTRY) continue;
        if (number > table->count) return false;
        if (of_users && (table->next == 0 || !creds_entry_user(table, number))) return false;
        taken++;
    }
    return taken <= index->mask;
}

bool creds_index_is_sound(const void *bytes, apr_size_t size)
{
    const creds_table_t *table = bytes;
    return size >= sizeof *table && table->size == size && parts_are_within(table) &&
           entries_are_sound(table) && slots_are_sound(table, &table->by_name, false) &&
           slots_are_sound(table, &table->by_user, true);
}
