/* dump_input.h - what ntlmdump is given: texts, messages, passwords.
 */
#ifndef NTLM_DUMP_INPUT_H
#define NTLM_DUMP_INPUT_H

#include "../lib/explain/tokens.h"
#include "../lib/ntlm/flags.h"
#include "dump_exit.h"

enum {
    INPUT_MAX = 16 << 20,
    PASSWORD_UNITS = 256,
    PASSWORD_ROOM = 3 * PASSWORD_UNITS + 2 /* in UTF-8, and what ends a line */
};

/* All of a file, INPUT_MAX bytes at the most; in *memory, which the caller frees. "-" is stdin. */
dump_exit_t input_file(const char *path, uint8_t **memory, size_t *len);

/* The one message that an option holds, decoded into room: hex digits, base64, or
 * anything in which tokens_next() finds it. option: its name, for complaints. */
dump_exit_t input_message(const char *option, const char *text, uint8_t room[TOKEN_MAX],
                          bytes_t *message);

/* Hex digits for room[size]; out is what is filled of it. */
dump_exit_t input_hex(const char *option, const char *text, uint8_t *room, size_t size,
                      bytes_t *out);

/* A password, UTF-8, and its NT hash; "-" reads it from stdin, one line. Secrets:
 * the caller wipes them, and the text. */
dump_exit_t input_password(const char *text, char password[PASSWORD_ROOM],
                           uint8_t nt_hash[NTLM_KEY_LEN]);

#endif
