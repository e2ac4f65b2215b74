/* Any text as a value in a log line: a strict reader finds in it what was written. */
#include "fuzz.h"

#include <apr_general.h>

#include "../../lib/accesslog/escaped.h"
#include "../../lib/http/shown.h"
#include "../unit/strict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = NULL;
    REQUIRE(apr_initialize() == APR_SUCCESS && apr_pool_create(&pool, NULL) == APR_SUCCESS);
    char *text = malloc(size + 1), *read = malloc(3 * size + 8), *meant = malloc(3 * size + 8);
    REQUIRE(text && read && meant);
    if (size) memcpy(text, data, size);
    text[size] = '\0';
    strict_replaced(shown_text(pool, text, ESCAPED_MOST), meant);
    REQUIRE(strict_json_string(escaped_json(pool, text), read));
    REQUIRE(strcmp(read, meant) == 0);
    REQUIRE(strict_w3c_value(escaped_w3c(pool, text)));
    free(text);
    free(read);
    free(meant);
    apr_pool_destroy(pool);
    apr_terminate();
    return 0;
}
