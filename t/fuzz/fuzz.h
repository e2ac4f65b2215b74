/* fuzz.h - a fuzz target is one function over bytes.
 *
 * Built with clang -fsanitize=fuzzer it is a fuzzer (make fuzz); built with
 * any compiler and replay.c it runs the files it is given (make test).
 */
#ifndef NTLM_FUZZ_H
#define NTLM_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold, in any build. */
#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition)) abort();                                                                 \
    } while (0)

#endif
