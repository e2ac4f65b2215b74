#include "passwd_incoming.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/ntlm/crypto.h"
#include "../lib/ntlm/unicode.h"

enum {
    STDIN_FIRST = 1 << 16, /* bytes to begin with */
    STDIN_MAX = 1 << 30
};

static passwd_exit_t no_memory(const incoming_list_t *list)
{
    warn("cannot hold %s", list->source.name);
    return PASSWD_NO_FILE;
}

/* ---- stdin ---- */

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

static passwd_exit_t read_stdin(incoming_list_t *list)
{
    passwd_file_t *file = &list->source;
    size_t cap = 0;
    ssize_t got;
    *file = (passwd_file_t){.name = "stdin", .fd = -1};
    do {
        if (file->len == cap && (cap >= STDIN_MAX || !grow(file, &cap))) return no_memory(list);
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

/* ---- the accounts ---- */

static int by_name(const void *a, const void *b)
{
    return unicode_casecmp(((const incoming_t *)a)->name, ((const incoming_t *)b)->name);
}

static int name_to_account(const void *name, const void *account)
{
    return unicode_casecmp(name, ((const incoming_t *)account)->name);
}

static int by_number(const void *a, const void *b)
{
    size_t x = ((const incoming_t *)a)->number, y = ((const incoming_t *)b)->number;
    return (x > y) - (x < y);
}

passwd_exit_t passwd_is_twice(const passwd_file_t *file, size_t a, size_t b, const char *name)
{
    warnx("%s:%zu: '%s' is the same name as in line %zu (case makes no difference); remove one "
          "of the two",
          file->name, a > b ? a : b, name, a > b ? b : a);
    return PASSWD_BAD_FILE;
}

static passwd_exit_t sort_accounts(incoming_list_t *list)
{
    incoming_t *all = list->accounts;
    qsort(all, list->count, sizeof *all, by_name);
    for (size_t i = 1; i < list->count; i++)
        if (by_name(&all[i - 1], &all[i]) == 0)
            return passwd_is_twice(&list->source, all[i - 1].number, all[i].number, all[i].name);
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

static passwd_exit_t read_accounts(incoming_list_t *list, bool computers)
{
    passwd_entry_t at = {0};
    passwd_exit_t result = PASSWD_OK;
    list->accounts = calloc(count_accounts(&list->source) + 1, sizeof *list->accounts);
    if (!list->accounts) return no_memory(list);
    while (result == PASSWD_OK && passwd_file_next(&list->source, &at)) {
        if (at.line.is_computer && !computers) {
            list->computers++;
            continue;
        }
        char *copy = strdup(at.line.name);
        if (!copy) result = no_memory(list);
        if (copy)
            list->accounts[list->count++] = (incoming_t){copy, at.start, at.end, at.number, 0};
    }
    secret_wipe(&at, sizeof at);
    return result;
}

passwd_exit_t incoming_open(const char *name, bool computers, incoming_list_t *list)
{
    bool from_stdin = name[0] == '-' && name[1] == '\0';
    *list = (incoming_list_t){.source = {.name = name, .fd = -1}};
    passwd_exit_t result =
        from_stdin ? read_stdin(list) : passwd_file_open(name, PASSWD_READ, &list->source);
    if (result == PASSWD_OK) result = read_accounts(list, computers);
    return result == PASSWD_OK ? sort_accounts(list) : result;
}

void incoming_close(incoming_list_t *list)
{
    for (size_t i = 0; i < list->count; i++) free(list->accounts[i].name);
    free(list->accounts);
    passwd_file_close(&list->source);
}

incoming_t *incoming_find(const incoming_list_t *list, const char *name)
{
    return bsearch(name, list->accounts, list->count, sizeof *list->accounts, name_to_account);
}

void incoming_line(const incoming_list_t *list, const incoming_t *account, creds_line_t *line)
{
    creds_line_parse(list->source.text + account->start, account->end - account->start - 1, line);
}

void incoming_in_order(incoming_list_t *list)
{
    qsort(list->accounts, list->count, sizeof *list->accounts, by_number);
}
