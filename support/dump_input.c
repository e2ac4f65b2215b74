#include "dump_input.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/explain/encoding.h"
#include "../lib/ntlm/crypto.h"
#include "../lib/ntlm/response.h"
#include "../lib/ntlm/unicode.h"

/* ---- files ---- */

static ssize_t read_some(int file, void *data, size_t size)
{
    ssize_t got;
    do got = read(file, data, size);
    while (got < 0 && errno == EINTR);
    return got;
}

static dump_exit_t read_all(int file, const char *name, uint8_t **memory, size_t *len)
{
    size_t size = 0;
    ssize_t got = 1;
    while (got > 0 && *len <= INPUT_MAX) {
        if (*len == size) {
            size = size ? 2 * size : TOKEN_MAX;
            uint8_t *more = realloc(*memory, size);
            if (!more) err(DUMP_UNUSABLE, "%s", name);
            *memory = more;
        }
        got = read_some(file, *memory + *len, size - *len);
        if (got > 0) *len += (size_t)got;
    }
    if (got == 0) return DUMP_OK;
    if (got < 0)
        warn("cannot read %s", name);
    else
        warnx("%s has more than %d bytes", name, INPUT_MAX);
    return DUMP_UNUSABLE;
}

dump_exit_t input_file(const char *path, uint8_t **memory, size_t *len)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int file = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    *memory = NULL;
    *len = 0;
    if (file < 0) {
        warn("cannot open %s", path);
        return DUMP_UNUSABLE;
    }
    dump_exit_t result = read_all(file, is_stdin ? "stdin" : path, memory, len);
    if (!is_stdin) (void)close(file);
    return result;
}

/* ---- messages ---- */

static dump_exit_t complain(const char *option, const char *why)
{
    warnx("%s: %s", option, why);
    return DUMP_UNUSABLE;
}

static const char *unwrapped(const unwrapped_t *contents, uint8_t *room, bytes_t *message)
{
    if (contents->why) return contents->why;
    memmove(room, contents->message.data, contents->message.len);
    *message = (bytes_t){room, contents->message.len};
    return NULL;
}

/* Bytes by themselves need not be an NTLM message: to say so is the acceptor's. */
static const char *take_bytes(uint8_t *room, bytes_t bytes, bytes_t *message)
{
    unwrapped_t contents = unwrap(bytes);
    *message = bytes;
    return contents.wrapping || contents.mech ? unwrapped(&contents, room, message) : NULL;
}

static const char *find_message(bytes_t text, uint8_t *room, bytes_t *message)
{
    static tokens_t tokens;
    token_t token;
    const char *why = "there is no NTLM message in it";
    size_t found = 0;
    tokens_over(&tokens, text);
    while (tokens_next(&tokens, &token)) {
        why = unwrapped(&token.contents, room, message);
        if (++found > 1) return "it has more than one message";
    }
    if (found == 0 && tokens.hint) why = tokens.hint;
    return why;
}

dump_exit_t input_message(const char *option, const char *text, uint8_t room[TOKEN_MAX],
                          bytes_t *message)
{
    writer_t out = writer_to(room, TOKEN_MAX);
    const char *not_hex = decode_hex(bytes_of(text), &out);
    if (out.overflow) return complain(option, not_hex);
    if (!not_hex) {
        const char *why = take_bytes(room, written(&out), message);
        return why ? complain(option, why) : DUMP_OK;
    }
    const char *why = find_message(bytes_of(text), room, message);
    if (why && is_hex_text(bytes_of(text))) why = not_hex;
    return why ? complain(option, why) : DUMP_OK;
}

dump_exit_t input_hex(const char *option, const char *text, uint8_t *room, size_t size,
                      bytes_t *out)
{
    writer_t to = writer_to(room, size);
    const char *why = decode_hex(bytes_of(text), &to);
    *out = written(&to);
    if (to.overflow) why = "it is too long";
    return why ? complain(option, why) : DUMP_OK;
}

/* ---- passwords ---- */

/* Byte by byte: no copy of the password stays in a stdio buffer. */
static dump_exit_t read_password(char *line, size_t size)
{
    size_t len = 0;
    ssize_t got;
    while ((got = read_some(STDIN_FILENO, line + len, 1)) > 0 && line[len] != '\n') {
        if (line[len] == '\0') return complain("--password", "it holds a NUL byte");
        if (++len == size) return complain("--password", "it is too long");
    }
    if (got < 0) {
        warn("cannot read the password");
        return DUMP_UNUSABLE;
    }
    if (got > 0 && len > 0 && line[len - 1] == '\r') len--;
    line[len] = '\0';
    return DUMP_OK;
}

static dump_exit_t hash_password(const char *text, uint8_t nt_hash[NTLM_KEY_LEN])
{
    uint8_t wide[2 * PASSWORD_UNITS];
    writer_t out = writer_to(wide, sizeof wide);
    dump_exit_t result = DUMP_OK;
    if (!unicode_write_utf8(&out, text))
        result = complain("--password", out.overflow ? "it is too long" : "it is not valid UTF-8");
    else if (!ntowfv1(written(&out), nt_hash))
        result = complain("--password", "OpenSSL cannot compute its NT hash");
    secret_wipe(wide, sizeof wide);
    return result;
}

dump_exit_t input_password(const char *text, char password[PASSWORD_ROOM],
                           uint8_t nt_hash[NTLM_KEY_LEN])
{
    dump_exit_t result = DUMP_OK;
    if (strcmp(text, "-") == 0)
        result = read_password(password, PASSWORD_ROOM);
    else if (strlen(text) < PASSWORD_ROOM)
        memcpy(password, text, strlen(text) + 1);
    else
        result = complain("--password", "it is too long");
    return result == DUMP_OK ? hash_password(password, nt_hash) : result;
}
