/* unit.h - what every unit test needs. One group of tests a program, TAP out. */
#ifndef NTLM_UNIT_H
#define NTLM_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#include <cmocka.h>

#include "../../lib/ntlm/crypto.h"
#include "../../lib/ntlm/wire.h"

/* Bytes from hex digits, in memory of exactly their size, so that a sanitizer
 * sees a read beyond them. Freed at the end of the program by forget_hex(). */
static void *hex_memory[4096];
static size_t hex_count;

static unsigned hex_digit(char digit)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *found = digit ? strchr(digits, digit) : NULL;
    if (!found) fail_msg("not a hex digit: '%c'", digit);
    return found ? (unsigned)(found - digits) % 16 : 0;
}

static bytes_t hex(const char *digits)
{
    size_t len = strlen(digits) / 2;
    uint8_t *bytes = malloc(len ? len : 1);
    if (!bytes || hex_count >= sizeof hex_memory / sizeof *hex_memory) abort();
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)(hex_digit(digits[2 * i]) << 4 | hex_digit(digits[2 * i + 1]));
    hex_memory[hex_count++] = bytes;
    return (bytes_t){bytes, len};
}

static int forget_hex(void **state)
{
    (void)state;
    while (hex_count > 0) free(hex_memory[--hex_count]);
    crypto_close();
    return 0;
}

static int open_crypto(void **state)
{
    (void)state;
    const char *why = crypto_open();
    if (why) print_error("%s\n", why);
    return why ? -1 : 0;
}

#define assert_bytes(actual, digits)                                                               \
    do {                                                                                           \
        bytes_t expected_ = hex(digits), actual_ = (actual);                                       \
        assert_int_equal(actual_.len, expected_.len);                                              \
        if (expected_.len) assert_memory_equal(actual_.data, expected_.data, expected_.len);       \
    } while (0)

#define assert_key(actual, digits) assert_bytes(((bytes_t){(actual), 16}), digits)

/* A refusal is the sentence that says why. */
#define assert_refusal(why, sentence)                                                              \
    do {                                                                                           \
        const char *why_ = (why);                                                                  \
        assert_non_null(why_);                                                                     \
        assert_string_equal(why_, sentence);                                                       \
    } while (0)

/* Ends a process that a test has forked: well, or not. What threads have that did not come along is
 * no leak of its own, and valgrind is not asked. */
static inline void leave(bool well)
{
    execl(well ? "/bin/true" : "/bin/false", "child", (char *)NULL);
    _exit(2);
}

/* All of them, or the one that NTLM_UNIT_TEST names; forget_everything is for the end. */
#define RUN_GROUP_AND(tests, forget_everything)                                                    \
    (cmocka_set_test_filter(getenv("NTLM_UNIT_TEST")),                                             \
     cmocka_run_group_tests(tests, open_crypto, forget_everything))
#define RUN_GROUP(tests) RUN_GROUP_AND(tests, forget_hex)

#endif
