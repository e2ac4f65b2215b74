#include "creds_file.h"

#include <stdlib.h>
#include <string.h>

#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_strings.h>

#include "../ntlm/crypto.h"
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
    bool disabled;
} secret_t;

struct creds_table_t {
    entry_t *entries; /* sorted by name, without regard to case */
    secret_t *secrets;
    apr_size_t count;
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
    secret->disabled = line->disabled;
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
    return sort_entries(pool, path, *table);
}

/* ---- the file ---- */

static const char *cannot(apr_pool_t *pool, const char *verb, const char *path, apr_status_t rv)
{
    char text[128];
    return apr_psprintf(pool, "cannot %s %s: %s", verb, path, apr_strerror(rv, text, sizeof text));
}

/* What makes a file unfit to hold password equivalents, or to be read at all. */
static const char *unfit(apr_pool_t *pool, const char *path, const apr_finfo_t *info,
                         bool world_readable)
{
    if (info->filetype != APR_REG)
        return apr_psprintf(pool, "%s is not a regular file; name a password file", path);
    if (info->protection & APR_FPROT_WWRITE)
        return apr_psprintf(pool, "%s can be written by everybody; chmod 640 it", path);
    if ((info->protection & APR_FPROT_WREAD) && !world_readable)
        return apr_psprintf(pool,
                            "%s can be read by everybody, and an NT hash is worth as much as the "
                            "password; chmod 640 it (or add worldreadable=on)",
                            path);
    return NULL;
}

static const char *parse_open_file(apr_pool_t *pool, const char *path, apr_file_t *file,
                                   apr_size_t size, creds_table_t **table)
{
    apr_size_t len = 0;
    char *text = malloc(size + 1);
    if (!text) return cannot(pool, "hold", path, APR_ENOMEM);
    apr_status_t rv = apr_file_read_full(file, text, size, &len);
    const char *why = rv == APR_SUCCESS || rv == APR_EOF
                          ? creds_table_parse(pool, path, text, len, table)
                          : cannot(pool, "read", path, rv);
    secret_wipe(text, size);
    free(text);
    return why;
}

const char *creds_table_load(apr_pool_t *pool, const char *path, bool world_readable,
                             creds_table_t **table)
{
    apr_file_t *file;
    apr_finfo_t info;
    apr_status_t rv =
        apr_file_open(&file, path, APR_FOPEN_READ | APR_FOPEN_NONBLOCK, APR_FPROT_OS_DEFAULT, pool);
    if (rv != APR_SUCCESS)
        return apr_psprintf(pool, "%s; %s", cannot(pool, "open", path, rv),
                            APR_STATUS_IS_ENOENT(rv) ? "make it with: ntlmpasswd -c FILE USER"
                                                     : "let httpd's user read it");
    rv = apr_file_info_get(&info, APR_FINFO_TYPE | APR_FINFO_PROT | APR_FINFO_SIZE, file);
    const char *why = rv != APR_SUCCESS ? cannot(pool, "stat", path, rv)
                                        : unfit(pool, path, &info, world_readable);
    if (!why) why = parse_open_file(pool, path, file, (apr_size_t)info.size, table);
    apr_file_close(file);
    return why;
}

apr_size_t creds_table_count(const creds_table_t *table)
{
    return table->count;
}

/* ---- asking ---- */

static int name_to_entry(const void *name, const void *entry)
{
    return unicode_casecmp(name, ((const entry_t *)entry)->name);
}

bool creds_table_find(const creds_table_t *table, const char *name, creds_account_t *account)
{
    const entry_t *entry =
        bsearch(name, table->entries, table->count, sizeof *table->entries, name_to_entry);
    if (!entry) return false;
    const secret_t *secret = &table->secrets[entry->secret];
    account->name = entry->name;
    memcpy(account->key.nt_hash, secret->nt_hash, NTLM_KEY_LEN);
    account->key.state = secret->disabled ? NTLM_ACCOUNT_DISABLED : NTLM_OK;
    return true;
}

static const char *file_open(apr_pool_t *pool, const char *path, const apr_table_t *options,
                             void **opened)
{
    creds_table_t *table = NULL;
    const apr_array_header_t *given = apr_table_elts(options);
    const char *world_readable = apr_table_get(options, "worldreadable");
    for (int i = 0; i < given->nelts; i++) {
        const char *key = APR_ARRAY_IDX(given, i, apr_table_entry_t).key;
        if (strcmp(key, "worldreadable") != 0)
            return apr_psprintf(pool, "file knows no option '%s'; only worldreadable=on|off", key);
    }
    if (world_readable && strcmp(world_readable, "on") != 0 && strcmp(world_readable, "off") != 0)
        return "worldreadable takes on or off";
    const char *why =
        creds_table_load(pool, path, world_readable && !strcmp(world_readable, "on"), &table);
    *opened = table;
    return why;
}

/* DOMAIN\user first, then the name as it was sent, if that is another one, then
 * the user alone: the more exact entry decides. */
static ntlm_status_t file_find(void *opened, apr_pool_t *pool, const creds_login_t *login,
                               creds_account_t *account, const char **why)
{
    const creds_table_t *table = opened;
    const char *full = apr_pstrcat(pool, login->domain, "\\", login->user, NULL);
    (void)why;
    if (login->domain[0] != '\0' && creds_table_find(table, full, account)) {
        size_t len = (size_t)(strchr(account->name, '\\') - account->name);
        account->domain = apr_pstrmemdup(pool, account->name, len);
        return NTLM_OK;
    }
    if (login->whole && creds_table_find(table, login->whole, account)) return NTLM_OK;
    if (strchr(login->user, '\\')) return NTLM_NO_SUCH_USER; /* that names another domain */
    return creds_table_find(table, login->user, account) ? NTLM_OK : NTLM_NO_SUCH_USER;
}

const creds_backend_t creds_file_backend = {"file", true, file_open, file_find};
