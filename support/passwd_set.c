#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../lib/ntlm/crypto.h"
#include "passwd_actions.h"
#include "passwd_ask.h"

/* ---- setting ---- */

static passwd_exit_t ask_new(const request_t *request, uint8_t nt_hash[NTLM_KEY_LEN])
{
    if (!request->has_hash)
        return password_ask(request->from_stdin ? PASSWORD_FROM_STDIN : PASSWORD_TYPED_TWICE,
                            nt_hash);
    memcpy(nt_hash, request->nt_hash, NTLM_KEY_LEN);
    return PASSWD_OK;
}

static passwd_exit_t ask_line(const request_t *request, passwd_line_t *line)
{
    uint8_t nt_hash[NTLM_KEY_LEN];
    passwd_exit_t result = ask_new(request, nt_hash);
    if (result == PASSWD_OK) passwd_line_make(request->user, nt_hash, false, line);
    secret_wipe(nt_hash, sizeof nt_hash);
    return result;
}

passwd_exit_t print_line(const request_t *request)
{
    passwd_line_t line = {.len = 0};
    passwd_exit_t result = ask_line(request, &line);
    if (result == PASSWD_OK &&
        !write_all(STDOUT_FILENO, (bytes_t){(uint8_t *)line.text, line.len})) {
        warn("cannot write to stdout");
        result = PASSWD_NO_FILE;
    }
    secret_wipe(&line, sizeof line);
    return result;
}

/* Of an account that is there only the digits of its hash change. */
static passwd_exit_t put_digits(const request_t *request, const passwd_file_t *file,
                                const passwd_entry_t *entry, const passwd_line_t *line)
{
    size_t hash = entry->start + entry->line.hash_at;
    bytes_t digits = {(const uint8_t *)line->text + line->digits, SMBPASSWD_DIGITS};
    passwd_exit_t result = passwd_file_replace(file, hash, hash + SMBPASSWD_DIGITS, digits);
    if (result != PASSWD_OK) return result;
    fprintf(stderr, "Changed the password of user %s\n", entry->line.name);
    if (entry->line.has_hash) tell_state(request, &entry->line);
    return PASSWD_OK;
}

static passwd_exit_t put_line(const request_t *request, const passwd_file_t *file,
                              const passwd_line_t *line)
{
    passwd_entry_t entry = {0};
    passwd_exit_t result = passwd_file_find(file, request->user, &entry);
    if (result == PASSWD_NO_USER) {
        bytes_t text = {(const uint8_t *)line->text, line->len};
        result = passwd_file_replace(file, file->len, file->len, text);
        if (result == PASSWD_OK) fprintf(stderr, "Added user %s\n", request->user);
    } else if (result == PASSWD_OK) {
        result = put_digits(request, file, &entry, line);
    }
    secret_wipe(&entry, sizeof entry);
    return result;
}

/* Nobody shall type a password for a file that cannot take it; nor shall others
 * wait for the lock while somebody types. So it is opened twice. */
static passwd_exit_t check_file(const request_t *request)
{
    passwd_file_t file;
    if (request->create) return PASSWD_OK;
    passwd_exit_t result = passwd_file_open(request->file, PASSWD_READ, &file);
    passwd_file_close(&file);
    return result;
}

passwd_exit_t set_password(const request_t *request)
{
    passwd_file_t file;
    passwd_line_t line = {.len = 0};
    passwd_exit_t result = check_file(request);
    if (result == PASSWD_OK) result = ask_line(request, &line);
    if (result != PASSWD_OK) return result;
    result =
        passwd_file_open(request->file, request->create ? PASSWD_CREATE : PASSWD_CHANGE, &file);
    if (result == PASSWD_OK) result = put_line(request, &file, &line);
    passwd_file_close(&file);
    secret_wipe(&line, sizeof line);
    return result;
}

/* ---- verifying ---- */

static passwd_exit_t read_user(const request_t *request, passwd_entry_t *entry)
{
    passwd_file_t file;
    passwd_exit_t result = passwd_file_open(request->file, PASSWD_READ, &file);
    if (result == PASSWD_OK) result = find_user(request, &file, entry);
    passwd_file_close(&file);
    return result;
}

static passwd_exit_t compare(const request_t *request, const creds_line_t *line)
{
    uint8_t nt_hash[NTLM_KEY_LEN];
    tell_state(request, line);
    passwd_exit_t result =
        password_ask(request->from_stdin ? PASSWORD_FROM_STDIN : PASSWORD_TYPED, nt_hash);
    if (result == PASSWD_OK && !secret_equal(nt_hash, line->nt_hash, NTLM_KEY_LEN)) {
        warnx("the password of user %s is another one", line->name);
        result = PASSWD_WRONG;
    }
    if (result == PASSWD_OK) fprintf(stderr, "The password of user %s is right\n", line->name);
    secret_wipe(nt_hash, sizeof nt_hash);
    return result;
}

passwd_exit_t verify_password(const request_t *request)
{
    passwd_entry_t entry = {0};
    passwd_exit_t result = read_user(request, &entry);
    if (result == PASSWD_OK) result = compare(request, &entry.line);
    secret_wipe(&entry, sizeof entry);
    return result;
}

/* ---- changing, by who knows the old one ---- */

static passwd_exit_t may_change(const creds_line_t *line, const uint8_t old_hash[NTLM_KEY_LEN])
{
    bool right = secret_equal(old_hash, line->nt_hash, NTLM_KEY_LEN);
    if (right && line->has_hash && line->state == NTLM_OK) return PASSWD_OK;
    warnx("the old password is wrong, or the account is disabled; nothing was changed");
    return PASSWD_WRONG;
}

/* While the new one was typed the account may have been disabled, or more. */
static passwd_exit_t exchange(const request_t *request, const uint8_t old_hash[NTLM_KEY_LEN],
                              const passwd_line_t *line)
{
    passwd_file_t file;
    passwd_entry_t entry = {0};
    passwd_exit_t result = passwd_file_open(request->file, PASSWD_CHANGE, &file);
    if (result == PASSWD_OK) result = find_user(request, &file, &entry);
    if (result == PASSWD_OK) result = may_change(&entry.line, old_hash);
    if (result == PASSWD_OK) result = put_digits(request, &file, &entry, line);
    passwd_file_close(&file);
    secret_wipe(&entry, sizeof entry);
    return result;
}

passwd_exit_t change_password(const request_t *request)
{
    bool typed = isatty(STDIN_FILENO);
    request_t new_one = *request;
    uint8_t old_hash[NTLM_KEY_LEN] = {0};
    passwd_entry_t entry = {0};
    passwd_line_t line = {.len = 0};
    new_one.from_stdin = !typed;
    passwd_exit_t result = read_user(request, &entry);
    if (result == PASSWD_OK)
        result = password_ask(typed ? PASSWORD_TYPED_OLD : PASSWORD_FROM_STDIN, old_hash);
    if (result == PASSWD_OK) result = may_change(&entry.line, old_hash);
    if (result == PASSWD_OK) result = ask_line(&new_one, &line);
    if (result == PASSWD_OK) result = exchange(request, old_hash, &line);
    secret_wipe(&entry, sizeof entry);
    secret_wipe(&line, sizeof line);
    secret_wipe(old_hash, sizeof old_hash);
    return result;
}
