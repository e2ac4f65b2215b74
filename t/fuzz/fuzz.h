/* fuzz.h - a fuzz target is one function over bytes.
 *
 * Built with clang -fsanitize=fuzzer it is a fuzzer (make fuzz); built with
 * any compiler and replay.c it runs the files it is given (make test).
 */
#ifndef NTLM_FUZZ_H
#define NTLM_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void require(bool holds, const char *condition, const char *file, int line)
{
    if (holds) return;
    fprintf(stderr, "# %s:%d: does not hold: %s\n", file, line, condition);
    abort();
}

/* What must hold, in any build. */
#define REQUIRE(condition) require((condition), #condition, __FILE__, __LINE__)

#endif
