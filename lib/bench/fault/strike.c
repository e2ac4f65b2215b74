#include "strike.h"

#include <string.h>

#include <apr_strings.h>

#include "../record/history.h"

bool strike_read_nth(const char *text, unsigned *nth)
{
    enum { DIGITS = 6 };
    *nth = 0;
    if (!text) return true;
    if (strspn(text, "0123456789") != strlen(text) || strlen(text) > DIGITS) return false;
    *nth = (unsigned)apr_atoi64(text);
    return *nth > 0;
}

fault_kind_t strike(apr_pool_t *pool, const fault_t *fault, unsigned with, const char *run,
                    const char *path, unsigned nth)
{
    if (fault->kind == FAULT_NONE || !(fault->with & with)) return FAULT_NONE;
    const char *key = apr_pstrcat(pool, run, "\n", path, NULL);
    return nth == 0 || history_count_visit(key) == nth ? fault->kind : FAULT_NONE;
}
