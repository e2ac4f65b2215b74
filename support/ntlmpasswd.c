/* ntlmpasswd - makes and changes the password files of mod_auth_ntlmv2, much as
 * htpasswd does for basic authentication. See ntlmpasswd.1.
 */
#include <err.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../lib/ntlm/crypto.h"
#include "passwd_actions.h"

enum { OPTION_HASH = 0x200, OPTION_COMPUTERS, OPTION_YES };

/* ---- what the user wants ---- */

static passwd_exit_t usage(void)
{
    fputs("usage: ntlmpasswd [-c] [-i | --hash HEX] FILE USER   add USER or change the password\n"
          "       ntlmpasswd -n [-i | --hash HEX] [FILE] USER   print the line instead\n"
          "       ntlmpasswd -v [-i] FILE USER                  verify the password\n"
          "       ntlmpasswd -D | -d | -e FILE USER             delete, disable, enable USER\n"
          "       ntlmpasswd -l FILE                            list the users\n"
          "       ntlmpasswd [-c] --import FILE2 FILE           add or update all users of FILE2\n"
          "       ntlmpasswd [-c] [--yes] --sync FILE INPUT     FILE holds what INPUT holds\n"
          "       ntlmpasswd --change FILE USER                 for USER, who knows the old one\n"
          "  -c      create FILE; one that is there is replaced\n"
          "  -i      read the password from stdin, one line; else it is asked for on the terminal\n"
          "  --hash  the NT hash, 32 hex digits, in place of a password\n"
          "  --yes   --sync may remove more than half of the users\n"
          "  --computers  --import and --sync take accounts of computers (NAME$), too\n"
          "FILE2 and INPUT may hold smbpasswd lines (pdbedit -L -w) and dumps too; - is stdin. "
          "--change\n"
          "reads the old and the new password from stdin, a line each, or asks for them.\n"
          "USER is a name or DOMAIN\\name; case makes no difference.\n",
          stderr);
    return PASSWD_USAGE;
}

static passwd_exit_t take_hash(request_t *request, char *digits)
{
    uint8_t blank[NTLM_KEY_LEN];
    size_t len = strlen(digits);
    smbpasswd_blank(blank);
    bool is_hash =
        hex_read((bytes_t){(const uint8_t *)digits, len}, request->nt_hash, NTLM_KEY_LEN);
    secret_wipe(digits, len); /* the list of processes shows it no longer */
    request->has_hash = true;
    if (!is_hash)
        warnx("the NT hash is not 32 hex digits");
    else if (secret_equal(request->nt_hash, blank, sizeof blank))
        warnx("that is the hash of the empty password; an account with a blank password never "
              "logs in");
    else
        return PASSWD_OK;
    return PASSWD_USAGE;
}

/* From another file. */
static bool takes_accounts(action_t action)
{
    return action == ACTION_IMPORT || action == ACTION_SYNC;
}

static passwd_exit_t take_action(request_t *request, action_t action)
{
    bool with_create = request->action == ACTION_CREATE && takes_accounts(action);
    bool create_too = action == ACTION_CREATE && takes_accounts(request->action);
    if (action == ACTION_CREATE) request->create = true;
    if (create_too) return PASSWD_OK;
    if (request->action != ACTION_SET && request->action != action && !with_create) return usage();
    request->action = action;
    return PASSWD_OK;
}

static passwd_exit_t take_option(request_t *request, int option)
{
    switch (option) {
    case 'b':
        warnx("a password on the command line can be seen by every user of this machine; use -i "
              "and give it on stdin");
        return PASSWD_USAGE;
    case 'i': request->from_stdin = true; return PASSWD_OK;
    case OPTION_HASH:
        if (request->has_hash) return usage();
        return take_hash(request, optarg);
    case ACTION_IMPORT:
        if (request->source) return usage();
        request->source = optarg;
        return take_action(request, ACTION_IMPORT);
    case OPTION_COMPUTERS: request->computers = true; return PASSWD_OK;
    case OPTION_YES: request->yes = true; return PASSWD_OK;
    case '?':
    case 'h': return usage();
    default: return take_action(request, (action_t)option);
    }
}

/* The other options belong to some actions only; -i and --hash never go together. */
static bool options_fit(const request_t *request)
{
    if (request->computers && !takes_accounts(request->action)) return false;
    if (request->yes && request->action != ACTION_SYNC) return false;
    switch (request->action) {
    case ACTION_SET:
    case ACTION_CREATE:
    case ACTION_PRINT: return !(request->from_stdin && request->has_hash);
    case ACTION_VERIFY: return !request->has_hash;
    default: return !request->from_stdin && !request->has_hash;
    }
}

static passwd_exit_t take_names(request_t *request, int count, char *const *names)
{
    bool file_alone = request->action == ACTION_LIST || request->action == ACTION_IMPORT;
    int least = file_alone || request->action == ACTION_PRINT ? 1 : 2;
    int most = file_alone ? 1 : 2;
    if (count < least || count > most || !options_fit(request)) return usage();
    request->file = names[0];
    if (request->action == ACTION_SYNC) request->source = names[1];
    if (file_alone || request->source) return PASSWD_OK;
    request->user = names[count - 1];
    const char *why = creds_name_check(request->user);
    if (!why) return PASSWD_OK;
    warnx("%s", why);
    return PASSWD_NO_USER;
}

static passwd_exit_t read_request(int argc, char **argv, request_t *request)
{
    static const struct option long_options[] = {
        {"hash", required_argument, NULL, OPTION_HASH},
        {"import", required_argument, NULL, ACTION_IMPORT},
        {"sync", no_argument, NULL, ACTION_SYNC},
        {"computers", no_argument, NULL, OPTION_COMPUTERS},
        {"yes", no_argument, NULL, OPTION_YES},
        {"change", no_argument, NULL, ACTION_CHANGE},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;
    opterr = 0;
    /* '+': GNU's getopt would take options behind FILE too, others' would not. */
    while ((option = getopt_long(argc, argv, "+bcinDdevlh", long_options, NULL)) != -1) {
        passwd_exit_t result = take_option(request, option);
        if (result != PASSWD_OK) return result;
        /* A sudo rule may let anybody use --change: nothing goes with it. */
        if (request->action == ACTION_CHANGE && optind != 2) return usage();
    }
    return take_names(request, argc - optind, argv + optind);
}

/* ---- doing it ---- */

static passwd_exit_t perform(const request_t *request)
{
    switch (request->action) {
    case ACTION_SET:
    case ACTION_CREATE: return set_password(request);
    case ACTION_PRINT: return print_line(request);
    case ACTION_DELETE: return delete_user(request);
    case ACTION_DISABLE: return disable_user(request);
    case ACTION_ENABLE: return enable_user(request);
    case ACTION_VERIFY: return verify_password(request);
    case ACTION_LIST: return list_users(request);
    case ACTION_IMPORT:
    case ACTION_SYNC: return import_accounts(request);
    case ACTION_CHANGE: return change_password(request);
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
    secret_wipe(&request, sizeof request);
    crypto_close();
    return (int)result;
}
