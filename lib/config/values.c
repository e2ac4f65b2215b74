#include "values.h"

#include <string.h>

#include <apr_strings.h>

#include <httpd.h>

#include "../ntlm/claim.h"
#include "../ntlm/unicode.h"
#include "intern.h"
#include "names.h"

/* ---- lists of names ---- */

static const char *check_listed(apr_pool_t *pool, const char *name, int argc,
                                const config_member_t *member)
{
    if (strcmp(name, "*") == 0)
        return argc == 1 ? NULL
                         : apr_psprintf(pool, "'*' means any %s; leave it out, or write it alone",
                                        member->noun);
    if (*name == '\0' || strlen(name) > NTLM_DOMAIN_MAX || !unicode_is_name(name) ||
        strpbrk(name, "\\/@* "))
        return apr_psprintf(pool, "'%s' is not a %s name; write for example %s, or *", name,
                            member->noun, member->example);
    return NULL;
}

const char *value_list(apr_pool_t *pool, int argc, char *const argv[],
                       const config_member_t *member, void *value)
{
    const config_list_t **list = value;
    const char *text = apr_pstrcat(pool, "list of each ", member->noun, NULL);
    const char *why =
        argc > 0 ? NULL : apr_pstrcat(pool, "name at least one ", member->noun, ", or *", NULL);
    const char **names = apr_pcalloc(pool, (apr_size_t)(argc + 1) * sizeof *names);
    for (int i = 0; i < argc && !why; i++) {
        why = check_listed(pool, argv[i], argc, member);
        for (int j = 0; j < i && !why; j++)
            if (unicode_casecmp(argv[i], argv[j]) == 0)
                why = apr_psprintf(pool, "'%s' is named twice; once is enough", argv[i]);
        names[i] = argv[i];
        text = apr_pstrcat(pool, text, "\n", argv[i], NULL);
    }
    if (why || (*list = intern_find(pool, text)) != NULL) return why;
    config_list_t *made = apr_pcalloc(pool, sizeof *made);
    made->any = strcmp(argv[0], "*") == 0;
    made->names = names;
    *list = intern_keep(pool, text, made);
    return NULL;
}

/* ---- words ---- */

static const char *read_word(apr_pool_t *pool, const char *text, const char *const *words,
                             void *value)
{
    const char *known = words[1];
    for (int i = 1; words[i]; i++) {
        if (ap_cstr_casecmp(text, words[i]) == 0) {
            memcpy(value, &i, sizeof i);
            return NULL;
        }
        if (i > 1) known = apr_pstrcat(pool, known, words[i + 1] ? ", " : " and ", words[i], NULL);
    }
    return apr_psprintf(pool, "'%s' is none of %s", text, known);
}

const char *value_word(apr_pool_t *pool, int argc, char *const argv[],
                       const config_member_t *member, void *value)
{
    (void)argc;
    return read_word(pool, argv[0], member->words, value);
}

const char *const value_switch[] = {"", [CONFIG_OFF] = "off", [CONFIG_ON] = "on", NULL};
const char *const value_demand[] = {
    "", [CONFIG_DEMAND_OFF] = "off", [CONFIG_DEMAND_ALLOW] = "allow",
    [CONFIG_DEMAND_REQUIRE] = "require", NULL};
const char *const value_proxied[] = {
    "", [CONFIG_PROXIED_REQUEST] = "request", [CONFIG_PROXIED_REFUSE] = "refuse",
    [CONFIG_PROXIED_TRUST] = "trust", NULL};
const char *const value_persistence[] = {
    "", [CONFIG_PERSISTENCE_CONNECTION] = "connection", [CONFIG_PERSISTENCE_REQUEST] = "request",
    NULL};
const char *const value_user_format[] = {"",
                                         [CONFIG_USER_STORE] = "store",
                                         [CONFIG_USER_USER] = "user",
                                         [CONFIG_USER_DOMAIN_USER] = "domain\\user",
                                         [CONFIG_USER_USER_AT_DOMAIN] = "user@domain",
                                         NULL};

/* ---- names of services ---- */

const char *value_services(apr_pool_t *pool, int argc, char *const argv[],
                           const config_member_t *member, void *value)
{
    const config_services_t **services = value;
    config_demand_t demand = CONFIG_DEMAND_NOT_SAID;
    const char *why = read_word(pool, argc > 0 ? argv[0] : "(nothing)", value_demand, &demand);
    const char *text = apr_psprintf(pool, "services %d", (int)demand);
    const char **hosts = apr_pcalloc(pool, ((apr_size_t)argc + 1) * sizeof *hosts);
    (void)member;
    for (int i = 1; i < argc && !why; i++) {
        if (strchr(argv[i], '/'))
            why = apr_psprintf(pool, "'%s': write the host's name alone, without HTTP/", argv[i]);
        else
            why = names_check_dns(pool, argv[i], "web.example.com");
        hosts[i - 1] = argv[i];
        text = apr_pstrcat(pool, text, "\n", argv[i], NULL);
    }
    if (why || (*services = intern_find(pool, text)) != NULL) return why;
    config_services_t *made = apr_pcalloc(pool, sizeof *made);
    *made = (config_services_t){demand, hosts};
    *services = intern_keep(pool, text, made);
    return NULL;
}

/* ---- limits ---- */

enum { FAILURES_MAX = 1000000, SECONDS_MAX = 86400 };
enum { ADDRESS_FACTOR = 10, NET56_FACTOR = 2, NET48_FACTOR = 4 };

static bool read_limit(const char *text, throttle_limit_t *limit)
{
    char *end;
    apr_int64_t failures = apr_strtoi64(text, &end, 10);
    if (end == text || *end != '/') return false;
    const char *behind = end + 1;
    apr_int64_t seconds = apr_strtoi64(behind, &end, 10);
    if (end == behind || *end != '\0') return false;
    if (failures < 1 || failures > FAILURES_MAX || seconds < 1 || seconds > SECONDS_MAX)
        return false;
    *limit = (throttle_limit_t){(unsigned)failures, apr_time_from_sec(seconds)};
    return true;
}

static throttle_limit_t times(unsigned factor, throttle_limit_t limit)
{
    return (throttle_limit_t){factor * limit.failures, limit.window};
}

/* NAME=FAILURES/SECONDS, each name once. */
static bool read_named_limit(const char *text, throttle_limit_t limits[THROTTLE_KINDS])
{
    static const char *const keys[THROTTLE_KINDS] = {
        [THROTTLE_ADDRESS] = "address=", [THROTTLE_NET56] = "net56=", [THROTTLE_NET48] = "net48="};
    for (int i = THROTTLE_ADDRESS; i < THROTTLE_KINDS; i++) {
        size_t len = strlen(keys[i]);
        if (ap_cstr_casecmpn(text, keys[i], len) != 0) continue;
        return limits[i].failures == 0 && read_limit(text + len, &limits[i]);
    }
    return false;
}

static bool read_limits(int argc, char *const argv[], throttle_limit_t limits[THROTTLE_KINDS])
{
    if (argc < 1 || !read_limit(argv[0], &limits[THROTTLE_USER])) return false;
    for (int i = 1; i < argc; i++)
        if (!read_named_limit(argv[i], limits)) return false;
    if (limits[THROTTLE_ADDRESS].failures == 0)
        limits[THROTTLE_ADDRESS] = times(ADDRESS_FACTOR, limits[THROTTLE_USER]);
    if (limits[THROTTLE_NET56].failures == 0)
        limits[THROTTLE_NET56] = times(NET56_FACTOR, limits[THROTTLE_ADDRESS]);
    if (limits[THROTTLE_NET48].failures == 0)
        limits[THROTTLE_NET48] = times(NET48_FACTOR, limits[THROTTLE_ADDRESS]);
    return true;
}

const char *value_throttle(apr_pool_t *pool, int argc, char *const argv[],
                           const config_member_t *member, void *value)
{
    const throttle_limits_t **throttle = value;
    throttle_limits_t read = {{{0, 0}}};
    const char *text = "throttle";
    bool off = argc == 1 && ap_cstr_casecmp(argv[0], "off") == 0;
    (void)member;
    if (!off && !read_limits(argc, argv, read.of))
        return "write failures and seconds (up to 1000000 and 86400), for example 10/300, "
               "address=100/300, net56=200/300 and net48=400/300 behind it, or off";
    for (int i = 0; i < THROTTLE_KINDS; i++)
        text = apr_psprintf(pool, "%s %u/%" APR_TIME_T_FMT, text, read.of[i].failures,
                            read.of[i].window);
    *throttle = intern_find(pool, text);
    if (!*throttle) *throttle = intern_keep(pool, text, apr_pmemdup(pool, &read, sizeof read));
    return NULL;
}

/* ---- times ---- */

const char *value_seconds(apr_pool_t *pool, int argc, char *const argv[],
                          const config_member_t *member, void *value)
{
    apr_interval_time_t *interval = value;
    char *end;
    apr_int64_t seconds = apr_strtoi64(argv[0], &end, 10);
    (void)argc;
    if (*argv[0] == '\0' || *end != '\0' || seconds < 1 || seconds > member->most)
        return apr_psprintf(pool, "'%s' is not a number of seconds from 1 to %d", argv[0],
                            member->most);
    *interval = apr_time_from_sec(seconds);
    return NULL;
}

const char *value_lifetime(apr_pool_t *pool, int argc, char *const argv[],
                           const config_member_t *member, void *value)
{
    apr_interval_time_t *interval = value;
    if (ap_cstr_casecmp(argv[0], "off") == 0) {
        *interval = CONFIG_FOR_EVER;
        return NULL;
    }
    const char *why = value_seconds(pool, argc, argv, member, value);
    return why ? apr_pstrcat(pool, why, ", or off", NULL) : NULL;
}
