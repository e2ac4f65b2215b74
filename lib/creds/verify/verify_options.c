#include "verify_options.h"

#include <string.h>

#include <apr_strings.h>

enum { WRONG_MAX = 999, WINDOW_MAX = 604800, THREADS_MAX = 64, TIMEOUT_MAX = 60, BASIC_MAX = 3600 };

const creds_option_t verify_options[] = {
    {.name = "lockout",
     .fallback = "3/1800",
     .help = "lockout= takes WRONG/SECONDS (after so many wrong passwords of an account, from "
             "wherever they come, the controller is not asked about it), or off; write fewer than "
             "lock an account there, for example lockout=3/1800"},
    {.name = "computers",
     .fallback = "off",
     .kind = CREDS_SWITCH,
     .help = "computers= takes on (accounts of computers may log in) or off"},
    {.name = "basic-cache",
     .fallback = "60",
     .help = "basic-cache= takes the seconds, up to 3600, for which a password that came by Basic "
             "need not be asked about again, or off; write for example basic-cache=60"},
    {.name = "timeout",
     .fallback = "5",
     .kind = CREDS_SECONDS,
     .most = TIMEOUT_MAX,
     .help = "timeout= takes the seconds, from 1 to 60, after which a controller that answers "
             "nobody is given up; write for example timeout=5"},
    {.name = "threads",
     .fallback = "8",
     .help = "threads= takes how many questions each process of httpd may ask at once, from 1 to "
             "64; write for example threads=8"},
    {.name = NULL},
};

/* A whole number from 1 to most, and nothing behind it but what *end may begin with; or 0. */
static unsigned number(const char *text, const char **end, unsigned most)
{
    const size_t len = strspn(text, "0123456789");
    *end = text + len;
    if (len == 0 || len > 6) return 0;
    const apr_int64_t value = apr_strtoi64(text, NULL, 10);
    return value <= most ? (unsigned)value : 0;
}

static bool read_lockout(const char *text, tries_limit_t *limit)
{
    const char *end;
    *limit = (tries_limit_t){0};
    if (strcmp(text, "off") == 0) return true;
    limit->wrong = number(text, &end, WRONG_MAX);
    if (limit->wrong == 0 || *end != '/') return false;
    limit->window = apr_time_from_sec(number(end + 1, &end, WINDOW_MAX));
    return limit->window > 0 && *end == '\0';
}

static bool read_basic(const char *text, apr_interval_time_t *lifetime)
{
    const char *end = "";
    *lifetime = 0;
    if (strcmp(text, "off") == 0) return true;
    *lifetime = apr_time_from_sec(number(text, &end, BASIC_MAX));
    return *lifetime > 0 && *end == '\0';
}

static bool read_threads(const char *text, int *threads)
{
    const char *end;
    *threads = (int)number(text, &end, THREADS_MAX);
    return *threads > 0 && *end == '\0';
}

static const char *help_of(const char *name)
{
    const creds_option_t *option = verify_options;
    while (strcmp(option->name, name) != 0) option++;
    return option->help;
}

static bool is_ours(const char *name)
{
    for (const creds_option_t *option = verify_options; option->name; option++)
        if (strcmp(option->name, name) == 0) return true;
    return false;
}

const char *verify_options_read(apr_pool_t *pool, const char *backend, const apr_table_t *given,
                                verify_options_t *options, apr_table_t **others)
{
    const apr_array_header_t *all = apr_table_elts(given);
    apr_table_t *ours = apr_table_make(pool, 5);
    *others = apr_table_make(pool, 5);
    for (int i = 0; i < all->nelts; i++) {
        const apr_table_entry_t *option = &APR_ARRAY_IDX(all, i, apr_table_entry_t);
        apr_table_setn(is_ours(option->key) ? ours : *others, option->key, option->val);
    }
    const char *why = creds_options_check(pool, backend, verify_options, ours);
    if (why) return why;
    options->computers = creds_option_is_on(verify_options, ours, "computers");
    options->timeout = creds_option_time(verify_options, ours, "timeout");
    if (options->timeout == 0) return help_of("timeout");
    if (!read_lockout(creds_option(verify_options, ours, "lockout"), &options->lockout))
        return help_of("lockout");
    if (!read_basic(creds_option(verify_options, ours, "basic-cache"), &options->basic))
        return help_of("basic-cache");
    return read_threads(creds_option(verify_options, ours, "threads"), &options->threads)
               ? NULL
               : help_of("threads");
}
