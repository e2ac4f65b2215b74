/* A line of a password file, and a whole file of such lines. */
#include "fuzz.h"

#include <apr_general.h>

#include "../../lib/creds/file/creds_table.h"
#include "../../lib/creds/file/creds_line.h"

static void parse_lines(const char *text, size_t size)
{
    static creds_line_t line;
    creds_line_kind_t kind = creds_line_parse(text, size, &line);
    REQUIRE((kind == CREDS_LINE_BAD) == (line.why != NULL));
    if (kind == CREDS_LINE_ENTRY) REQUIRE(creds_name_check(line.name) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static apr_pool_t *pool;
    creds_table_t *table = NULL;
    creds_account_t account;
    if (!pool) {
        apr_initialize();
        apr_pool_create(&pool, NULL);
    }
    parse_lines((const char *)data, size);
    const char *why = creds_table_parse(pool, "fuzz", (const char *)data, size, &table);
    if (!why) (void)creds_table_find(table, "alice", &account);
    apr_pool_clear(pool);
    return 0;
}
