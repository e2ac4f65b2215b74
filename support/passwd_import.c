#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/ntlm/crypto.h"
#include "passwd_actions.h"
#include "passwd_incoming.h"

enum { GROWTH_MAX = 16 /* bytes by which a plain line may be longer than what it came from */ };

/* --import adds to FILE and updates it; --sync also removes what is not in the other one. */
typedef struct import_t {
    const request_t *request;
    bool removes;
    incoming_list_t theirs;
    passwd_file_t file;
    size_t accounts; /* of FILE, before; counted where it removes */
    size_t added, changed, removed, unchanged, hashless;
    char *text; /* the new content; a secret */
    size_t len, cap;
    FILE *report; /* of --sync: a line for each account that it touches */
    char *report_text;
    size_t report_len;
} import_t;

static passwd_exit_t no_memory(const import_t *import)
{
    warn("cannot import %s", import->theirs.source.name);
    return PASSWD_NO_FILE;
}

static void report(import_t *import, const char *what, const char *name)
{
    if (import->report) fprintf(import->report, "%s user %s\n", what, name);
}

/* ---- writing ---- */

static void append(import_t *import, const char *text, size_t len)
{
    if (len > import->cap - import->len) abort(); /* cap was computed to be enough */
    memcpy(import->text + import->len, text, len);
    import->len += len;
}

static void append_plain(import_t *import, const char *name, const creds_line_t *theirs,
                         bool disabled)
{
    passwd_line_t line;
    passwd_line_make(name, theirs->nt_hash, disabled, &line);
    append(import, line.text, line.len);
    secret_wipe(&line, sizeof line);
}

/* ---- the accounts of FILE ---- */

static void keep(import_t *import, const passwd_entry_t *ours)
{
    append(import, import->file.text + ours->start, ours->end - ours->start);
}

static void drop(import_t *import, const passwd_entry_t *ours)
{
    import->removed++;
    report(import, "Removed", ours->line.name);
}

/* A dump does not say who is enabled: there the mark of FILE stays. */
static bool comes_disabled(const creds_line_t *ours, const creds_line_t *theirs)
{
    bool silent = theirs->form == CREDS_FORM_DUMP;
    return theirs->state != NTLM_OK || (silent && ours->state != NTLM_OK && ours->has_hash);
}

static void take_hash(import_t *import, const passwd_entry_t *ours, const creds_line_t *theirs)
{
    bool disabled = comes_disabled(&ours->line, theirs);
    bool same = ours->line.has_hash && disabled == (ours->line.state != NTLM_OK) &&
                secret_equal(ours->line.nt_hash, theirs->nt_hash, NTLM_KEY_LEN);
    if (same) {
        import->unchanged++;
        keep(import, ours);
        return;
    }
    import->changed++;
    report(import, "Changed", ours->line.name);
    append_plain(import, ours->line.name, theirs, disabled);
}

/* One account of FILE, which is in the other one too. What has lost its hash there must not
 * go on with an old one. */
static void update(import_t *import, const passwd_entry_t *ours, const incoming_t *account)
{
    creds_line_t theirs;
    incoming_line(&import->theirs, account, &theirs);
    if (theirs.has_hash) {
        take_hash(import, ours, &theirs);
    } else if (import->removes) {
        drop(import, ours);
    } else {
        warnx("%s:%zu: there is no NT hash of %s; it stays as it is", import->theirs.source.name,
              account->number, ours->line.name);
        keep(import, ours);
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
        incoming_t *account = incoming_find(&import->theirs, at.line.name);
        import->accounts++;
        if (!account && !import->removes) continue;
        append(import, file->text + copied, at.start - copied);
        copied = at.end;
        if (!account) {
            drop(import, &at);
            continue;
        }
        if (account->found_at)
            result = passwd_is_twice(file, at.number, account->found_at, at.line.name);
        account->found_at = at.number;
        update(import, &at, account);
    }
    if (copied < file->len) append(import, file->text + copied, file->len - copied);
    secret_wipe(&at, sizeof at);
    return result;
}

/* ---- the new ones ---- */

static void add_new(import_t *import)
{
    incoming_list_t *theirs = &import->theirs;
    creds_line_t line;
    incoming_in_order(theirs);
    for (size_t i = 0; i < theirs->count; i++) {
        incoming_line(theirs, &theirs->accounts[i], &line);
        if (!line.has_hash) {
            import->hashless++;
        } else if (!theirs->accounts[i].found_at) {
            import->added++;
            report(import, "Added", line.name);
            append_plain(import, line.name, &line, line.state != NTLM_OK);
        }
    }
    secret_wipe(&line, sizeof line);
}

/* ---- all of it ---- */

static void tell_left_out(const import_t *import)
{
    const char *source = import->theirs.source.name;
    if (import->theirs.computers)
        warnx("%s: left out: %zu (computers; --computers takes them)", source,
              import->theirs.computers);
    if (import->removes && import->hashless)
        warnx("%s: left out: %zu (no NT hash)", source, import->hashless);
}

/* An export that failed is empty or short: it must not shut everybody out. */
static passwd_exit_t may_remove(const import_t *import)
{
    if (import->request->yes || import->removed <= import->accounts / 2) return PASSWD_OK;
    warnx("%s: %zu of its %zu accounts would be removed, so nothing was changed: did the export "
          "of %s fail? --yes removes them",
          import->request->file, import->removed, import->accounts, import->theirs.source.name);
    return PASSWD_TOO_FEW;
}

static passwd_access_t access_of(const request_t *request)
{
    if (!request->create) return PASSWD_CHANGE;
    return request->action == ACTION_SYNC ? PASSWD_MAKE : PASSWD_CREATE;
}

static passwd_exit_t open_both(import_t *import)
{
    const request_t *request = import->request;
    passwd_exit_t result = incoming_open(request->source, request->computers, &import->theirs);
    if (result == PASSWD_OK)
        result = passwd_file_open(request->file, access_of(request), &import->file);
    if (result != PASSWD_OK) return result;
    import->cap = import->file.len + import->theirs.source.len + GROWTH_MAX * import->theirs.count;
    import->text = malloc(import->cap + 1);
    if (import->removes) import->report = open_memstream(&import->report_text, &import->report_len);
    return import->text && (import->report || !import->removes) ? PASSWD_OK : no_memory(import);
}

static passwd_exit_t write_file(const import_t *import)
{
    bool anew = import->file.is_new || (import->request->create && !import->removes);
    if (import->added + import->changed + import->removed == 0 && !anew) return PASSWD_OK;
    return passwd_file_replace(&import->file, 0, import->file.len,
                               (bytes_t){(const uint8_t *)import->text, import->len});
}

static passwd_exit_t merge(import_t *import)
{
    passwd_exit_t result = update_all(import);
    if (result != PASSWD_OK) return result;
    add_new(import);
    tell_left_out(import);
    if (import->report && fflush(import->report) != 0) return no_memory(import);
    result = may_remove(import);
    return result == PASSWD_OK ? write_file(import) : result;
}

static void tell(const import_t *import)
{
    const char *file = import->request->file;
    if (import->removes)
        fprintf(stderr, "%s%s: added %zu, changed %zu, removed %zu, unchanged %zu\n",
                import->report_text, file, import->added, import->changed, import->removed,
                import->unchanged);
    else
        fprintf(stderr, "%s: added %zu, changed %zu, unchanged %zu, skipped without a hash %zu\n",
                file, import->added, import->changed, import->unchanged, import->hashless);
}

static void close_both(import_t *import)
{
    incoming_close(&import->theirs);
    if (import->text) secret_wipe(import->text, import->len);
    free(import->text);
    if (import->report) fclose(import->report);
    free(import->report_text);
    passwd_file_close(&import->file);
}

passwd_exit_t import_accounts(const request_t *request)
{
    import_t import = {.request = request, .file = {.fd = -1}};
    import.removes = request->action == ACTION_SYNC;
    passwd_exit_t result = open_both(&import);
    if (result == PASSWD_OK) result = merge(&import);
    if (result == PASSWD_OK) tell(&import);
    close_both(&import);
    return result;
}
