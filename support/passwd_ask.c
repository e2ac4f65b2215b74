#include "passwd_ask.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include "../lib/ntlm/crypto.h"
#include "../lib/ntlm/response.h"
#include "../lib/ntlm/unicode.h"

/* A UTF-16 unit takes 3 bytes of UTF-8 at the most; then "\r", and a NUL. */
enum { LINE_CAP = 3 * PASSWORD_UNITS_MAX + 2 };

/* Set by the signals that are caught at the prompt. */
static volatile sig_atomic_t interrupted;

/* ---- one line ---- */

/* Gives 1 for a byte, 0 at the end, -1 for an error (errno). */
typedef int (*next_byte_t)(void *from, char *byte);

static passwd_exit_t too_long(void)
{
    warnx("the password is too long; %d characters are the most", PASSWORD_UNITS_MAX);
    return PASSWD_TOO_LONG;
}

/* Byte by byte: no copy of the password stays in a stdio buffer. */
static passwd_exit_t read_line(next_byte_t next, void *from, char line[LINE_CAP])
{
    char byte = '\0';
    size_t len = 0;
    int got;
    while ((got = next(from, &byte)) > 0 && byte != '\n') {
        if (byte == '\0') {
            warnx("the password holds a NUL byte");
            return PASSWD_USAGE;
        }
        if (len == LINE_CAP - 1) return too_long();
        line[len++] = byte;
    }
    if (interrupted) return PASSWD_INTERRUPTED;
    if (got < 0) {
        warn("cannot read the password");
        return PASSWD_NO_FILE;
    }
    if (got > 0 && len > 0 && line[len - 1] == '\r') len--;
    line[len] = '\0';
    return PASSWD_OK;
}

static int next_of_stdin(void *unused, char *byte)
{
    ssize_t got;
    (void)unused;
    do got = read(STDIN_FILENO, byte, 1);
    while (got < 0 && errno == EINTR);
    return (int)got;
}

/* ---- the terminal ---- */

static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
enum { CAUGHT_COUNT = sizeof caught / sizeof caught[0] };

typedef struct terminal_t {
    int fd;
    struct termios was;
    struct sigaction actions[CAUGHT_COUNT];
    sigset_t mask; /* of the process before, and while waiting for a key */
} terminal_t;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

/* The signals are blocked but for the time in pselect(), so that none comes
 * between looking for one and waiting. Ctrl-Z would leave the echo off. */
static void catch_signals(terminal_t *terminal)
{
    sigset_t blocked;
    sigemptyset(&blocked);
    for (size_t i = 0; i < CAUGHT_COUNT; i++) sigaddset(&blocked, caught[i]);
    sigprocmask(SIG_BLOCK, &blocked, &terminal->mask);
    for (size_t i = 0; i < CAUGHT_COUNT; i++) {
        struct sigaction action = {.sa_handler = caught[i] == SIGTSTP ? SIG_IGN : on_signal};
        sigaction(caught[i], &action, &terminal->actions[i]);
    }
}

static void release_signals(const terminal_t *terminal)
{
    for (size_t i = 0; i < CAUGHT_COUNT; i++) sigaction(caught[i], &terminal->actions[i], NULL);
    sigprocmask(SIG_SETMASK, &terminal->mask, NULL);
}

static bool echo_off(terminal_t *terminal)
{
    if (tcgetattr(terminal->fd, &terminal->was) != 0) return false;
    struct termios silent = terminal->was;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
    silent.c_lflag |= ICANON | ISIG;
    return tcsetattr(terminal->fd, TCSAFLUSH, &silent) == 0;
}

static passwd_exit_t open_terminal(terminal_t *terminal)
{
    terminal->fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (terminal->fd < 0 || terminal->fd >= FD_SETSIZE) {
        warnx("there is no terminal to ask for the password; use -i to give it on stdin");
        if (terminal->fd >= 0) close(terminal->fd);
        return PASSWD_NO_FILE;
    }
    catch_signals(terminal);
    if (echo_off(terminal)) return PASSWD_OK;
    warn("cannot turn off the terminal's echo");
    release_signals(terminal);
    close(terminal->fd);
    return PASSWD_NO_FILE;
}

static void close_terminal(const terminal_t *terminal)
{
    tcsetattr(terminal->fd, TCSAFLUSH, &terminal->was);
    release_signals(terminal);
    close(terminal->fd);
}

static int next_of_terminal(void *from, char *byte)
{
    const terminal_t *terminal = from;
    fd_set readable;
    int ready;
    do {
        FD_ZERO(&readable);
        FD_SET(terminal->fd, &readable);
        ready = pselect(terminal->fd + 1, &readable, NULL, NULL, NULL, &terminal->mask);
    } while (ready < 0 && errno == EINTR && !interrupted);
    return ready < 0 ? -1 : (int)read(terminal->fd, byte, 1);
}

static void show(const terminal_t *terminal, const char *text)
{
    /* A prompt that cannot be shown is no reason not to read the answer. */
    ssize_t ignored = write(terminal->fd, text, strlen(text));
    (void)ignored;
}

static passwd_exit_t prompt(terminal_t *terminal, const char *text, char line[LINE_CAP])
{
    show(terminal, text);
    passwd_exit_t result = read_line(next_of_terminal, terminal, line);
    show(terminal, "\n");
    return result;
}

/* ---- the hash ---- */

static passwd_exit_t hash_utf16(bytes_t utf16, uint8_t nt_hash[NTLM_KEY_LEN])
{
    if (ntowfv1(utf16, nt_hash)) return PASSWD_OK;
    warnx("OpenSSL cannot compute the NT hash");
    return PASSWD_NO_FILE;
}

static passwd_exit_t hash_line(const char *line, uint8_t nt_hash[NTLM_KEY_LEN])
{
    uint8_t wide[2 * PASSWORD_UNITS_MAX];
    writer_t out = writer_to(wide, sizeof wide);
    passwd_exit_t result = PASSWD_USAGE;
    if (line[0] == '\0')
        warnx("the password is empty; an account with a blank password never logs in");
    else if (unicode_write_utf8(&out, line))
        result = hash_utf16(written(&out), nt_hash);
    else if (out.overflow)
        result = too_long();
    else
        warnx("the password is not valid UTF-8");
    secret_wipe(wide, sizeof wide);
    return result;
}

/* ---- asking ---- */

static passwd_exit_t ask_stdin(uint8_t nt_hash[NTLM_KEY_LEN])
{
    char line[LINE_CAP];
    passwd_exit_t result = read_line(next_of_stdin, NULL, line);
    if (result == PASSWD_OK) result = hash_line(line, nt_hash);
    secret_wipe(line, sizeof line);
    return result;
}

static passwd_exit_t ask_again(terminal_t *terminal, const char *first)
{
    char line[LINE_CAP];
    passwd_exit_t result = prompt(terminal, "Re-type new password: ", line);
    if (result == PASSWD_OK && strcmp(first, line) != 0) {
        warnx("the two passwords differ; nothing was changed");
        result = PASSWD_WRONG;
    }
    secret_wipe(line, sizeof line);
    return result;
}

static passwd_exit_t ask_terminal(password_from_t from, uint8_t nt_hash[NTLM_KEY_LEN])
{
    static const char *const prompts[] = {[PASSWORD_TYPED] = "Enter password: ",
                                          [PASSWORD_TYPED_OLD] = "Old password: ",
                                          [PASSWORD_TYPED_TWICE] = "New password: "};
    bool twice = from == PASSWORD_TYPED_TWICE;
    char line[LINE_CAP];
    terminal_t terminal;
    passwd_exit_t result = open_terminal(&terminal);
    if (result != PASSWD_OK) return result;
    result = prompt(&terminal, prompts[from], line);
    if (result == PASSWD_OK) result = hash_line(line, nt_hash);
    if (result == PASSWD_OK && twice) result = ask_again(&terminal, line);
    close_terminal(&terminal);
    secret_wipe(line, sizeof line);
    if (result == PASSWD_INTERRUPTED) warnx("interrupted; nothing was changed");
    return result;
}

passwd_exit_t password_ask(password_from_t from, uint8_t nt_hash[NTLM_KEY_LEN])
{
    const char *why = crypto_open();
    if (why) {
        warnx("%s", why);
        return PASSWD_NO_FILE;
    }
    if (from == PASSWORD_FROM_STDIN) return ask_stdin(nt_hash);
    return ask_terminal(from, nt_hash);
}
