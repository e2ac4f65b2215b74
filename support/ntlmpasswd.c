/* ntlmpasswd - makes and changes the password files of mod_auth_ntlmv2, much as
 * htpasswd does for basic authentication. See ntlmpasswd.1.
 */
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../lib/ntlm/crypto.h"
#include "../lib/ntlm/unicode.h"
#include "passwd_ask.h"
#include "passwd_file.h"

enum { HASH_DIGITS = 2 * NTLM_KEY_LEN };

typedef enum action_t {
    ACTION_SET = 0, /* no option */
    ACTION_CREATE = 'c',
    ACTION_PRINT = 'n',
    ACTION_DELETE = 'D',
    ACTION_VERIFY = 'v',
    ACTION_LIST = 'l'
} action_t;

typedef struct request_t {
    action_t action;
    bool from_stdin;
    const char *file, *user;
} request_t;

/* A line of a password file; a secret. */
typedef struct line_text_t {
    char text[CREDS_NAME_MAX + HASH_DIGITS + 2];
    size_t len;
} line_text_t;

/* ---- what the user wants ---- */

static passwd_exit_t usage(void)
{
    fputs("usage: ntlmpasswd [-c] [-i] FILE USER   add USER or change the password\n"
          "       ntlmpasswd -n [-i] [FILE] USER   print the line instead of writing it\n"
          "       ntlmpasswd -v [-i] FILE USER     verify the password\n"
          "       ntlmpasswd -D FILE USER          delete USER\n"
          "       ntlmpasswd -l FILE               list the users\n"
          "  -c  create FILE; one that is there is replaced\n"
          "  -i  read the password from stdin, one line; else it is asked for on the terminal\n"
          "USER is a name or DOMAIN\\name; case makes no difference.\n",
          stderr);
    return PASSWD_USAGE;
}

static passwd_exit_t take_option(request_t *request, int option)
{
    if (option == 'b') {
        warnx("a password on the command line can be seen by every user of this machine; use -i "
              "and give it on stdin");
        return PASSWD_USAGE;
    }
    if (option == '?' || option == 'h') return usage();
    if (option == 'i') {
        request->from_stdin = true;
        return PASSWD_OK;
    }
    if (request->action != ACTION_SET && (int)request->action != option) return usage();
    request->action = (action_t)option;
    return PASSWD_OK;
}

static passwd_exit_t take_names(request_t *request, int count, char *const *names)
{
    bool asks = request->action != ACTION_DELETE && request->action != ACTION_LIST;
    int least = request->action == ACTION_LIST || request->action == ACTION_PRINT ? 1 : 2;
    int most = request->action == ACTION_LIST ? 1 : 2;
    if (count < least || count > most || (request->from_stdin && !asks)) return usage();
    request->file = names[0];
    if (request->action == ACTION_LIST) return PASSWD_OK;
    request->user = names[count - 1];
    const char *why = creds_name_check(request->user);
    if (!why) return PASSWD_OK;
    warnx("%s", why);
    return PASSWD_NO_USER;
}

static passwd_exit_t read_request(int argc, char **argv, request_t *request)
{
    int option;
    opterr = 0;
    /* '+': GNU's getopt would take options behind FILE too, others' would not. */
    while ((option = getopt(argc, argv, "+bcinDvlh")) != -1) {
        passwd_exit_t result = take_option(request, option);
        if (result != PASSWD_OK) return result;
    }
    return take_names(request, argc - optind, argv + optind);
}

/* ---- doing it ---- */

static passwd_exit_t no_such_user(const request_t *request)
{
    warnx("%s: there is no user %s", request->file, request->user);
    return PASSWD_NO_USER;
}

static passwd_exit_t ask(const request_t *request, uint8_t nt_hash[NTLM_KEY_LEN])
{
    if (request->from_stdin) return password_ask(PASSWORD_FROM_STDIN, nt_hash);
    bool verify = request->action == ACTION_VERIFY;
    return password_ask(verify ? PASSWORD_TYPED : PASSWORD_TYPED_TWICE, nt_hash);
}

static void make_line(const char *user, const uint8_t nt_hash[NTLM_KEY_LEN], line_text_t *line)
{
    static const char digits[] = "0123456789abcdef";
    size_t len = strlen(user);
    memcpy(line->text, user, len);
    line->text[len++] = ':';
    for (size_t i = 0; i < NTLM_KEY_LEN; i++) {
        line->text[len++] = digits[nt_hash[i] >> 4];
        line->text[len++] = digits[nt_hash[i] & 0xF];
    }
    line->text[len++] = '\n';
    line->len = len;
}

static passwd_exit_t ask_line(const request_t *request, line_text_t *line)
{
    uint8_t nt_hash[NTLM_KEY_LEN];
    passwd_exit_t result = ask(request, nt_hash);
    if (result == PASSWD_OK) make_line(request->user, nt_hash, line);
    secret_wipe(nt_hash, sizeof nt_hash);
    return result;
}

static passwd_exit_t print_line(const request_t *request)
{
    line_text_t line = {.len = 0};
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
static passwd_exit_t put_line(const request_t *request, const passwd_file_t *file,
                              const line_text_t *line)
{
    passwd_entry_t entry = {0};
    const uint8_t *text = (const uint8_t *)line->text;
    passwd_exit_t result = passwd_file_find(file, request->user, &entry);
    if (result == PASSWD_NO_USER) {
        result = passwd_file_replace(file, file->len, file->len, (bytes_t){text, line->len});
        if (result == PASSWD_OK) fprintf(stderr, "Added user %s\n", request->user);
    } else if (result == PASSWD_OK) {
        size_t hash = entry.start + strlen(entry.line.name) + 1;
        bytes_t digits = {text + line->len - 1 - HASH_DIGITS, HASH_DIGITS};
        result = passwd_file_replace(file, hash, hash + HASH_DIGITS, digits);
        if (result == PASSWD_OK)
            fprintf(stderr, "Changed the password of user %s\n", entry.line.name);
    }
    secret_wipe(&entry, sizeof entry);
    return result;
}

/* Nobody shall type a password for a file that cannot take it; nor shall others
 * wait for the lock while somebody types. So it is opened twice. */
static passwd_exit_t check_file(const request_t *request)
{
    passwd_file_t file;
    if (request->action == ACTION_CREATE) return PASSWD_OK;
    passwd_exit_t result = passwd_file_open(request->file, PASSWD_READ, &file);
    passwd_file_close(&file);
    return result;
}

static passwd_exit_t set_password(const request_t *request)
{
    passwd_file_t file;
    line_text_t line = {.len = 0};
    passwd_access_t access = request->action == ACTION_CREATE ? PASSWD_CREATE : PASSWD_CHANGE;
    passwd_exit_t result = check_file(request);
    if (result == PASSWD_OK) result = ask_line(request, &line);
    if (result != PASSWD_OK) return result;
    result = passwd_file_open(request->file, access, &file);
    if (result == PASSWD_OK) result = put_line(request, &file, &line);
    passwd_file_close(&file);
    secret_wipe(&line, sizeof line);
    return result;
}

static passwd_exit_t delete_user(const request_t *request)
{
    passwd_file_t file;
    passwd_entry_t entry = {0};
    passwd_exit_t result = passwd_file_open(request->file, PASSWD_CHANGE, &file);
    if (result == PASSWD_OK) {
        result = passwd_file_find(&file, request->user, &entry);
        if (result == PASSWD_NO_USER) no_such_user(request);
    }
    if (result == PASSWD_OK)
        result = passwd_file_replace(&file, entry.start, entry.end, (bytes_t){NULL, 0});
    if (result == PASSWD_OK) fprintf(stderr, "Deleted user %s\n", entry.line.name);
    passwd_file_close(&file);
    secret_wipe(&entry, sizeof entry);
    return result;
}

static passwd_exit_t compare(const request_t *request, const creds_line_t *line)
{
    uint8_t nt_hash[NTLM_KEY_LEN];
    if (line->disabled) warnx("%s: user %s is disabled", request->file, line->name);
    passwd_exit_t result = ask(request, nt_hash);
    if (result == PASSWD_OK && !secret_equal(nt_hash, line->nt_hash, NTLM_KEY_LEN)) {
        warnx("the password of user %s is another one", line->name);
        result = PASSWD_WRONG;
    }
    if (result == PASSWD_OK) fprintf(stderr, "The password of user %s is right\n", line->name);
    secret_wipe(nt_hash, sizeof nt_hash);
    return result;
}

static passwd_exit_t verify(const request_t *request)
{
    passwd_file_t file;
    passwd_entry_t entry = {0};
    passwd_exit_t result = passwd_file_open(request->file, PASSWD_READ, &file);
    if (result == PASSWD_OK) {
        result = passwd_file_find(&file, request->user, &entry);
        if (result == PASSWD_NO_USER) no_such_user(request);
    }
    passwd_file_close(&file);
    if (result == PASSWD_OK) result = compare(request, &entry.line);
    secret_wipe(&entry, sizeof entry);
    return result;
}

static passwd_exit_t list(const request_t *request)
{
    passwd_file_t file;
    passwd_entry_t at = {0};
    passwd_exit_t result = passwd_file_open(request->file, PASSWD_READ, &file);
    while (result == PASSWD_OK && passwd_file_next(&file, &at))
        printf("%s%s\n", at.line.name, at.line.disabled ? "\tdisabled" : "");
    passwd_file_close(&file);
    secret_wipe(&at, sizeof at);
    if (result != PASSWD_OK || (fflush(stdout) == 0 && !ferror(stdout))) return result;
    warn("cannot write to stdout");
    return PASSWD_NO_FILE;
}

static passwd_exit_t perform(const request_t *request)
{
    switch (request->action) {
    case ACTION_SET:
    case ACTION_CREATE: return set_password(request);
    case ACTION_PRINT: return print_line(request);
    case ACTION_DELETE: return delete_user(request);
    case ACTION_VERIFY: return verify(request);
    case ACTION_LIST: return list(request);
    }
    return usage();
}

/* With stderr closed, the password file would be opened as descriptor 2, and get
 * the messages. The wrong direction makes reading and writing fail, as closed. */
static bool fill_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        int direction = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", direction) != fd) return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    request_t request = {.action = ACTION_SET};
    if (!fill_descriptors()) return PASSWD_NO_FILE;
    /* A file that is over its limit is an error to report, not a death. */
    signal(SIGXFSZ, SIG_IGN);
    passwd_exit_t result = read_request(argc, argv, &request);
    if (result == PASSWD_OK) result = perform(&request);
    crypto_close();
    return (int)result;
}
