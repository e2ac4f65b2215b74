#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/ntlm/crypto.h"
#include "../lib/ntlm/unicode.h"
#include "passwd_actions.h"

enum {
    STDIN_FIRST = 1 << 16, /* bytes to begin with */
    STDIN_MAX = 1 << 30,
    GROWTH_MAX = 16 /* bytes by which a plain line may be longer than the one it came from */
};

/* One account of FILE2. Small, since there may be a million of them; hashes stay
 * in the text, so that sorting leaves no copies of them in memory. */
typedef struct incoming_t {
    char *name;
    size_t start, end, number; /* its line, as in passwd_entry_t */
    size_t found_at;           /* the line of FILE that has the account; 0: none yet */
} incoming_t;

typedef struct import_t {
    const request_t *request;
    passwd_file_t source, file;
    incoming_t *accounts; /* sorted by name */
    size_t count, added, changed, unchanged, skipped;
    char *text; /* the new content; a secret */
    size_t len, cap;
} import_t;

static passwd_exit_t no_memory(const import_t *import)
{
    warn("cannot import %s", import->source.name);
    return PASSWD_NO_FILE;
}

/* ---- reading FILE2 ---- */

/* realloc() would leave copies of the hashes behind. */
static bool grow(passwd_file_t *file, size_t *cap)
{
    size_t larger = *cap ? 2 * *cap : STDIN_FIRST;
    char *text = malloc(larger + 1);
    if (!text) return false;
    if (file->text) {
        memcpy(text, file->text, file->len);
        secret_wipe(file->text, file->len);
    }
    free(file->text);
    file->text = text;
    *cap = larger;
    return true;
}

static passwd_exit_t read_stdin(import_t *import)
{
    passwd_file_t *file = &import->source;
    size_t cap = 0;
    ssize_t got;
    *file = (passwd_file_t){.name = "stdin", .fd = -1};
    do {
        if (file->len == cap && (cap >= STDIN_MAX || !grow(file, &cap))) return no_memory(import);
        got = read(STDIN_FILENO, file->text + file->len, cap - file->len);
        if (got > 0) file->len += (size_t)got;
    } while (got > 0);
    if (got < 0) {
        warn("cannot read stdin");
        return PASSWD_NO_FILE;
    }
    if (file->len > 0 && file->text[file->len - 1] != '\n') file->text[file->len++] = '\n';
    return passwd_file_check(file);
}

static int by_name(const void *a, const void *b)
{
    return unicode_casecmp(((const incoming_t *)a)->name, ((const incoming_t *)b)->name);
}

static passwd_exit_t is_twice(const passwd_file_t *file, size_t a, size_t b, const char *name)
{
    warnx("%s:%zu: '%s' is the same name as in line %zu (case makes no difference); remove one "
          "of the two",
          file->name, a > b ? a : b, name, a > b ? b : a);
    return PASSWD_BAD_FILE;
}

static passwd_exit_t sort_accounts(import_t *import)
{
    incoming_t *all = import->accounts;
    qsort(all, import->count, sizeof *all, by_name);
    for (size_t i = 1; i < import->count; i++)
        if (by_name(&all[i - 1], &all[i]) == 0)
            return is_twice(&import->source, all[i - 1].number, all[i].number, all[i].name);
    return PASSWD_OK;
}

static size_t count_accounts(const passwd_file_t *file)
{
    passwd_entry_t at = {0};
    size_t count = 0;
    while (passwd_file_next(file, &at)) count++;
    secret_wipe(&at, sizeof at);
    return count;
}

static passwd_exit_t read_source(import_t *import)
{
    const char *name = import->request->source;
    bool from_stdin = name[0] == '-' && name[1] == '\0';
    passwd_entry_t at = {0};
    passwd_exit_t result =
        from_stdin ? read_stdin(import) : passwd_file_open(name, PASSWD_READ, &import->source);
    if (result != PASSWD_OK) return result;
    import->accounts = calloc(count_accounts(&import->source) + 1, sizeof *import->accounts);
    if (!import->accounts) return no_memory(import);
    while (result == PASSWD_OK && passwd_file_next(&import->source, &at)) {
        char *copy = strdup(at.line.name);
        if (!copy) result = no_memory(import);
        if (copy)
            import->accounts[import->count++] = (incoming_t){copy, at.start, at.end, at.number, 0};
    }
    secret_wipe(&at, sizeof at);
    return result == PASSWD_OK ? sort_accounts(import) : result;
}

/* ---- writing ---- */

static void append(import_t *import, const char *text, size_t len)
{
    if (len > import->cap - import->len) abort(); /* cap was computed to be enough */
    memcpy(import->text + import->len, text, len);
    import->len += len;
}

static void parse_incoming(const import_t *import, const incoming_t *account, creds_line_t *line)
{
    creds_line_parse(import->source.text + account->start, account->end - account->start - 1, line);
}

static void append_plain(import_t *import, const char *name, const creds_line_t *theirs,
                         bool disabled)
{
    passwd_line_t line;
    passwd_line_make(name, theirs->nt_hash, disabled, &line);
    append(import, line.text, line.len);
    secret_wipe(&line, sizeof line);
}

/* A dump does not say who is enabled: there the mark of FILE stays. */
static bool comes_disabled(const creds_line_t *ours, const creds_line_t *theirs)
{
    bool silent = theirs->form == CREDS_FORM_DUMP;
    return theirs->state != NTLM_OK || (silent && ours->state != NTLM_OK && ours->has_hash);
}

/* One account of FILE, which is in FILE2 too. */
static void update(import_t *import, const passwd_entry_t *ours, const incoming_t *account)
{
    creds_line_t theirs;
    parse_incoming(import, account, &theirs);
    bool disabled = comes_disabled(&ours->line, &theirs);
    bool same = ours->line.has_hash && disabled == (ours->line.state != NTLM_OK) &&
                secret_equal(ours->line.nt_hash, theirs.nt_hash, NTLM_KEY_LEN);
    if (!theirs.has_hash)
        warnx("%s:%zu: there is no NT hash of %s; it stays as it is", import->source.name,
              account->number, ours->line.name);
    if (same && theirs.has_hash) import->unchanged++;
    if (same || !theirs.has_hash) {
        append(import, import->file.text + ours->start, ours->end - ours->start);
    } else {
        import->changed++;
        append_plain(import, ours->line.name, &theirs, disabled);
    }
    secret_wipe(&theirs, sizeof theirs);
}

static passwd_exit_t update_all(import_t *import)
{
    const passwd_file_t *file = &import->file;
    passwd_entry_t at = {0};
    passwd_exit_t result = PASSWD_OK;
    size_t copied = 0;
    while (result == PASSWD_OK && passwd_file_next(file, &at)) {
        incoming_t key = {.name = at.line.name};
        incoming_t *account = bsearch(&key, import->accounts, import->count, sizeof key, by_name);
        if (!account) continue;
        if (account->found_at) result = is_twice(file, at.number, account->found_at, at.line.name);
        account->found_at = at.number;
        append(import, file->text + copied, at.start - copied);
        update(import, &at, account);
        copied = at.end;
    }
    if (copied < file->len) append(import, file->text + copied, file->len - copied);
    secret_wipe(&at, sizeof at);
    return result;
}

static int by_number(const void *a, const void *b)
{
    size_t x = ((const incoming_t *)a)->number, y = ((const incoming_t *)b)->number;
    return (x > y) - (x < y);
}

/* The new ones, in the order of FILE2. */
static void add_new(import_t *import)
{
    creds_line_t line;
    qsort(import->accounts, import->count, sizeof *import->accounts, by_number);
    for (size_t i = 0; i < import->count; i++) {
        parse_incoming(import, &import->accounts[i], &line);
        if (!line.has_hash) {
            import->skipped++;
        } else if (!import->accounts[i].found_at) {
            import->added++;
            append_plain(import, line.name, &line, line.state != NTLM_OK);
        }
    }
    secret_wipe(&line, sizeof line);
}

static passwd_exit_t merge(import_t *import)
{
    const request_t *request = import->request;
    passwd_exit_t result = passwd_file_open(
        request->file, request->create ? PASSWD_CREATE : PASSWD_CHANGE, &import->file);
    if (result != PASSWD_OK) return result;
    import->cap = import->file.len + import->source.len + GROWTH_MAX * import->count;
    import->text = malloc(import->cap + 1);
    if (!import->text) return no_memory(import);
    result = update_all(import);
    if (result != PASSWD_OK) return result;
    add_new(import);
    if (import->added + import->changed == 0 && !request->create) return PASSWD_OK;
    return passwd_file_replace(&import->file, 0, import->file.len,
                               (bytes_t){(const uint8_t *)import->text, import->len});
}

static void close_import(import_t *import)
{
    for (size_t i = 0; i < import->count; i++) free(import->accounts[i].name);
    free(import->accounts);
    if (import->text) secret_wipe(import->text, import->len);
    free(import->text);
    passwd_file_close(&import->source);
    passwd_file_close(&import->file);
}

passwd_exit_t import_accounts(const request_t *request)
{
    import_t import = {.request = request, .source = {.fd = -1}, .file = {.fd = -1}};
    passwd_exit_t result = read_source(&import);
    if (result == PASSWD_OK) result = merge(&import);
    if (result == PASSWD_OK)
        fprintf(stderr, "%s: added %zu, changed %zu, unchanged %zu, skipped without a hash %zu\n",
                request->file, import.added, import.changed, import.unchanged, import.skipped);
    close_import(&import);
    return result;
}
