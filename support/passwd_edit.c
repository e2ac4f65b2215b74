#include <err.h>
#include <stdio.h>
#include <string.h>

#include "../lib/ntlm/crypto.h"
#include "passwd_actions.h"

/* ---- telling ---- */

static const char *state_word(const creds_line_t *line)
{
    if (line->state == NTLM_ACCOUNT_DISABLED) return "disabled";
    if (line->state == NTLM_ACCOUNT_LOCKED) return "locked";
    return line->state == NTLM_OK ? NULL : "without a password";
}

void tell_state(const request_t *request, const creds_line_t *line)
{
    const char *word = state_word(line);
    if (word) warnx("%s: user %s is %s", request->file, line->name, word);
}

passwd_exit_t list_users(const request_t *request)
{
    passwd_file_t file;
    passwd_entry_t at = {0};
    passwd_exit_t result = passwd_file_open(request->file, PASSWD_READ, &file);
    while (result == PASSWD_OK && passwd_file_next(&file, &at)) {
        const char *word = state_word(&at.line);
        printf("%s%s%s\n", at.line.name, word ? "\t" : "", word ? word : "");
    }
    passwd_file_close(&file);
    secret_wipe(&at, sizeof at);
    if (result != PASSWD_OK || (fflush(stdout) == 0 && !ferror(stdout))) return result;
    warn("cannot write to stdout");
    return PASSWD_NO_FILE;
}

/* ---- changing one line ---- */

passwd_exit_t find_user(const request_t *request, const passwd_file_t *file, passwd_entry_t *entry)
{
    passwd_exit_t result = passwd_file_find(file, request->user, entry);
    if (result == PASSWD_NO_USER) warnx("%s: there is no user %s", request->file, request->user);
    return result;
}

typedef passwd_exit_t (*edit_t)(const request_t *request, const passwd_file_t *file,
                                const passwd_entry_t *entry);

static passwd_exit_t edit_user(const request_t *request, edit_t edit)
{
    passwd_file_t file;
    passwd_entry_t entry = {0};
    passwd_exit_t result = passwd_file_open(request->file, PASSWD_CHANGE, &file);
    if (result == PASSWD_OK) result = find_user(request, &file, &entry);
    if (result == PASSWD_OK) result = edit(request, &file, &entry);
    passwd_file_close(&file);
    secret_wipe(&entry, sizeof entry);
    return result;
}

static passwd_exit_t delete_line(const request_t *request, const passwd_file_t *file,
                                 const passwd_entry_t *entry)
{
    (void)request;
    passwd_exit_t result = passwd_file_replace(file, entry->start, entry->end, bytes_none());
    if (result == PASSWD_OK) fprintf(stderr, "Deleted user %s\n", entry->line.name);
    return result;
}

passwd_exit_t delete_user(const request_t *request)
{
    return edit_user(request, delete_line);
}

/* ---- disabling and enabling ---- */

/* ":[D]" behind the hash, or nothing. */
static passwd_exit_t mark_plain(const passwd_file_t *file, const passwd_entry_t *entry,
                                bool disable)
{
    static const uint8_t mark[] = {':', '[', 'D', ']'};
    size_t at = entry->start + entry->line.hash_at + SMBPASSWD_DIGITS;
    return passwd_file_replace(file, at, at + (disable ? 0 : sizeof mark),
                               (bytes_t){mark, disable ? sizeof mark : 0});
}

/* D comes first and takes a blank's place at the end, if there is one. */
static size_t with_flag(const char *flags, size_t len, uint8_t *out)
{
    size_t kept = len > 0 && flags[len - 1] == ' ' ? len - 1 : len;
    out[0] = 'D';
    memcpy(out + 1, flags, kept);
    return kept + 1;
}

static size_t without_flag(const char *flags, size_t len, uint8_t *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < len; i++)
        if (flags[i] != 'D') out[kept++] = (uint8_t)flags[i];
    while (kept < len) out[kept++] = ' ';
    return kept;
}

static passwd_exit_t mark_smbpasswd(const passwd_file_t *file, const passwd_entry_t *entry,
                                    bool disable)
{
    uint8_t marked[64];
    size_t at = entry->start + entry->line.hash_at + SMBPASSWD_DIGITS + strlen(":[");
    const char *flags = file->text + at;
    const char *end = memchr(flags, ']', entry->end - at);
    size_t len = end ? (size_t)(end - flags) : sizeof marked;
    if (len >= sizeof marked) {
        warnx("%s:%zu: there are too many flags; write [U          ]", file->name, entry->number);
        return PASSWD_BAD_FILE;
    }
    size_t new_len = disable ? with_flag(flags, len, marked) : without_flag(flags, len, marked);
    return passwd_file_replace(file, at, at + len, (bytes_t){marked, new_len});
}

static passwd_exit_t mark(const request_t *request, const passwd_file_t *file,
                          const passwd_entry_t *entry)
{
    bool disable = request->action == ACTION_DISABLE;
    bool disabled = entry->line.state == NTLM_ACCOUNT_DISABLED;
    if (entry->line.form == CREDS_FORM_DUMP) {
        warnx("%s:%zu: a line of a dump cannot hold a flag; write it as user:NTHASH:[D] (--import "
              "into another file makes such lines)",
              request->file, entry->number);
        return PASSWD_BAD_FILE;
    }
    passwd_exit_t result = PASSWD_OK;
    if (disable == disabled)
        fprintf(stderr, "User %s is %s\n", entry->line.name,
                disable ? "disabled already" : "not disabled");
    else
        result = entry->line.form == CREDS_FORM_PLAIN ? mark_plain(file, entry, disable)
                                                      : mark_smbpasswd(file, entry, disable);
    if (disable != disabled && result == PASSWD_OK)
        fprintf(stderr, "%s user %s\n", disable ? "Disabled" : "Enabled", entry->line.name);
    return result;
}

/* Other flags stay, and may still keep the account out: that is told. */
static passwd_exit_t tell_line(const request_t *request, const passwd_file_t *file,
                               const passwd_entry_t *entry)
{
    (void)file;
    tell_state(request, &entry->line);
    return PASSWD_OK;
}

passwd_exit_t disable_user(const request_t *request)
{
    return edit_user(request, mark);
}

passwd_exit_t enable_user(const request_t *request)
{
    passwd_exit_t result = edit_user(request, mark);
    return result == PASSWD_OK ? edit_user(request, tell_line) : result;
}
