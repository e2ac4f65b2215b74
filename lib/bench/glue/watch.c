#include "watch.h"

#include <stdlib.h>
#include <string.h>

#include <apr_lib.h>
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

/* httpd writes each backslash twice. */
static char *with_single_backslashes(char *text)
{
    char *end = text;
    for (const char *c = text; *c; c++) {
        *end++ = *c;
        if (c[0] == '\\' && c[1] == '\\') c++;
    }
    *end = '\0';
    return text;
}

/* The name itself: what is not ASCII is \xNN in the log, behind a backslash of httpd's. */
static const char *user_of(apr_pool_t *pool, const char *line)
{
    char *text = with_single_backslashes(apr_pstrdup(pool, field(pool, line, " user="))),
         *end = text;
    for (const char *c = text; *c; c++) {
        *end = *c;
        if (c[0] == '\\' && c[1] == 'x' && apr_isxdigit(c[2]) && apr_isxdigit(c[3])) {
            const char digits[] = {c[2], c[3], '\0'};
            *end = (char)strtol(digits, NULL, 16);
            c += 3;
        }
        end++;
    }
    *end = '\0';
    return text;
}

/* What follows the code in parentheses. */
static const char *detail_of(apr_pool_t *pool, const char *line)
{
    const char *at = strstr(line, " (0x");
    at = at ? strstr(at, "): ") : NULL;
    return at ? with_single_backslashes(apr_pstrdup(pool, at + 3)) : "";
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
        record->user =
            apr_pstrdup(record->pool, info->r->user ? info->r->user : user_of(record->pool, line));
}
