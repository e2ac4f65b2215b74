#include "creds_table.h"

#include <string.h>

#include <apr_general.h>
#include <apr_strings.h>

#include "../../ntlm/crypto.h"
#include "creds_index.h"
#include "creds_line.h"

/* ---- reading ---- */

/* What a table is made of. */
typedef struct source_t {
    const char *path, *text, *end;
} source_t;

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

static void add_entry(creds_table_t *table, const creds_line_t *line)
{
    creds_entry_t *entry = creds_entry(table, ++table->count);
    size_t size = strlen(line->name) + 1;
    memcpy((char *)table + table->names + table->names_len, line->name, size);
    memcpy(entry->nt_hash, line->nt_hash, NTLM_KEY_LEN);
    entry->state = (uint8_t)line->state;
    entry->generation = table->generation;
    entry->name = (apr_uint32_t)table->names_len;
    table->names_len += size;
}

/* Reads the lines into table, if there is one, until one is bad or so many entries have been read
 * (0: all); gives the number of the line that it stopped at. */
static apr_uint32_t read_lines(const source_t *source, creds_table_t *table, apr_uint32_t most,
                               const char **why)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    const char *text = source->text, *raw;
    apr_uint32_t number = 0, entries = 0;
    apr_size_t len;
    creds_line_t line = {.kind = CREDS_LINE_SKIP};
    if (source->end - text >= 3 && memcmp(text, byte_order_mark, 3) == 0) text += 3;
    while (line.kind != CREDS_LINE_BAD && (most == 0 || entries < most) &&
           next_line(&text, source->end, &raw, &len)) {
        number++;
        if (creds_line_parse(raw, len, &line) != CREDS_LINE_ENTRY) continue;
        entries++;
        if (table) add_entry(table, &line);
    }
    secret_wipe(line.nt_hash, sizeof line.nt_hash);
    *why = line.why;
    return number;
}

/* ---- the indexes ---- */

static const char *say_twice(apr_pool_t *pool, const source_t *source, const creds_table_t *table,
                             apr_uint32_t first, apr_uint32_t again)
{
    const char *why;
    return apr_psprintf(pool,
                        "%s:%u: '%s' is the same name as in line %u (case makes no difference); "
                        "remove one of the two",
                        source->path, read_lines(source, NULL, again, &why),
                        creds_entry_name(table, again), read_lines(source, NULL, first, &why));
}

static const char *add_to_indexes(apr_pool_t *pool, const source_t *source, creds_table_t *table)
{
    for (apr_uint32_t i = 1; i <= table->count; i++) {
        const apr_uint32_t first = creds_index_add(table, i);
        if (first != CREDS_NO_ENTRY) return say_twice(pool, source, table, first, i);
        creds_index_add_user(table, i);
    }
    return NULL;
}

/* ---- making one ---- */

enum { ALIGNED = 8 };

static apr_uint64_t aligned(apr_uint64_t place)
{
    return (place + ALIGNED - 1) / ALIGNED * ALIGNED;
}

/* A part of the table, of zeros, behind what there is of it. */
static apr_uint64_t append(creds_table_t *table, apr_uint64_t len)
{
    apr_uint64_t begin = aligned(table->size);
    memset((char *)table + begin, 0, len);
    table->size = begin + len;
    return begin;
}

static void append_index(creds_table_t *table, creds_index_t *index, apr_size_t entries)
{
    const apr_uint32_t slots = creds_index_slots(entries);
    index->slots = append(table, slots * sizeof(apr_uint32_t));
    index->mask = slots - 1;
}

static apr_uint32_t count_in_domains(const creds_table_t *table)
{
    apr_uint32_t count = 0;
    for (apr_uint32_t i = 1; i <= table->count; i++) count += creds_entry_user(table, i) != NULL;
    return count;
}

static void append_indexes(creds_table_t *table)
{
    const apr_uint32_t in_domains = count_in_domains(table);
    append_index(table, &table->by_name, table->count);
    append_index(table, &table->by_user, in_domains);
    if (in_domains > 0) table->next = append(table, table->count * sizeof(apr_uint32_t));
}

static apr_status_t wipe_table(void *data)
{
    creds_table_t *table = data;
    secret_wipe(creds_entry(table, 1), table->count * sizeof(creds_entry_t));
    return APR_SUCCESS;
}

/* What a file of that many lines and bytes may need. Memory that is not written costs nothing. */
static apr_size_t most_for(apr_size_t lines, apr_size_t len)
{
    enum { PARTS = 6, SLACK = PARTS * ALIGNED };
    return sizeof(creds_table_t) + lines * sizeof(creds_entry_t) + len + 1 + SLACK +
           (2 * (apr_size_t)creds_index_slots(lines) + lines) * sizeof(apr_uint32_t);
}

static creds_table_t *begin_table(apr_pool_t *pool, apr_size_t lines, apr_size_t len)
{
    creds_table_t *table = apr_palloc(pool, most_for(lines, len));
    memset(table, 0, sizeof *table);
    table->generation = 1;
    table->entries = aligned(sizeof *table);
    table->names = table->entries + lines * sizeof(creds_entry_t);
    apr_pool_cleanup_register(pool, table, wipe_table, apr_pool_cleanup_null);
    return table;
}

const char *creds_table_parse(apr_pool_t *pool, const char *path, const char *text, apr_size_t len,
                              creds_table_t **table)
{
    const source_t source = {path, text, text + len};
    const char *why;
    if (len > APR_UINT32_MAX / 2) return apr_psprintf(pool, "%s is too large", path);
    creds_table_t *made = begin_table(pool, count_lines(text, source.end), len);
    if (apr_generate_random_bytes(made->key, sizeof made->key) != APR_SUCCESS)
        return apr_psprintf(pool, "%s: the system gives no random numbers", path);
    const apr_uint32_t number = read_lines(&source, made, 0, &why);
    if (why) return apr_psprintf(pool, "%s:%u: %s", path, number, why);
    made->size = made->names + made->names_len;
    append_indexes(made);
    *table = made;
    return add_to_indexes(pool, &source, made);
}

apr_size_t creds_table_size(const creds_table_t *table)
{
    return table->size;
}

const creds_table_t *creds_table_at(const void *bytes, apr_size_t size)
{
    return creds_index_is_sound(bytes, size) ? bytes : NULL;
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

static bool read_entry(const creds_table_t *table, apr_uint32_t number, creds_account_t *account)
{
    if (number == CREDS_NO_ENTRY) return false;
    const creds_entry_t *entry = creds_entry(table, number);
    account->name = creds_entry_name(table, number);
    memcpy(account->key.nt_hash, entry->nt_hash, NTLM_KEY_LEN);
    account->generation = entry->generation;
    account->key.state = (ntlm_status_t)entry->state;
    return true;
}

SECRET_IN_NO_REGISTER
bool creds_table_find(const creds_table_t *table, const char *name, creds_account_t *account)
{
    return read_entry(table, creds_index_find(table, name), account);
}

SECRET_IN_NO_REGISTER
bool creds_table_find_in_domain(const creds_table_t *table, const char *user, apr_uint32_t *where,
                                creds_account_t *account)
{
    *where = *where == CREDS_NO_ENTRY ? creds_index_find_user(table, user)
                                      : creds_entry_next(table, *where);
    return read_entry(table, *where, account);
}

void creds_table_each(const creds_table_t *table, void (*visit)(void *baton, const char *name),
                      void *baton)
{
    for (apr_uint32_t i = 1; i <= table->count; i++) visit(baton, creds_entry_name(table, i));
}

/* ---- the next table ---- */

static bool same_account(const creds_table_t *a, apr_uint32_t x, const creds_table_t *b,
                         apr_uint32_t y)
{
    const creds_entry_t *p = creds_entry(a, x), *q = creds_entry(b, y);
    return p->state == q->state && strcmp(creds_entry_name(a, x), creds_entry_name(b, y)) == 0 &&
           secret_equal(p->nt_hash, q->nt_hash, NTLM_KEY_LEN);
}

/* The entry of before with that name. Mostly it stands behind the one that was found last. */
static apr_uint32_t find_before(const creds_table_t *before, apr_uint32_t last, const char *name)
{
    if (last < before->count && strcmp(creds_entry_name(before, last + 1), name) == 0)
        return last + 1;
    return creds_index_find(before, name);
}

void creds_table_succeed(creds_table_t *table, const creds_table_t *before)
{
    apr_uint32_t last = CREDS_NO_ENTRY;
    table->generation = before->generation + 1;
    for (apr_uint32_t i = 1; i <= table->count; i++) {
        const apr_uint32_t old = find_before(before, last, creds_entry_name(table, i));
        const bool same = old != CREDS_NO_ENTRY && same_account(table, i, before, old);
        creds_entry(table, i)->generation =
            same ? creds_entry(before, old)->generation : table->generation;
        if (old != CREDS_NO_ENTRY) last = old;
    }
}
