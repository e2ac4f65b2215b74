#include "watch.h"

#include <string.h>

#include <apr_strings.h>

#include "bench.h"

static const char prefix[] = "ntlm: ";

/* The value of a field, "NAME=" or "NAME=VALUE"; values with blanks are in quotes. */
static const char *field(apr_pool_t *pool, const char *line, const char *name)
{
    const char *at = strstr(line, name);
    if (!at) return "";
    at += strlen(name);
    const char *value = *at == '"' ? apr_pstrndup(pool, at + 1, strcspn(at + 1, "\""))
                                   : apr_pstrndup(pool, at, strcspn(at, " "));
    return strcmp(value, "-") == 0 ? "" : value;
}

/* What follows the code in parentheses. httpd writes each backslash twice. */
static const char *detail_of(apr_pool_t *pool, const char *line)
{
    const char *at = strstr(line, " (0x");
    at = at ? strstr(at, "): ") : NULL;
    if (!at) return "";
    char *text = apr_pstrdup(pool, at + 3), *end = text;
    for (const char *c = text; *c; c++) {
        *end++ = *c;
        if (c[0] == '\\' && c[1] == '\\') c++;
    }
    *end = '\0';
    return text;
}

void watch_line(const ap_errorlog_info *info, const char *line)
{
    bench_t *bench = info->r ? bench_of(info->r) : NULL;
    record_t *record = bench ? bench->record : NULL;
    if (!record || strncmp(line, prefix, sizeof prefix - 1) != 0) return;
    const char *status = line + sizeof prefix - 1;
    record->status = apr_pstrndup(record->pool, status, strcspn(status, ":"));
    record->detail = detail_of(record->pool, line);
    record->mic = field(record->pool, line, " mic=");
    record->binding = field(record->pool, line, " binding=");
    record->service = field(record->pool, line, " service=");
    if (strcmp(record->status, "ok") == 0)
        record->user = apr_pstrdup(
            record->pool, info->r->user ? info->r->user : field(record->pool, line, " user="));
}
