#include "creds_table.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

#include "../../ntlm/crypto.h"
#include "creds_line.h"

/* Small on purpose: there may be a million of them. Hashes are kept apart, so that
 * sorting entries leaves no copies of them in memory. */
typedef struct entry_t {
    const char *name; /* as spelled, in names */
    apr_uint32_t line;
    apr_uint32_t secret; /* index in secrets */
} entry_t;

typedef struct secret_t {
    uint8_t nt_hash[NTLM_KEY_LEN];
    uint8_t state;           /* an ntlm_status_t in one byte */
    apr_uint32_t generation; /* of the table in which it was last changed */
} secret_t;

struct creds_table_t {
    entry_t *entries;           /* sorted by name, without regard to case */
    const entry_t **in_domains; /* those with a domain, sorted by user, then by name */
    secret_t *secrets;
    apr_size_t count, in_domains_count;
    apr_uint32_t generation;
    char *names; /* all names, one after the other, each with its NUL */
};

/* ---- reading ---- */

/* The next line of the text, which moves behind it. */
static bool next_line(const char **text, const char *end, const char **line, apr_size_t *len)
{
    if (*text >= end) return false;
    const char *newline = memchr(*text, '\n', (size_t)(end - *text));
    *line = *text;
    *len = (apr_size_t)((newline ? newline : end) - *text);
    *text = newline ? newline + 1 : end;
    return true;
}

static apr_size_t count_lines(const char *text, const char *end)
{
    const char *line;
    apr_size_t len, lines = 0;
    while (next_line(&text, end, &line, &len)) lines++;
    return lines;
}

static apr_status_t wipe_table(void *data)
{
    creds_table_t *table = data;
    secret_wipe(table->secrets, table->count * sizeof *table->secrets);
    return APR_SUCCESS;
}

static creds_table_t *make_table(apr_pool_t *pool, const char *text, apr_size_t len)
{
    creds_table_t *table = apr_pcalloc(pool, sizeof *table);
    table->generation = 1;
    apr_size_t most = count_lines(text, text + len) + 1;
    table->entries = apr_palloc(pool, most * sizeof *table->entries);
    table->secrets = apr_palloc(pool, most * sizeof *table->secrets);
    table->names = apr_palloc(pool, len + 1);
    apr_pool_cleanup_register(pool, table, wipe_table, apr_pool_cleanup_null);
    return table;
}

static char *add_entry(creds_table_t *table, char *room, const creds_line_t *line,
                       apr_uint32_t number)
{
    secret_t *secret = &table->secrets[table->count];
    entry_t *entry = &table->entries[table->count];
    size_t size = strlen(line->name) + 1;
    memcpy(room, line->name, size);
    memcpy(secret->nt_hash, line->nt_hash, NTLM_KEY_LEN);
    secret->state = (uint8_t)line->state;
    secret->generation = 1;
    *entry = (entry_t){room, number, (apr_uint32_t)table->count++};
    return room + size;
}

static int by_name(const void *a, const void *b)
{
    return unicode_casecmp(((const entry_t *)a)->name, ((const entry_t *)b)->name);
}

static const char *sort_entries(apr_pool_t *pool, const char *path, creds_table_t *table)
{
    qsort(table->entries, table->count, sizeof *table->entries, by_name);
    for (apr_size_t i = 1; i < table->count; i++) {
        const entry_t *a = &table->entries[i - 1], *b = &table->entries[i];
        if (by_name(a, b) != 0) continue;
        bool a_first = a->line < b->line;
        return apr_psprintf(pool,
                            "%s:%u: '%s' is the same name as in line %u (case makes no "
                            "difference); remove one of the two",
                            path, a_first ? b->line : a->line, a_first ? b->name : a->name,
                            a_first ? a->line : b->line);
    }
    return NULL;
}

/* What follows the domain; NULL if there is none. */
static const char *user_in_domain(const entry_t *entry)
{
    name_parts_t parts = name_of_account(entry->name);
    return parts.apart ? (const char *)parts.user.data : NULL;
}

static int by_user(const void *a, const void *b)
{
    const entry_t *x = *(const entry_t *const *)a, *y = *(const entry_t *const *)b;
    int order = unicode_casecmp(user_in_domain(x), user_in_domain(y));
    return order ? order : by_name(x, y);
}

static void sort_users(apr_pool_t *pool, creds_table_t *table)
{
    apr_size_t count = 0;
    for (apr_size_t i = 0; i < table->count; i++)
        count += user_in_domain(&table->entries[i]) != NULL;
    table->in_domains = apr_palloc(pool, (count + 1) * sizeof *table->in_domains);
    for (apr_size_t i = 0; i < table->count; i++)
        if (user_in_domain(&table->entries[i]))
            table->in_domains[table->in_domains_count++] = &table->entries[i];
    qsort(table->in_domains, count, sizeof *table->in_domains, by_user);
}

const char *creds_table_parse(apr_pool_t *pool, const char *path, const char *text, apr_size_t len,
                              creds_table_t **table)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    const char *at = text, *end = text + len, *raw;
    apr_uint32_t number = 0;
    apr_size_t raw_len;
    creds_line_t line = {.kind = CREDS_LINE_SKIP};
    *table = make_table(pool, text, len);
    char *room = (*table)->names;
    if (len >= 3 && memcmp(text, byte_order_mark, 3) == 0) at += 3;
    while (line.kind != CREDS_LINE_BAD && next_line(&at, end, &raw, &raw_len)) {
        number++;
        if (creds_line_parse(raw, raw_len, &line) == CREDS_LINE_ENTRY)
            room = add_entry(*table, room, &line, number);
    }
    secret_wipe(line.nt_hash, sizeof line.nt_hash);
    if (line.kind == CREDS_LINE_BAD) return apr_psprintf(pool, "%s:%u: %s", path, number, line.why);
    const char *why = sort_entries(pool, path, *table);
    if (!why) sort_users(pool, *table);
    return why;
}

apr_size_t creds_table_count(const creds_table_t *table)
{
    return table->count;
}

apr_uint64_t creds_table_generation(const creds_table_t *table)
{
    return table->generation;
}

/* ---- asking ---- */

static int name_to_entry(const void *name, const void *entry)
{
    return unicode_casecmp(name, ((const entry_t *)entry)->name);
}

static const entry_t *find_entry(const creds_table_t *table, const char *name)
{
    return bsearch(name, table->entries, table->count, sizeof *table->entries, name_to_entry);
}

static bool read_entry(const creds_table_t *table, const entry_t *entry, creds_account_t *account)
{
    if (!entry) return false;
    const secret_t *secret = &table->secrets[entry->secret];
    account->name = entry->name;
    memcpy(account->key.nt_hash, secret->nt_hash, NTLM_KEY_LEN);
    account->generation = secret->generation;
    account->key.state = (ntlm_status_t)secret->state;
    return true;
}

bool creds_table_find(const creds_table_t *table, const char *name, creds_account_t *account)
{
    return read_entry(table, find_entry(table, name), account);
}

/* The first one of that user, or where it would stand. */
static apr_size_t first_of_user(const creds_table_t *table, const char *user)
{
    apr_size_t low = 0, high = table->in_domains_count;
    while (low < high) {
        apr_size_t middle = low + (high - low) / 2;
        if (unicode_casecmp(user_in_domain(table->in_domains[middle]), user) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool creds_table_find_in_domain(const creds_table_t *table, const char *user, apr_size_t number,
                                creds_account_t *account)
{
    apr_size_t at = first_of_user(table, user) + number;
    if (at >= table->in_domains_count) return false;
    const entry_t *entry = table->in_domains[at];
    return unicode_casecmp(user_in_domain(entry), user) == 0 && read_entry(table, entry, account);
}

void creds_table_each(const creds_table_t *table, void (*visit)(void *baton, const char *name),
                      void *baton)
{
    for (apr_size_t i = 0; i < table->count; i++) visit(baton, table->entries[i].name);
}

/* ---- the next table ---- */

static bool same_account(const creds_table_t *a, const entry_t *x, const creds_table_t *b,
                         const entry_t *y)
{
    const secret_t *p = &a->secrets[x->secret], *q = &b->secrets[y->secret];
    return p->state == q->state && strcmp(x->name, y->name) == 0 &&
           secret_equal(p->nt_hash, q->nt_hash, NTLM_KEY_LEN);
}

/* Both are sorted by name: one walk through the two. */
void creds_table_succeed(creds_table_t *table, const creds_table_t *before)
{
    const entry_t *old = before->entries, *end = before->entries + before->count;
    table->generation = before->generation + 1;
    for (apr_size_t i = 0; i < table->count; i++) {
        const entry_t *entry = &table->entries[i];
        while (old < end && by_name(old, entry) < 0) old++;
        bool same =
            old < end && by_name(old, entry) == 0 && same_account(table, entry, before, old);
        table->secrets[entry->secret].generation =
            same ? before->secrets[old->secret].generation : table->generation;
    }
}
